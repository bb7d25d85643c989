"""Situations in which people lost time or data, rebuilt small (`field/<case>`), and what a review says about them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dolmen.review import formats
from dolmen.review.diff.changes import Operation
from dolmen.review.effects.model import EffectKind
from dolmen.review.fail_on import FailOn
from dolmen.review.report import words
from dolmen.review.report.model import Review, Status
from tests.review.small_programs import (
    FAILS,
    FAILS_AT_PREVIEW,
    STACK,
    WRONG_OBJECT,
    against_state,
    change,
    reviewed,
    stops,
    told,
    worst,
)

FIELD = Path(__file__).parent / "field"


def case(name: str, folder: Path) -> Review:
    here = FIELD / name
    head = (here / "head.py").read_text("utf-8")
    if (here / "state.json").exists():
        return against_state(folder, (here / "state.json").read_text("utf-8"), head)
    stacks = [
        file.read_text("utf-8") if (file := here / f"Pulumi.dev.{side}.yaml").exists() else STACK
        for side in ("base", "head")
    ]
    base = here / "base.py"
    if not base.exists():
        return reviewed(folder, "", head, stacks[0], stacks[0])
    return reviewed(folder, base.read_text("utf-8"), head, *stacks)


@pytest.mark.parametrize(
    ("name", "resource", "word"),
    [("auth-rbac", "cache", "`DELETE`"), ("tls-on", "cache", "`preferred`"), ("user-rename", "u", "UserAlreadyExists")],
)
def test_what_aws_refuses_fails_at_apply_and_stops_every_gate(
    tmp_path: Path, name: str, resource: str, word: str
) -> None:
    report = case(name, tmp_path)
    assert worst(report, resource).kind is FAILS and word in told(report, resource)
    assert "fails" in words.verdict(report), "the first line hides that the update fails"
    assert stops(report, FailOn.DATA_LOSS), "a gate would let an update through that fails half-way"


def test_a_parameter_group_that_changes_its_family_goes_first_and_the_cache_follows(tmp_path: Path) -> None:
    report = case("pg-family-auto", tmp_path)
    group = change(report, "pg")
    assert group.operation is Operation.REPLACE and not group.delete_first
    assert "first fails" not in told(report, "pg"), "what is created first is not deleted first"
    assert "made first, then the caches move" in told(report, "pg")
    assert worst(report, "cache").kind is EffectKind.IN_PLACE_FAILOVER and not stops(report, FailOn.DOWNTIME)


def test_the_text_of_an_output_is_found_with_its_property_and_line(tmp_path: Path) -> None:
    (finding,) = case("fstring-review", tmp_path).stacks[0].refused.findings
    assert finding.path == "secretString" and finding.position is not None, (
        "nobody would find the password that is none"
    )


def test_what_a_program_logs_stands_in_every_format(tmp_path: Path) -> None:
    report = case("warn-review", tmp_path)
    for name in formats.names():
        text = formats.text(report, name)
        assert "PARAMETER GROUP OF PRODUCTION IS SHARED" in " ".join(text.split()), f"{name} swallows a warning"
        assert "something failed but the program goes on" in " ".join(text.split()), f"{name} swallows an error"


def test_settings_of_a_provider_reach_resources_and_may_mean_another_account(tmp_path: Path) -> None:
    report = case("default-tags", tmp_path)
    said = told(report, "default")
    assert "`uri`" in said, "nobody sees which resources get other tags"
    assert "999999999999" in words.verdict(report), "another account is meant, and the first line does not say so"
    assert {one.kind for one in change(report, "default").effects} >= {WRONG_OBJECT, FAILS_AT_PREVIEW}
    assert stops(report, FailOn.DATA_LOSS)
    (finding,) = (one for one in report.stacks[0].findings if one.id == "leading-zero")
    assert "052812345678 is read as 52812345678" in finding.message
    assert str(finding.position) == "Pulumi.dev.yaml:5" and '"052812345678"' in finding.remedy


def test_a_rotation_changes_the_credential_at_once_and_has_a_rival(tmp_path: Path) -> None:
    report = case("rotation", tmp_path)
    assert "changes during the update" in words.verdict(report)
    assert "SecretVersion `v`" in told(report, "r"), "the program would take a rotated credential back"
    assert stops(report, FailOn.DOWNTIME)


@pytest.mark.parametrize("form", ["terminal", "markdown", "html", "json"])
def test_what_creating_does_stands_in_every_report(form: str, tmp_path: Path) -> None:
    text = " ".join(formats.text(case("rotation", tmp_path), form).split())
    assert "rotated at once" in text and "SecretVersion" in text, (
        "a reviewer sees that something is made, not what it does"
    )


def test_an_object_for_a_text_is_refused(tmp_path: Path) -> None:
    (finding,) = case("secobj", tmp_path).stacks[0].refused.findings
    assert finding.path == "secretString" and "text" in finding.message


def test_protection_that_comes_with_the_replacement_does_not_stop_it(tmp_path: Path) -> None:
    report = case("protect-late", tmp_path)
    assert change(report, "cache").blocked == (), "the engine asks the old state, which is not protected"
    assert worst(report, "cache").data == worst(report, "p").data == "lost", (
        "retain counts only when it was there before"
    )


@pytest.mark.parametrize("name", ["state-same", "comp-rename"])
def test_nothing_changes(tmp_path: Path, name: str) -> None:
    report = case(name, tmp_path)
    assert report.stacks[0].changes == () and report.stacks[0].status is Status.SAME


def test_every_case_has_a_test() -> None:
    tested = set(Path(__file__).read_text("utf-8").split('"'))
    assert {folder.name for folder in FIELD.iterdir()} <= tested


def test_a_state_that_holds_no_region_is_compared_with_the_same_region(tmp_path: Path) -> None:
    here = FIELD / "state-same"
    state = json.loads((here / "state.json").read_text("utf-8"))
    for one in state["deployment"]["resources"]:
        one.get("inputs", {}).pop("region", None)
    report = against_state(tmp_path, json.dumps(state), (here / "head.py").read_text("utf-8"))
    assert report.stacks[0].changes == (), "a state of version 6 of the provider would seem to change everything"
