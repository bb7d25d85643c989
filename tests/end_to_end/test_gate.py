"""The gate, asked about previews that the real engine makes of real changes.

One platform is deployed once. Each case is a change that was reviewed, offline, and a change that is previewed; most
previews are asked about by several cases.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dolmen.review.gate import Verdict, compare
from tests.end_to_end.engine import Engine
from tests.end_to_end.gate_changes import config, names, program, write_change
from tests.end_to_end.reviews import reviews_of

pytestmark = pytest.mark.engine

STACK = "test"
SHOWN = ("--show-sames", "--show-replacement-steps")


@dataclass(frozen=True)
class Case:
    says: str
    """What the gate must know, in a sentence."""
    reviewed: str
    """Edits of the deployed program, or `base > head` where the review compares with another base."""
    previewed: str
    stops: str = ""
    """Words of the verdict that stops; empty where it passes."""
    flags: tuple[str, ...] = SHOWN
    notes: str = ""
    """Words of what is said beside a verdict that passes."""


CASES: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Answers:
    reviews: Mapping[str, dict[str, Any]]
    previews: Mapping[tuple[str, tuple[str, ...]], dict[str, Any]]

    def of(self, case: Case, most: int | None = None) -> Verdict:
        return compare(self.reviews[case.reviewed], self.previews[case.previewed, case.flags], most)


def preview(engine: Engine, change: str, flags: tuple[str, ...], stack_file: str) -> dict[str, Any]:
    (engine.project / "__main__.py").write_text(program(names(change)))
    (engine.project / f"Pulumi.{STACK}.yaml").write_text(with_config(stack_file, change))
    if "--destroy" in flags:
        return engine.pulumi("destroy", "--preview-only", "--json", "--exclude-protected", "--stack", STACK).json()
    return engine.preview("--json", *flags).json()


def with_config(stack_file: str, change: str) -> str:
    salt = stack_file.partition("config:")[0]
    return salt + "config:\n" + "".join(f"  {key}: {json.dumps(value)}\n" for key, value in config(names(change)).items())


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, warm: str) -> Iterator[Answers]:
    folder = tmp_path_factory.mktemp("gate")
    project = write_change(folder / "deployed", "nothing", STACK, "")
    with Engine(project, folder / "work", STACK, warm=warm) as engine:
        engine.configure(config(()))
        stack_file = (project / f"Pulumi.{STACK}.yaml").read_text()
        engine.up()
        asked = dict.fromkeys((case.previewed, case.flags) for case in CASES)
        previews = {key: preview(engine, *key, stack_file) for key in asked}
    pairs: dict[str, tuple[Path, Path]] = {}
    for number, reviewed in enumerate(dict.fromkeys(case.reviewed for case in CASES)):
        base, _, head = reviewed.rpartition(" > ")
        sides = {"base": base or "nothing", "head": head}
        made = [
            write_change(folder / f"{side}-{number}", change, STACK, with_config(stack_file, change))
            for side, change in sides.items()
        ]
        pairs[reviewed] = (made[0], made[1])
    yield Answers(reviews_of(pairs, STACK, folder), previews)


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_the_gate_knows(case: Case, answers: Answers) -> None:
    verdict = answers.of(case)
    if case.stops:
        assert any(case.stops in text for text in verdict.more), f"a deployment would do more unseen: {verdict}"
    else:
        assert not verdict.more, "an honest deployment would be stopped"
        assert not case.notes or any(case.notes in text for text in (*verdict.notes, *verdict.left_open)), verdict
