"""What guards a platform, and which values guard it less: `protections.yaml`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from dolmen.knowledge.effects import Source, When
from dolmen.knowledge.loader import WrongKnowledgeError, load_yaml, read_when


class Weaker(StrEnum):
    """Which of two values guards less."""

    TURNED_OFF = "turned off"
    TURNED_ON = "turned on"
    LOWERED = "lowered"
    RAISED = "raised"
    REMOVED = "removed"
    FEWER = "fewer"
    WORDS = "words"
    """Of words in an order; see `Protection.words`."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What goes with a weaker value of a property."""

    lost: str
    """What no longer protects, for people: `automatic failover`."""
    weaker: Weaker
    why: str = ""
    words: Mapping[str, int] = field(default_factory=dict[str, int])
    """Lower-case word → its strength, of `WORDS`."""
    default: bool | float | str | None = None
    endless: float | None = None
    when: When = field(default_factory=When)
    source: Source | None = None
    """None where the property's name alone says it."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What goes when a resource that guards others is deleted."""

    lost: str
    why: str
    same_by: tuple[str, ...] = ()
    """Inputs by which another resource of the type stands in for it."""
    source: Source | None = None


def protections_of(token: str) -> Mapping[str, tuple[Protection, ...]]:
    """Path without indices → what a weaker value there takes away."""
    return _tables().rows.get(token, {})


@cache
def protections_by_name(names: tuple[str, ...]) -> tuple[Protection, ...]:
    """What the names of a path promise, where no row has it: the last one, or the last two where it is a common word."""
    last = _plain("".join(names[-1:]))
    parent = _FILLER.sub("", _plain("".join(names[-2:-1])))
    spelled = (last, parent + last) if last in _COMMON else (last,)
    return tuple(one for like, one in _tables().names if any(like.fullmatch(name) for name in spelled))


_COMMON = frozenset({"enabled", "enable", "status", "state", "days", "period", "count", "policy", "rule", "rules"})


_FILLER = re.compile(r"(configurations?|config|settings|options|properties|specifications?|details)$")
"""What stands between a word and the `enabled` that it is about: `backupConfiguration.enabled`."""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def guard_of(token: str) -> Guard | None:
    """What a resource of the type gives to others, by its row or else by its name."""
    tables = _tables()
    if token in tables.guards:
        return tables.guards[token]
    word = token.rpartition(":")[2]
    if token.startswith("pulumi:") or not tables.like_guards.search(word):
        return None
    return Guard("what it guarded", "By its name it guarded something; Dolmen does not know what.")


def strictness(tier: str) -> int | None:
    """How strict a tier of this name is meant to be; `None` for a name that nobody knows."""
    found = (level for level, names in enumerate(_tables().tiers) if tier.strip().lower() in names)
    return next(found, None)


def names_a_tier(key: str) -> bool:
    """Whether a key of a stack file says which tier it is."""
    return key.rpartition(":")[2].lower() in _tables().tier_keys


@dataclass(frozen=True, slots=True)
class _Tables:
    rows: Mapping[str, Mapping[str, tuple[Protection, ...]]]
    names: tuple[tuple[re.Pattern[str], Protection], ...]
    guards: Mapping[str, Guard]
    like_guards: re.Pattern[str]
    tiers: tuple[frozenset[str], ...]
    tier_keys: frozenset[str]


_ROW = {"lost", "why", "weaker", "default", "endless", "when", "source", "of"}


@cache
def _tables() -> _Tables:
    written = load_yaml("protections.yaml")
    date = str(written["date"])
    rows: dict[str, dict[str, tuple[Protection, ...]]] = defaultdict(dict)
    for row in written["rows"]:
        made = _protection(row, Source(row["source"], date))
        for token, paths in row["of"].items():
            for path in paths:
                rows[token][path] = (*rows[token].get(path, ()), made)
    guards = {
        token: Guard(row["lost"], row["why"], tuple(same_by), Source(row["source"], date))
        for row in written["guards"]
        for token, same_by in row["of"].items()
    }
    names = tuple((re.compile(row["like"].replace(" ", "")), _protection(row, None)) for row in written["names"])
    tiers = tuple(frozenset(names) for names in written["tiers"])
    return _Tables(rows, names, guards, re.compile(written["like guards"]), tiers, frozenset(written["tier keys"]))


def _protection(row: Mapping[str, Any], source: Source | None) -> Protection:
    if surplus := row.keys() - _ROW - {"like"}:
        raise WrongKnowledgeError(f"protections.yaml: {row['lost']}: unknown keys {sorted(surplus)}")
    weaker, words = row["weaker"], dict[str, int]()
    if isinstance(weaker, list):
        for strength, some in enumerate(weaker):
            if any(isinstance(one, bool) for one in (some if isinstance(some, list) else [some])):
                raise WrongKnowledgeError(f"protections.yaml: {row['lost']}: a word that YAML reads as true or false")
            words |= {str(one).lower(): strength for one in (some if isinstance(some, list) else [some])}
    try:
        kind = Weaker.WORDS if words else Weaker(weaker)
    except ValueError:
        raise WrongKnowledgeError(f"protections.yaml: {row['lost']}: no such `weaker`: {weaker!r}") from None
    when = read_when(row.get("when", {}))
    return Protection(
        row["lost"], kind, row.get("why", ""), words, row.get("default"), row.get("endless"), when, source
    )
