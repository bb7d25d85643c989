"""Values as the judge sees them: what is known, what waits, what must not be shown, and how providers convert them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from dolmen.engine.plan import Asset, Placeholder, Reference, Secret, Unknown

LEFT = "‹"
"""Where a made-up part of a text begins."""
RIGHT = "›"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret with the value that it hides: only where programs are evaluated, and never in a message."""

    value: Any

    def __repr__(self) -> str:
        return "Hidden(…)"


_WAITING = (Unknown, Placeholder, Reference, Secret)


def shown(value: Any) -> Any:
    """The value itself, out of what hides it."""
    while isinstance(value, Hidden):
        value = value.value
    return value


def opened(value: Any) -> Any:
    """The value out of what hides it; what it holds stays hidden."""
    if not isinstance(value, Hidden):
        return value
    inner = shown(value)
    if isinstance(inner, dict):
        return {name: Hidden(item) for name, item in cast("dict[str, Any]", inner).items()}
    return [Hidden(item) for item in cast("list[Any]", inner)] if isinstance(inner, list) else inner


def hidden(value: Any) -> bool:
    """Whether a value, or anything in it, must not be shown."""
    if isinstance(value, Hidden | Secret):
        return True
    if isinstance(value, Mapping):
        return any(hidden(one) for one in cast("Mapping[str, Any]", value).values())
    return isinstance(value, list) and any(hidden(one) for one in cast("list[Any]", value))


def waits(value: Any) -> bool:
    """Whether nothing can be said of a value yet: the cloud gives it, or the plan had to make it up."""
    if isinstance(value, Hidden):
        value = shown(value)
    if isinstance(value, str):
        return LEFT in value
    if isinstance(value, dict):  # a made-up object shows its mark as its one key
        return any(LEFT in key for key in cast("dict[str, Any]", value))
    return isinstance(value, _WAITING)


def made_up(value: Any) -> bool:
    """Whether a value as a whole is the plan's own: the real one may be null."""
    value = shown(value)
    if isinstance(value, str):
        return value.startswith(LEFT) and value.endswith(RIGHT) and value.count(LEFT) == 1
    return isinstance(value, Placeholder) or (isinstance(value, dict) and waits(value))


def waits_inside(value: Any) -> bool:
    """Whether a value, or anything in it, is not known yet."""
    if waits(value):
        return True
    value = shown(value)
    if isinstance(value, dict):
        return any(waits_inside(one) for one in cast("dict[str, Any]", value).values())
    return isinstance(value, list) and any(waits_inside(one) for one in cast("list[Any]", value))


def noun(value: Any) -> str:
    """What a value is, in words that show nothing of it."""
    value = shown(value)
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Asset):
        return "an asset"
    return "an object"


WRONG = object()
"""A value that no conversion makes fit."""


def text(value: Any) -> Any:
    """As the provider reads it where it takes text: numbers, true and false are written out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) and not value.is_integer() else str(int(value))
    return value if isinstance(value, str) else WRONG


_TRUTHS = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_UNTRUTHS = frozenset({"0", "f", "F", "FALSE", "false", "False"})
"""How Go reads text as true or false. Source: https://pkg.go.dev/strconv#ParseBool"""


def boolean(value: Any, *, from_text: bool) -> Any:
    if isinstance(value, bool):
        return value
    if from_text and isinstance(value, str) and value in _TRUTHS | _UNTRUTHS:
        return value in _TRUTHS
    return WRONG


def number(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return WRONG
    try:
        found = float(value)
    except ValueError:
        return WRONG
    return found if math.isfinite(found) and value == value.strip() else WRONG


def whole(value: Any) -> bool:
    return float(value).is_integer()
