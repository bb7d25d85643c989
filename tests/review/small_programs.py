"""Small programs before and after a change, reviewed as `dolmen plan --base` does it."""

from __future__ import annotations

from pathlib import Path

from dolmen.engine.project import read_project
from dolmen.review.command import review
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.report.model import Review
from dolmen.review.sides.base import base_commit
from tests.review.test_base import commit, run

STACK = "config:\n  aws:region: eu-west-1\n"
IMPORTS = "import json, pulumi\nimport pulumi_aws as aws\nimport pulumi_mongodbatlas as atlas\nimport pulumi_random as random\n"


def reviewed(folder: Path, base: str, head: str, base_stack: str = STACK, head_stack: str = STACK) -> Review:
    """The review of `head` against a commit of `base`."""
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    _write(folder, base, base_stack)
    run(folder, "git", "init", "-q", "-b", "main")
    commit(folder, "base")
    _write(folder, head, head_stack)
    return review(read_project(folder), None, base_commit(folder, "HEAD"))


def against_state(folder: Path, state: str, head: str, stack: str = STACK) -> Review:
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    _write(folder, head, stack)
    (folder / "state.json").write_text(state)
    return review(read_project(folder), ["dev"], folder / "state.json")


def _write(folder: Path, program: str, stack: str) -> None:
    (folder / "__main__.py").write_text(program)
    (folder / "Pulumi.dev.yaml").write_text(stack)


def change(report: Review, name: str) -> ResourceChange:
    """The change of the one resource of this name that a cloud holds."""
    assert report.stacks[0].failure is None, report.stacks[0].failure
    (found,) = (one for one in report.stacks[0].managed if one.name == name)
    return found


def worst(report: Review, name: str) -> Effect:
    found = change(report, name).worst
    assert found is not None, f"{name} changes without an effect"
    return found


def told(report: Review, name: str) -> str:
    """Everything that is said about a resource."""
    return " ".join(f"{one.why} {one.data_note} {one.safe_path}" for one in change(report, name).effects)


def stops(report: Review, *asked: FailOn) -> bool:
    return bool(reasons(report, asked))


FAILS = EffectKind.FAILS_AT_APPLY
FAILS_AT_PREVIEW = EffectKind.FAILS_AT_PREVIEW
WRONG_OBJECT = EffectKind.WRONG_OBJECT
