"""The table of what guards a platform: true to the providers' schemas, and nothing in it is without effect."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dolmen.knowledge import protections
from dolmen.knowledge.loader import load_yaml
from dolmen.knowledge.protections import Weaker, guard_of, protections_by_name, protections_of, strictness
from dolmen.knowledge.provider_schema import type_schema

WRITTEN: dict[str, Any] = load_yaml("protections.yaml")
ROWS = [(token, path) for row in WRITTEN["rows"] for token, paths in row["of"].items() for path in paths]
GUARDS = [(token, path) for row in WRITTEN["guards"] for token, paths in row["of"].items() for path in paths]


def test_every_path_is_a_property_of_its_type() -> None:
    unknown: list[tuple[str, str]] = []
    for token, path in (*ROWS, *GUARDS):
        schema = type_schema(token)
        if schema is not None:
            plain = {re.sub(r"\[\*\]|\{\*\}", "", one) for one in schema.properties} | schema.additions
            unknown += [(token, path)] if path not in plain else []
    assert unknown == [], f"a row that no property has guards nothing: {unknown}"


def test_every_row_says_why_and_has_a_source() -> None:
    for row in (*WRITTEN["rows"], *WRITTEN["guards"]):
        assert row["why"].endswith(".") and row["source"], row["lost"]
    assert all(
        one.source and one.source.date for token, _ in ROWS for some in protections_of(token).values() for one in some
    )


@pytest.mark.parametrize("row", WRITTEN["names"], ids=lambda row: row["lost"])
def test_no_pattern_of_names_takes_in_everything(row: dict[str, Any]) -> None:
    like = re.compile(row["like"].replace(" ", ""))
    for name in ("name", "tags", "description", "size", "region", "policy", "type", "projectid", "engine", "value"):
        assert not like.fullmatch(name), f"{name} is called a guard"


def test_names_are_read_with_the_block_that_they_stand_in() -> None:
    assert [one.weaker for one in protections_by_name(("settings", "backupConfiguration", "enabled"))] == [
        Weaker.TURNED_OFF
    ]
    assert protections_by_name(("settings", "enabled")) == ()


def test_guards_and_tiers_are_known_by_name() -> None:
    assert guard_of("gcp:monitoring/alertPolicy:AlertPolicy") and not guard_of("aws:s3/bucket:Bucket")
    assert strictness("production") == strictness("PRD") == 2 and strictness("house") is None


def test_a_word_that_yaml_reads_as_a_boolean_is_refused() -> None:
    with pytest.raises(ValueError, match="true or false"):
        protections._protection({"lost": "x", "weaker": [False, True]}, None)  # pyright: ignore[reportPrivateUsage]
