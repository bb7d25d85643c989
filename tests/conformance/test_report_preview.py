"""The plan's own judge of a creation (`dolmen.review.refusals`) against what real previews answered to Create."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dolmen.knowledge.provider_schema import known_types, type_schema
from dolmen.review.refusals import refusals_at_creation
from dolmen.review.refusals.at_creation import COMBINATIONS
from tests.conformance.figures import Figure
from tests.conformance.test_report_check import PROVIDERS, as_planned, recorded

ASKED_OF_THE_SERVICE = frozenset({"error:asks-the-service", "error:provider-bug"})
"""Answers of a preview that nobody can foresee offline."""
EXCEPTIONS: Mapping[tuple[str, str, str], str] = {}
"""(type, case, about) → why the judge says otherwise. Each must still disagree."""


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_the_preview_of_a_creation_refuses_is_refused_and_nothing_else(provider: str, figure: Figure) -> None:
    rows = [
        row
        for row in recorded(provider)
        if row.get("previewCreate", "") and row["previewCreate"] not in ASKED_OF_THE_SERVICE
    ]
    assert {row["previewCreate"] for row in rows} > {"ok"}, "nothing was refused: the recording is not what it was"
    wrong: dict[tuple[str, str, str], str] = {}
    for row in rows:
        said = refusals_at_creation(row["type"], as_planned(row["inputs"]))
        if {f"error:{one.kind.value}" for one in said} != {row["previewCreate"]} - {"ok"}:
            key: tuple[str, str, str] = (row["type"], row["case"], row["about"])
            wrong[key] = f"really {row['previewCreate']}, here {[one.message for one in said]}: {_shown(row)}"
    figure(f"report, preview of a creation, {provider}", len(rows) - len(wrong), len(rows))
    assert not wrong.keys() - EXCEPTIONS.keys(), f"a plan would be silent, or cry wolf: {list(wrong.items())[:5]}"
    assert {key for key in EXCEPTIONS if key[0].startswith(PROVIDERS[provider])} <= wrong.keys(), "these agree now"


def _shown(row: Mapping[str, Any]) -> str:
    return str(row["inputs"])[:300]


def test_every_combination_is_of_a_type_that_is_known() -> None:
    assert COMBINATIONS.keys() <= set(known_types()), "a rule that nothing ever asks"


def test_the_schemas_say_what_a_creation_demands() -> None:
    demanding = {token for token in known_types() if (schema := type_schema(token)) is not None and schema.planned}
    assert len(demanding) >= 5, "the schemas lost the modifiers that decide over a creation"
