"""An override of a stack file stands in every format with its line, a new one apart from those that stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.review.formats import names, text
from dolmen.review.report.model import Review
from tests.review.small_programs import IMPORTS, STACK, reviewed

PROGRAM = (
    IMPORTS
    + """
written = pulumi.Config("dolmen").get_object("overrides") or {}
class Platform(pulumi.ComponentResource):
    def __init__(self, name):
        said = {key: sorted(one) for key, one in written.items()}
        super().__init__("dolmen:index:Platform", name, {"tier": "staging", **({"overrides": said} if said else {})})
child = pulumi.ResourceOptions(parent=Platform("chat"))
own = {"retention_in_days": 7, "skip_destroy": None}
for one in written.values():
    own |= {"retention_in_days": one.get("retentionInDays", 7), "skip_destroy": one.get("skipDestroy")}
aws.cloudwatch.LogGroup("chat-log", name="chat-log", opts=child, **own)
"""
)
ONE = STACK + "  dolmen:overrides:\n    chat-log:\n      retentionInDays: 30\n"
TWO = ONE + "      skipDestroy: true\n"


@pytest.fixture
def report(tmp_path: Path) -> Review:
    return reviewed(tmp_path, PROGRAM, PROGRAM, ONE, TWO)


def test_an_override_is_named_with_its_line_and_with_what_the_base_has(report: Review) -> None:
    found = [one for one in report.stacks[0].findings if one.kind == "override"]
    assert [(one.message, one.in_base, str(one.position)) for one in found] == [
        ("retentionInDays", True, "Pulumi.dev.yaml:5"),
        ("skipDestroy", False, "Pulumi.dev.yaml:6"),
    ]
    assert all((one.urn or "").endswith("::chat-log") for one in found)


def test_every_format_shows_a_new_override(report: Review) -> None:
    for form in names():
        shown = " ".join(text(report, form).split())
        assert "The stack file overrides what the platform writes" in shown and "skipDestroy" in shown, (
            f"{form} keeps back that the platform's own value does not count"
        )


def test_a_stack_without_overrides_says_nothing_of_them(tmp_path: Path) -> None:
    report = reviewed(tmp_path, PROGRAM, PROGRAM + "\n", STACK, STACK)
    assert not [one for one in report.stacks[0].findings if one.kind == "override"]
