"""Which resources write one and the same object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dolmen.knowledge.effects import EffectRule, Outcome, Source, seconds
from dolmen.knowledge.loader import WrongKnowledgeError, load_yaml

_OVER = "`{other}` writes the same; each update of one takes away what the other wrote."
_ONE = "Keep one of both as the only writer."
_KEYS = {"type", "at", "other", "unless", "effect", "downtime", "why", "safe", "source"}


@dataclass(frozen=True, slots=True)
class Writers:
    """Two types that write one object; `rule.why` names the other writer as `{other}`."""

    type: str
    at: str
    other: str
    other_at: str
    """The input of the other that names the object; empty where the other is the object's own resource."""
    inside: str
    """The input of the object's own resource that writes the same."""
    unless: str
    """The input that keeps two of one type apart."""
    rule: EffectRule


def writers_of(token: str) -> tuple[Writers, ...]:
    """The pairs in which a type is one of both."""
    return tuple(one for one in all_writers() if token in (one.type, one.other))


@cache
def all_writers() -> tuple[Writers, ...]:
    written = load_yaml("writers.yaml")
    return tuple(_pair(row, str(written["date"])) for row in written["pairs"])


def _pair(row: Mapping[str, Any], date: str) -> Writers:
    if surplus := row.keys() - _KEYS:
        raise WrongKnowledgeError(f"writers.yaml: {row['type']}: unknown keys {sorted(surplus)}")
    other = row["other"]
    rule = EffectRule(
        Outcome(row.get("effect", "wrong object")),
        row.get("why", _OVER),
        Source(row["source"], date),
        downtime=seconds(row.get("downtime", "unknown")),
        safe=row.get("safe", _ONE),
    )
    at, inside = other.get("at", ""), other.get("inside", "")
    return Writers(row["type"], row["at"], other["type"], at, inside, row.get("unless", ""), rule)
