"""Whether the `when` of an effect rule holds: yes, no, or not to be known before apply (`None`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.knowledge.effects import Alteration, When
from dolmen.review.diff.values import MISSING, Difference, PropertyChange, at, has_unknown, hides, is_unknown


@dataclass(frozen=True, slots=True)
class Situation:
    old_inputs: Mapping[str, Any]
    new_inputs: Mapping[str, Any]
    changed: frozenset[str]
    """Paths without indices of everything that changes in the same update."""


def holds(when: When, change: PropertyChange, situation: Situation) -> bool | None:
    return _every(_answers(when, change, situation))


def _answers(when: When, change: PropertyChange, situation: Situation) -> Iterator[bool | None]:
    may_change = change.difference is Difference.MAY_CHANGE
    if when.change:
        yield _any(_is(one, change, situation) for one in when.change)
    if when.from_ is not None:
        yield _fits(change.old, when.from_)
    if when.to is not None:
        yield None if may_change else _fits(change.new, when.to)
    for path, expected in when.now.items():
        yield _any(_fits(value, expected) for value in gathered(situation.new_inputs, path))
    for path, expected in when.was.items():
        yield _any(_fits(value, expected) for value in gathered(situation.old_inputs, path))
    for path in when.also:
        yield any(_below(path, changed) for changed in situation.changed)
    for path in when.not_also:
        yield not any(_below(path, changed) for changed in situation.changed)


def _is(alteration: Alteration, change: PropertyChange, situation: Situation) -> bool | None:
    old, new = change.old, change.new
    if alteration is Alteration.MAY_CHANGE:
        return change.difference is Difference.MAY_CHANGE
    if alteration is Alteration.NOT_KNOWN:
        return new is not MISSING and is_unknown(new)
    if alteration is Alteration.EMPTIED:
        return new == [] or at(situation.new_inputs, change.path[:-1]) == []
    if alteration is Alteration.REORDERED:
        return change.difference is Difference.ORDER
    if change.difference is Difference.ORDER:
        return False
    if alteration is Alteration.ADDED:
        return old is MISSING
    if alteration is Alteration.REMOVED:
        return new is MISSING
    if change.difference is Difference.MAY_CHANGE or (new is not MISSING and hides(new)):
        return None
    if alteration is Alteration.TURNED_ON:
        return new is True
    if alteration is Alteration.TURNED_OFF:
        return new is False or new is MISSING
    before, after = size(old), size(new)
    if before is None or after is None:
        return None if hides(old) else False
    return before < after if alteration is Alteration.RAISED else before > after


def size(value: Any) -> tuple[int, ...] | None:
    """What can be ordered: numbers, versions (`8.0`), sizes (`M20`), protocols (`TLS1_2`)."""
    if isinstance(value, bool) or value is MISSING:
        return None
    if isinstance(value, int | float):
        return (int(value), int(value % 1 * 1000))
    if isinstance(value, str) and (found := re.findall(r"\d+", value)):
        return tuple(int(number) for number in found)
    return None


def _fits(value: Any, expected: tuple[Any, ...]) -> bool | None:
    if value is not MISSING and has_unknown(value):
        return True if "set" in expected and len(expected) == 1 else None
    if value is not MISSING and hides(value):  # secret: that it is set, everybody knows
        return "set" in expected if {"set", "not set"}.issuperset(map(str, expected)) else None
    return any(_fits_one(value, one) for one in expected)


def _fits_one(value: Any, expected: Any) -> bool:
    if expected == "set":
        return value is not MISSING
    if expected == "not set":
        return value is MISSING
    if isinstance(expected, Mapping):
        if "starts with" in expected:
            return isinstance(value, str) and value.startswith(expected["starts with"])
        limit = size(next(iter(expected.values())))
        actual = size(value)
        if limit is None or actual is None:
            return False
        return actual < limit if "below" in expected else actual >= limit
    if value is MISSING or isinstance(value, bool) != isinstance(expected, bool):
        return False
    return value == expected


def gathered(inputs: Mapping[str, Any], path: str) -> list[Any]:
    """Every value at a path without indices; one `MISSING` where there is none."""
    found: list[Any] = [inputs]
    for name in path.split("."):
        found = [item for value in found for item in _items(value)]
        found = [value.get(name, MISSING) if isinstance(value, Mapping) else value for value in found]
    return [MISSING if value is None else value for value in found] or [MISSING]


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _below(outer: str, inner: str) -> bool:
    return inner == outer or inner.startswith(outer + ".")


def _every(answers: Iterable[bool | None]) -> bool | None:
    given = set(answers)
    return False if False in given else None if None in given else True


def _any(answers: Iterable[bool | None]) -> bool | None:
    given = set(answers)
    return True if True in given else None if None in given else False
