"""The recorded answers of the real providers to Diff, each with its old and new inputs."""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")
PROVIDERS = ("atlas", "aws")


@dataclass(frozen=True)
class RecordedDiff:
    token: str
    base: str
    operation: str
    path: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    change: str
    replaces: tuple[str, ...]
    delete_before_replace: bool
    equals_state: bool = False
    """Whether the answer is `none` only because the value happens to be the one that stands in the synthetic state."""

    @property
    def name(self) -> str:
        return f"{self.base} {self.operation} {self.path}"


@functools.cache
def bases(provider: str) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Name of a base → its type and inputs."""
    listed = json.loads((DATA / f"{provider}-diff-bases.json").read_text())
    return {name: (base["type"], base["inputs"]) for name, base in listed.items()}


@functools.cache
def recorded_diffs(provider: str) -> tuple[RecordedDiff, ...]:
    with gzip.open(DATA / f"{provider}-diff.jsonl.gz", "rt") as lines:
        return tuple(_read(provider, json.loads(line)) for line in lines)


def _read(provider: str, row: dict[str, Any]) -> RecordedDiff:
    token, old = bases(provider)[row["base"]]
    others = {name: value for name, value in old.items() if name != row["property"]}
    return RecordedDiff(
        token=token,
        base=row["base"],
        operation=row["op"],
        path=row["path"],
        old=old,
        new={**others, row["property"]: row["value"]} if "value" in row else others,
        change=row["change"],
        replaces=tuple(sorted(row["replaces"])),
        delete_before_replace=row["deleteBeforeReplace"],
        equals_state=row.get("equalsState", False),
    )
