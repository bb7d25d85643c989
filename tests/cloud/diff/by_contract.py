"""Diff for what nobody measured: newer properties, and types without constraints. Inputs are compared as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.cloud.kinds import kind


@dataclass(frozen=True)
class ByContract:
    """What changes at which path, and what the contract says of it."""

    changed: Mapping[str, str]
    """Path → `ADD`, `DELETE` or `UPDATE`."""
    replacing: tuple[str, ...]
    refused: tuple[str, ...]


def changes(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, `ADD` | `DELETE` | `UPDATE`) of each leaf that differs."""
    if isinstance(old, dict) and new is None and old:
        new = {}
    if isinstance(new, dict) and old is None and new:
        old = {}
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from changes(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from changes(before, after, f"{path}[{index}]")
    elif old != new:
        yield path, "ADD" if old is None else "DELETE" if new is None else "UPDATE"


def without_indices(path: str) -> str:
    return "".join(part.split("]")[-1] for part in path.split("["))


def by_contract(token: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> ByContract:
    """The answer by names and types alone, for the given properties."""
    found = kind(token)
    rules = {path: found.rule(without_indices(path), old, new) for path, _ in changes(dict(old), dict(new))}
    return ByContract(
        changed={path: how for path, how in changes(dict(old), dict(new)) if rules[path] != "none"},
        replacing=tuple(path for path, rule in rules.items() if rule == "replace"),
        refused=tuple(sorted(path for path, rule in rules.items() if rule == "planError")),
    )
