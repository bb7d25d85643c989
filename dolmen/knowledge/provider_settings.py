"""What a setting of a provider means where no file of the provider itself describes it: by the words in its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dolmen.knowledge.effects import EffectRule
from dolmen.knowledge.loader import WrongKnowledgeError, load_yaml, read_changes

_FILE = "provider_settings.yaml"


def rules_by_words(path: Sequence[str]) -> tuple[EffectRule, ...]:
    """The effect rules of a setting, by the names that lead to it; none where no word is known."""
    row = _row(path)
    return row.rules if row else ()


def own_to_a_stack(path: Sequence[str]) -> bool:
    """Whether each stack has such a setting of its own: its account, its region, its credentials."""
    row = _row(path)
    return row is not None and row.own


@dataclass(frozen=True, slots=True)
class _Row:
    phrases: tuple[str, ...]
    rules: tuple[EffectRule, ...]
    own: bool


def _row(path: Sequence[str]) -> _Row | None:
    names = [f" {_words(name)} " for name in path]
    return next((row for row in _rows() if any(f" {one} " in name for one in row.phrases for name in names)), None)


def _words(name: str) -> str:
    """`baseUrl`, `base_url` and `BaseURL` are `base url`."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)
    return " ".join(part.lower() for part in parts)


@cache
def _rows() -> tuple[_Row, ...]:
    written = load_yaml(_FILE)
    rows = written["rows"]
    none = {"data": "none", "why": "Nothing.", "source": "engine"}
    effects = {
        "replaced": {"source": "engine"},
        "deleted": [none],
        "properties": {str(number): row["rules"] for number, row in enumerate(rows)},
    }
    known = read_changes({"sources": {written["date"]: written["sources"]}, "effects": effects}, _FILE).properties
    if wrong := [row["words"] for row in rows if not {"words", "rules"} <= row.keys() <= {"words", "rules", "own"}]:
        raise WrongKnowledgeError(f"{_FILE}: words, rules and own, not more, at {wrong[0]}")
    return tuple(
        _Row(tuple(row["words"]), known[str(number)], row.get("own", False)) for number, row in enumerate(rows)
    )
