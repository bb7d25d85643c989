"""Each rule keeps quiet about what keeps it, speaks about what breaks it, and keeps quiet about the nearest case."""

from __future__ import annotations

import re

import pytest

from tests.policies.cases import CASES
from tests.policies.programs import PACK, broken, catalogue, judge, our_pack, rules


@pytest.mark.parametrize("rule", sorted(CASES))
def test_a_program_that_keeps_the_rule_is_let_through(rule: str) -> None:
    case = CASES[rule]
    assert rule not in broken(judge(case.keeps, case.tier)), f"{rule} alarms about what it asks for"


@pytest.mark.parametrize("rule", sorted(CASES))
def test_a_program_that_breaks_the_rule_is_found(rule: str) -> None:
    case = CASES[rule]
    found = [finding for finding in judge(case.breaks, case.tier).findings if finding.id == rule]
    assert found, f"{rule} says nothing about what breaks it"
    for finding in found:
        assert finding.urn, "a person could not find the resource"
        assert finding.position is not None, "a person could not find the line"
        assert finding.message.endswith(".") and finding.remedy, "a person is told what is wrong and what to write"


@pytest.mark.parametrize("rule", sorted(CASES))
def test_the_nearest_case_does_not_alarm(rule: str) -> None:
    case = CASES[rule]
    assert rule not in broken(judge(case.near, case.near_tier)), f"{rule} alarms about what only looks broken"


def test_every_rule_has_its_three_cases() -> None:
    assert set(CASES) == set(catalogue()) == set(rules()), "a rule without cases is a rule that nobody has seen at work"


def test_every_rule_is_described_for_a_person() -> None:
    for entry in catalogue().values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", entry.id), f"{entry.id} is written into exemptions by hand"
        assert entry.title.endswith(".") and entry.rationale.endswith(".") and entry.remedy.endswith("."), entry.id
        assert entry.source.startswith("https://"), f"{entry.id}: nobody can look up why"
        assert entry.severity in ("low", "medium", "high", "critical"), entry.id
        assert entry.enforcement["production"] != "disabled", f"{entry.id} holds nowhere"


def test_no_tier_is_held_to_less_than_the_one_before_it() -> None:
    order = {"disabled": 0, "advisory": 1, "mandatory": 2}
    for entry in catalogue().values():
        levels = [order[entry.enforcement[tier]] for tier in ("development", "staging", "production")]
        assert levels == sorted(levels), f"{entry.id}: production would allow what staging forbids"


def test_a_rule_judges_only_settings_that_its_entry_declares() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (PACK / "rules").glob("*.py"))
    declared = {name for entry in catalogue().values() for name in entry.settings}
    used = set(re.findall(r'settings\.(?:number|text)\("(\w+)"', text)) | set(re.findall(r'widest\("(\w+)"', text))
    used.discard("")
    assert used <= declared | {"dailyDays", "weeklyDays", "monthlyDays"}, "the setting cannot be configured"


def test_what_scanners_call_critical_anywhere_stops_a_preview_in_every_tier() -> None:
    for entry in catalogue().values():
        if entry.severity == "critical" and entry.id not in ("atlas-backup", "stack-protected"):
            assert set(entry.enforcement.values()) == {"mandatory"}, entry.id


def test_policies_have_unique_names_that_pulumi_takes() -> None:
    names = [policy.name for policy in our_pack().policies]
    assert len(names) == len(set(names)), "configuration could not tell them apart"
    assert all(re.fullmatch(r"[a-z0-9-]{1,100}", name) for name in names)
