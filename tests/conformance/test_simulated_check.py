"""The simulated providers' Check answers as the real ones did."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.cloud.check import check, preview_problems
from tests.cloud.check.formats import FORMATS
from tests.cloud.check.inference import formats
from tests.cloud.check.loading import value_rules
from tests.cloud.check.values import complaints
from tests.cloud.contracts import DATA
from tests.conformance.figures import Figure
from tests.conformance.recorded_checks import PROVIDERS, RecordedCheck, recorded_checks

EXCEPTIONS: dict[tuple[str, str, str], str] = {}
"""(type, case, about) → why the simulated Check may answer otherwise. None is known."""
ASKED_OF_THE_SERVICE = ("error:asks-the-service", "error:provider-bug")
"""Answers of a preview that no simulated provider can give."""


def split(rows: Iterator[tuple[RecordedCheck, bool]]) -> tuple[list[str], list[str], int]:
    """What disagrees and is no exception; exceptions that agree by now; how many rows agree, exceptions or not."""
    wrong, needless, agree = [], [], 0
    for row, same in rows:
        excepted = (row.token, row.case, row.about) in EXCEPTIONS
        agree += same
        if same and excepted:
            needless.append(row.name)
        elif not same and not excepted:
            wrong.append(row.name)
    return wrong, needless, agree


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_the_real_check_refused_is_refused_and_nothing_else(provider: str, figure: Figure) -> None:
    rows = list(recorded_checks(provider))
    answers = [frozenset((found.property, found.kind) for found in check(row.token, row.inputs)) for row in rows]
    both = list(zip(rows, answers, strict=True))
    wrong, needless, agree = split((row, bool(found) == bool(row.failures)) for row, found in both)
    exact_wrong, _, exact = split((row, found == row.failures) for row, found in both)
    figure(f"simulated Check, {provider}: refused or accepted", agree, len(rows))
    figure(f"simulated Check, {provider}: the same properties for the same kinds of reason", exact, len(rows))
    assert not wrong, f"a plan that passes here would fail in the account, or the reverse: {wrong[:5]} ({len(wrong)})"
    assert not needless, f"exceptions that hide nothing any more: {needless}"
    assert not exact_wrong, f"refused, but for another reason than the real provider's: {exact_wrong[:5]}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_the_real_preview_of_a_creation_refused_is_refused(provider: str, figure: Figure) -> None:
    rows = [row for row in recorded_checks(provider) if row.preview and row.preview not in ASKED_OF_THE_SERVICE]
    wrong = []
    for row in rows:
        kinds = {f"error:{problem.kind}" for problem in preview_problems(row.token, row.inputs)}
        if kinds != ({row.preview} - {"ok"}):
            wrong.append(f"{row.name}: {row.preview}, simulated {kinds or 'ok'}")
    figure(f"simulated preview of a creation, {provider}", len(rows) - len(wrong), len(rows))
    assert not wrong, f"the preview of a stack would fail in the account and passes here, or the reverse: {wrong[:5]}"


def _constrained() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for package in ("aws", "mongodbatlas"):
        for token, entry in json.loads((DATA / f"{package}-constraints.json").read_text())["types"].items():
            for path, constraint in entry["properties"].items():
                yield token, path, constraint


def test_every_sample_that_a_validator_was_asked_is_answered_as_it_answered(figure: Figure) -> None:
    wrong, total = [], 0
    for token, path, entry in _constrained():
        for accepted, samples in ((True, "measuredAccepted"), (False, "measuredRefused")):
            for sample in entry.get(samples, ()):
                value = sample["repeat"] * sample["times"] if isinstance(sample, dict) else sample
                total += 1
                if accepted != (not complaints(value_rules(token, path, entry), value)):
                    wrong.append(f"{token} {path}: {sample!r}")
    figure("simulated validators: sample values", total - len(wrong), total)
    assert not wrong, f"a format is read otherwise than the provider reads it: {wrong[:10]}"


def test_every_format_that_the_constraints_name_has_a_meaning() -> None:
    for token, path, entry in _constrained():
        words = set(entry.get("format", ())) - {"measured"}
        assert words <= FORMATS.keys(), f"{token} {path}: nothing would be held to {words - FORMATS.keys()}"
        # What was only measured, and refused something, needs a meaning too.
        said = words or entry.keys() & {"enum", "min", "max", "minLength", "maxLength", "regex", "notRegex"}
        if entry.get("measuredRefused") and not said:
            assert formats(token, path, entry), f"{token} {path}: the provider refuses values, and nothing does here"
