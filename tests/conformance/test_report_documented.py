"""How far the documentation of the SDKs is true of what the real providers were recorded to plan.

A row is a recorded answer to Diff that no value of the state decides, of a change that two plans show. It is judged as
that of a foreign type: without what Dolmen knows of the type, and without the provider's schema. So precision is how
many of the rows that the documentation says are replaced were replaced, and recall is how many of the replaced rows it
says so of. The SDKs are those that are installed, a little younger than the providers that were asked.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from dolmen.knowledge.documentation.sdk import InstalledSdks
from dolmen.knowledge.loader import known_types
from dolmen.knowledge.model import ChangeKnowledge
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.compare import compare
from dolmen.review.effects import judge
from dolmen.review.effects.judge import judge_with
from tests.conformance.figures import Figure
from tests.conformance.recorded_diffs import PROVIDERS, RecordedDiff, recorded_diffs
from tests.conformance.test_report_diff import plan_of

Row = tuple[RecordedDiff, ResourceChange]
SDKS = InstalledSdks((Path(sysconfig.get_paths()["purelib"]),))


@pytest.fixture
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every type is a foreign one."""
    monkeypatch.setattr(judge, "change_knowledge", lambda _: ChangeKnowledge())
    monkeypatch.setattr(judge, "type_schema", lambda _: None)


@cache
def _judged(provider: str) -> tuple[Row, ...]:
    judging = judge_with(SDKS)
    found = (
        (row, compare(plan_of(row.token, row.old), plan_of(row.token, row.new), judging))
        for row in recorded_diffs(provider)
        if not row.equals_state
    )
    return tuple((row, changes[0]) for row, changes in found if changes)


def _documented(rows: tuple[Row, ...], certain: bool) -> Iterator[RecordedDiff]:
    for row, change in rows:
        said = [effect.certain for effect in change.effects if effect.documented and effect.replaces]
        if said and any(said) is certain:
            yield row


@pytest.mark.usefixtures("nothing_known")
@pytest.mark.parametrize("provider", [*PROVIDERS, "aws without a file"])
def test_a_replacement_that_is_documented_without_condition_takes_place(provider: str, figure: Figure) -> None:
    rows = _judged(provider.split()[0])
    if provider.endswith("file"):
        described = set(known_types())
        rows = tuple((row, change) for row, change in rows if row.token not in described)
    name = f"SDK documentation, {provider}"
    certain, perhaps = (list(_documented(rows, one)) for one in (True, False))
    real = [row for row, _ in rows if row.change == "replace"]
    took_place = [row for row in certain if row.change == "replace"]
    took_place_too = [row for row in perhaps if row.change == "replace"]
    figure(f"{name}: said to be replaced, and replaced (precision)", len(took_place), len(certain))
    figure(f"{name}: said to be replaced at worst, and replaced", len(took_place_too), len(perhaps))
    figure(f"{name}: replaced, and said so, also at worst (recall)", len(took_place) + len(took_place_too), len(real))
    silent = [row for row, change in rows if row.operation == "change" and change.operation is Operation.UPDATE]
    figure(f"{name}: other values of silent properties that replace", _replaced(silent), len(silent))
    ordered = {id(row) for row in took_place}
    order = [change.delete_first == row.delete_before_replace for row, change in rows if id(row) in ordered]
    figure(f"{name}: order of those that are replaced", sum(order), len(order))
    assert took_place, "the documentation is not read any more, and every foreign type is an unknown effect again"
    wrong = [row.name for row in certain if row.change != "replace"]
    assert not wrong, f"the report says that these are replaced, and they are not: {wrong}"


def _replaced(rows: list[RecordedDiff]) -> int:
    return sum(1 for row in rows if row.change == "replace")
