"""Each policy keeps quiet about what keeps it, speaks about what breaks it, and keeps quiet about the nearest case."""

from __future__ import annotations

import re
from functools import partial

import pulumi
import pytest

from dolmen.policies.framework.policy import TIERS
from dolmen.policies.framework.tables import table
from tests.policies.cases import CASES
from tests.policies.cases.aws_data import SECRET, VERSION
from tests.policies.cases.aws_data import USER as CACHE_USER
from tests.policies.cases.stacks import ROLE_POLICY
from tests.policies.programs import PACK, Program, allow, broken, declared, judge, our_pack, policy


@pytest.mark.parametrize("policy", sorted(CASES))
def test_a_program_that_keeps_the_policy_is_let_through(policy: str) -> None:
    case = CASES[policy]
    assert policy not in broken(judge(case.keeps, case.tier)), f"{policy} alarms about what it asks for"


@pytest.mark.parametrize("policy", sorted(CASES))
def test_a_program_that_breaks_the_policy_is_found(policy: str) -> None:
    case = CASES[policy]
    found = [finding for finding in judge(case.breaks, case.tier).findings if finding.id == policy]
    assert found, f"{policy} says nothing about what breaks it"
    for finding in found:
        assert finding.urn, "a person could not find the resource"
        assert finding.position is not None, "a person could not find the line"
        assert finding.message.endswith(".") and finding.remedy, "a person is told what is wrong and what to write"


@pytest.mark.parametrize("policy", sorted(CASES))
def test_the_nearest_case_does_not_alarm(policy: str) -> None:
    case = CASES[policy]
    assert policy not in broken(judge(case.near, case.near_tier)), f"{policy} alarms about what only looks broken"


def test_every_policy_has_its_three_cases() -> None:
    assert set(CASES) == set(declared()), "a policy without cases is one that nobody has seen at work"


def test_every_policy_is_described_for_a_person() -> None:
    for one in declared().values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", one.id), f"{one.id} is written into the register by hand"
        assert one.title.endswith(".") and one.rationale.endswith(".") and one.remedy.endswith("."), one.id
        assert one.source.startswith("https://"), f"{one.id}: nobody can look up why"
        assert one.severity in ("low", "medium", "high", "critical"), one.id
        assert one.level("production") != "disabled", f"{one.id} holds nowhere"


def test_no_tier_is_held_to_less_than_the_one_before_it() -> None:
    order = {"disabled": 0, "advisory": 1, "mandatory": 2}
    for one in declared().values():
        levels = [order[one.level(tier)] for tier in ("development", "staging", "production")]
        assert levels == sorted(levels), f"{one.id}: production would allow what staging forbids"


def test_a_policy_judges_only_settings_that_its_entry_declares() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in PACK.glob("*.py"))
    known = {name for one in declared().values() for name in one.settings}
    used = set(re.findall(r'settings\.(?:number|text)\("(\w+)"', text)) | set(re.findall(r'widest\("(\w+)"', text))
    used.discard("")
    assert used <= known | {"dailyDays", "weeklyDays", "monthlyDays"}, "the setting cannot be configured"


def test_what_scanners_call_critical_anywhere_stops_a_preview_in_every_tier() -> None:
    for one in declared().values():
        if one.severity == "critical" and one.id not in ("atlas-backup", "stack-protected"):
            assert {one.level(tier) for tier in TIERS} == {"mandatory"}, one.id


def test_every_check_of_a_scanner_stands_with_a_policy_that_exists() -> None:
    unknown = set(table("scanners")["checks"]) - set(declared())
    assert not unknown, f"the reference would leave these rows out: {unknown}"


def test_policies_have_unique_names_that_pulumi_takes() -> None:
    names = [policy.name for policy in our_pack().policies]
    assert len(names) == len(set(names)), "configuration could not tell them apart"
    assert all(re.fullmatch(r"[a-z0-9-]{1,100}", name) for name in names)


def test_a_readers_policy_that_is_known_after_the_deployment_is_not_judged() -> None:
    """With IAM it names the cache user by its ARN, which AWS gives: that is not a login that no role may read."""

    def program(p: Program, *, own: bool) -> None:
        users = [p.add(CACHE_USER, name, userId=name, userName=name, engine="valkey") for name in ("app", "other")]
        kept = p.add(SECRET, "secret", {"protect": True}, name="app/database")
        p.add(VERSION, "version", secretId=kept.id, secretString=pulumi.Output.secret(users[0].id))
        document = users[0 if own else 1].id.apply(lambda known: policy(allow("elasticache:Connect", known)))
        p.add(ROLE_POLICY, "reader", role="app", policy=document)

    own, others = (judge(partial(program, own=one)) for one in (True, False))
    assert "database-reader" not in broken(own), "A preview of every application that logs in with IAM would stop."
    assert any("database-reader" in one.detail for one in own.not_judged), "It would look as if it had been judged."
    assert "database-reader" in broken(others), "The role of one application hides that nobody reads another's login."
