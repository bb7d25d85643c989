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

pytestmark = [pytest.mark.engine, pytest.mark.long]

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


LOGS = "urn:pulumi:test::small::aws:cloudwatch/logGroup:LogGroup::logs"
CASES = (
    Case("that nothing is nothing", "nothing", "nothing"),
    Case("a change that was reviewed", "M30", "M30"),
    Case("one of two reviewed changes", "M30 + tag", "M30"),
    Case("a change that does not come", "M30", "nothing"),
    Case("a document that is laid out otherwise", "policy wider", "policy wider + policy indented"),
    Case("a reviewed loss of protection", "unprotected", "unprotected"),
    Case("a reviewed loss of retention", "not retained", "not retained"),
    Case("protection that comes without a word", "nothing", "protected"),
    Case("a reviewed provider", "west tags", "west tags"),
    Case("reviewed settings of a default provider", "config tags", "config tags"),
    Case("a reviewed move without an alias", "renamed", "renamed"),
    Case("a reviewed move with an alias", "renamed with alias", "renamed with alias"),
    Case("a component that moves with its children", "box renamed", "box renamed"),
    Case("what is forgotten and stays in the cloud", "no spare", "no spare"),
    Case("a replacement in the reviewed order", "generation 2", "generation 2", notes="secretString"),
    Case("a creation that was reviewed", "a group", "a group"),
    Case("a value that nobody knows on either side", "a group of an unknown name", "a group of an unknown name"),
    Case("a reviewed change of a secret", "another key", "another key", notes="secretString"),
    Case("a plain preview, which shows no order", "M30 + generation 2", "M30 + generation 2", "", (), "order"),
    Case(
        "a plain preview, which shows nothing that stays", "14 days", "14 days + not retained", "", (), "--show-sames"
    ),
    Case("a preview that refreshes and finds nothing", "M30", "M30", "", ("--refresh",)),
    Case("a preview of one resource", "M30 + 14 days", "M30 + 14 days", "", ("--target", LOGS)),
    # ---- and what stops
    Case("another value", "M30", "M50", "would become another value"),
    Case("another value where the provider gives details", "14 days", "30 days", "would become another value"),
    Case("another starting point", "30 days > 14 days", "14 days", "is another value"),
    Case("a further property", "M30", "M30 + no backup", "backupEnabled would change"),
    Case("a further loss of protection", "M30", "M30 + no termination protection", "terminationProtection"),
    Case("a resource that was to stay", "nothing", "tag", "stays as it is"),
    Case("a dropped `protect`", "14 days", "14 days + unprotected", "`protect` would be dropped"),
    Case("a dropped `retainOnDelete`", "nothing", "not retained", "`retainOnDelete` would be dropped"),
    Case("another provider", "14 days", "14 days + logs in the west", "its provider would change"),
    Case("another configuration of a provider", "west tags", "west to localhost", "endpoints would change"),
    Case("a provider that was to stay", "nothing", "west tags", "stays as it is"),
    Case("further settings of a default provider", "nothing", "config endpoint", "aws:endpoints is set"),
    Case("other settings of a default provider", "config tags", "config endpoint", "aws:defaultTags is another"),
    Case("a creation with another value", "a group", "a longer group", "retentionInDays would be another"),
    Case("a creation without protection", "a protected group", "a group", "without `protect`"),
    Case("a creation by another provider", "a group", "a group in the west", "would be made by"),
    Case("a creation whose value is not known", "a named group", "a group of an unknown name", "name is not shown"),
    Case("an update to what is not known", "tag", "an unknown tag", "tags.team is not shown"),
    Case("an update to a secret", "tag", "a secret tag", "tags.team is not shown"),
    Case("a deletion", "nothing", "no alerts", "stays as it is"),
    Case("a forget that deletes", "alerts retained > no alerts", "no alerts", "stays in the cloud"),
    Case("a deletion beside a creation", "alarms, too", "renamed", "alerts: it would be changed (delete)"),
    Case("a move that nobody reviewed", "nothing", "renamed", "Topic alerts: it would be changed (delete)"),
    Case("a component that moves by itself", "nothing", "box renamed", "box-topic: it would be changed (delete)"),
    Case("a replacement to another value", "generation 2", "generation 3", "another value"),
    Case("a deletion before the creation", "generation 2", "delete first, generation 2", "before its replacement"),
    Case(
        "a secret beside a reviewed change", "another role", "another role + another password", "password would be set"
    ),
    Case("a wider policy than the reviewed one", "policy wider", "policy wide open", "policy would become another"),
    Case("the end of everything", "nothing", "nothing", "it would be changed (delete)", ("--destroy",)),
    Case("what the cloud did meanwhile", "nothing", "nothing", "stays as it is", ("--refresh", "--drift")),
)


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
    if "--drift" not in flags:
        return engine.preview("--json", *flags).json()
    (live,) = engine.cloud.find("aws:cloudwatch/logGroup:LogGroup", name="/logs")
    inputs, live.inputs = live.inputs, {**live.inputs, "retentionInDays": 90}
    found = engine.preview("--json", *(flag for flag in flags if flag != "--drift")).json()
    live.inputs = inputs
    return found


def with_config(stack_file: str, change: str) -> str:
    salt = stack_file.partition("config:")[0]
    return (
        salt + "config:\n" + "".join(f"  {key}: {json.dumps(value)}\n" for key, value in config(names(change)).items())
    )


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
