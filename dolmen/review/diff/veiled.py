"""Hides a value that is secret on the other side: neither is shown where one of both is.

Two lists are hidden item by item at the same place below them, since nobody says which item is which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from dolmen.engine.plan import Resource, Secret, Unknown

_ITEM = 0
"""Stands for any index of a list."""
PLAIN = "plain "
"""Begins the fingerprint of a value that its own side shows."""
_Place = tuple["str | int", ...]


def veiled(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Both sides, each without what the other one keeps secret."""
    return _without(old, _secrets(new, ())), _without(new, _secrets(old, ()))


def veiled_resources(old: Resource, new: Resource) -> tuple[Resource, Resource]:
    before, after = veiled(old.inputs, new.inputs)
    if before is old.inputs and after is new.inputs:
        return old, new
    return replace(old, inputs=before), replace(new, inputs=after)


def _secrets(value: Any, place: _Place) -> frozenset[_Place]:
    if isinstance(value, Secret):
        return frozenset({place})
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Any]", value).items()
        return frozenset().union(*(_secrets(inner, (*place, name)) for name, inner in entries))
    if isinstance(value, list):
        return frozenset().union(*(_secrets(item, (*place, _ITEM)) for item in cast("list[Any]", value)))
    return frozenset()


def _without(values: Mapping[str, Any], hidden: frozenset[_Place]) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", _hide(values, (), hidden)) if hidden else values


def _hide(value: Any, place: _Place, hidden: frozenset[_Place]) -> Any:
    if value is None or isinstance(value, Secret | Unknown):
        return value
    if place in hidden:
        return _plain(value)
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Any]", value).items()
        return {name: _hide(inner, (*place, name), hidden) for name, inner in entries}
    if isinstance(value, list):
        return [_hide(item, (*place, _ITEM), hidden) for item in cast("list[Any]", value)]
    if any(other[: len(place)] == place for other in hidden):  # the other side has a secret inside what stands here
        return _plain(value)
    return value


def _plain(value: Any) -> Secret:
    digest = hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()
    return Secret(f"{PLAIN}{digest}")
