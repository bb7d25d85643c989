"""The plan's own judge of inputs (`dolmen.review.refusals`) against what the real providers answered to Check."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine.plan import Unknown
from dolmen.knowledge.provider_schema import known_types, type_schema
from dolmen.review.refusals import refusals
from dolmen.review.refusals.formats import FORMATS
from dolmen.review.refusals.limits import broken
from dolmen.review.refusals.own_rules import RULES
from tests.conformance.figures import Figure

DATA = Path(__file__).parent / "data"
CONSTRAINTS = Path(__file__).parents[1] / "cloud/data"
PROVIDERS = {"atlas": "mongodbatlas", "aws": "aws"}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
EXCEPTIONS: Mapping[tuple[str, str, str], str] = {}
"""(type, case, about) → why the judge says otherwise. Each must still disagree."""


@cache
def recorded(provider: str) -> tuple[dict[str, Any], ...]:
    with gzip.open(DATA / f"{provider}-check.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def as_planned(value: Any) -> Any:
    """The data's marker as a plan's unknown value."""
    if value == UNKNOWN:
        return Unknown()
    if isinstance(value, dict):
        return {name: as_planned(item) for name, item in value.items()}
    return [as_planned(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_the_provider_refuses_is_refused_and_nothing_else(provider: str, figure: Figure) -> None:
    rows = recorded(provider)
    wrong: dict[tuple[str, str, str], str] = {}
    for row in rows:
        said = refusals(row["type"], as_planned(row["inputs"]))
        if bool(said) != bool(row["failures"]):
            key = (row["type"], row["case"], row["about"])
            wrong[key] = f"really {row['failures']}, here {[one.message for one in said]}"
    figure(f"report's Check, {provider}: refused or accepted", len(rows) - len(wrong), len(rows))
    mine = {key for key in EXCEPTIONS if key[0].startswith(f"{PROVIDERS[provider]}:")}
    assert not {key: why for key, why in wrong.items() if key not in mine}, "a plan would be silent, or cry wolf"
    assert mine <= wrong.keys(), "these agree now: take them out of the exceptions"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_refusal_names_the_property_that_the_provider_names(provider: str, figure: Figure) -> None:
    """Counted, not demanded: the provider repeats a group's failure at each member, and stops at the first wrong type."""
    refused = [row for row in recorded(provider) if row["failures"]]
    same = 0
    for row in refused:
        said = {(one.path.split("[")[0].split(".")[0], one.kind.value) for one in _said(row)}
        real = {(one["property"].split("[")[0].split(".")[0], one["kind"]) for one in row["failures"]}
        same += bool(said & real) or any(one.get("asError") for one in row["failures"])
    figure(f"report's Check, {provider}: a refusal at the same property, of the same kind", same, len(refused))
    assert same, "no refusal is for the provider's reason"


def _said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return refusals(row["type"], as_planned(row["inputs"]))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_values_that_the_validators_took_or_refused_fare_the_same(provider: str, figure: Figure) -> None:
    wrong: list[str] = []
    total = 0
    for token, path, sample, refused in samples(provider):
        schema = type_schema(token)
        assert schema is not None, f"{token} is in the constraints and not in the product's data"
        total += 1
        if bool(broken(schema.properties[path], sample)) != refused:
            wrong.append(
                f"{token} {path}: {str(sample)[:40]!r} is {'refused' if refused else 'accepted'} by the provider"
            )
    figure(f"report's limits, {provider}: sample values", total - len(wrong), total)
    assert wrong == [], "a format or a limit means something else than the provider's own"


def samples(provider: str) -> Iterator[tuple[str, str, Any, bool]]:
    written = json.loads((CONSTRAINTS / f"{PROVIDERS[provider]}-constraints.json").read_text("utf-8"))
    for token, one in written["types"].items():
        for path, said in one["properties"].items():
            for key, refused in (("measuredAccepted", False), ("measuredRefused", True)):
                for sample in said.get(key, ()):
                    yield token, path, _repeated(sample), refused


def _repeated(sample: Any) -> Any:
    return sample["repeat"] * sample["times"] if isinstance(sample, dict) else sample


def test_every_word_of_the_schemas_has_a_meaning() -> None:
    for token in known_types():
        schema = type_schema(token)
        assert schema is not None
        for path, one in schema.properties.items():
            assert set(one.format) <= FORMATS.keys(), f"{token} {path}: a format that nobody checks"
            assert {rule.partition(":")[0] for rule in one.rules} <= RULES.keys(), f"{token} {path}: an unknown rule"
            partners = (*one.conflicts_with, *one.required_with, *one.exactly_one_of, *one.at_least_one_of)
            assert set(partners) <= schema.properties.keys(), (
                f"{token} {path}: a relation to a property that is not there"
            )
