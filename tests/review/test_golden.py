"""Reports of telling pull requests, kept as documentation and read by eye."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.review.formats import text as render
from dolmen.review.report import words
from dolmen.review.report.model import Review
from tests.review.golden import GOALS, ROOT, SCENARIOS, documents, measured, reports


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Review]:
    return reports(tmp_path_factory.mktemp("golden"))


def test_the_kept_reports_are_those_of_today(found: dict[str, Review]) -> None:
    stale = [
        path.relative_to(ROOT).as_posix()
        for path, text in documents(found).items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    assert not stale, f"read `git diff` after `python -m tests.review.golden`, then commit: {stale}"


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("tier-up", "production: rolling, seconds of interruption"),
        (
            "region-moved",
            "production: the cache is replaced, data is at stake, 12–20 min down, blocked now; a log group is replaced, data is lost",
        ),
        (
            "user-renamed",
            "production: a secret is deleted, data is at stake, down until it is undone, blocked now",
        ),
        (
            "backup-off",
            "staging: the backup schedule is deleted, data is at stake; protection removed: backups, restoring to any second, an alert and 1 more; 1 mandatory policy is broken",
        ),
        ("cache-resized", "production: protection removed, an alarm loses sensitivity; 1 more protection removed"),
        ("stack-file-wrong", "production: the program cannot be evaluated"),
        ("connectivity-changed", "staging: the peering is deleted, down until it is undone"),
        ("one-tag", "production: in place, no downtime"),
        (
            "stack-added",
            "load-test: no stack file in the base, so compared with nothing that may be deployed; load-test: resources are created, nothing that exists is touched",
        ),
        ("nothing-changed", "nothing changes in 3 stacks"),
    ],
)
def test_the_first_line_says_what_matters_most(found: dict[str, Review], name: str, verdict: str) -> None:
    assert words.verdict(found[name]) == verdict


def test_every_stack_that_is_not_touched_stays_untouched(found: dict[str, Review]) -> None:
    for name, report in found.items():
        for stack in report.stacks:
            if stack.name != SCENARIOS[name].stack:
                assert not stack.changes, f"{name} changes {stack.name}, which it does not edit"


@pytest.mark.parametrize("name", GOALS)
def test_a_report_is_as_short_as_its_goal(found: dict[str, Review], name: str) -> None:
    lines = measured(render(found[name], "terminal")).lines
    assert lines <= GOALS[name], f"{name} has {lines} lines at 80 columns: what matters drowns"


def test_no_report_holds_anything_unknown(found: dict[str, Review]) -> None:
    for name, report in found.items():
        if name == "provider-settings":  # which is about settings that nobody described
            continue
        for _, change in report.changes():
            unknown = [effect for effect in change.effects if effect.kind.name == "UNKNOWN"]
            assert not unknown, f"{name}: {change.type} has properties without a rule: {unknown}"


def test_the_reports_lie_where_the_documentation_expects_them() -> None:
    assert (Path(ROOT) / "docs/examples/reviews/tier-up.md").exists()
