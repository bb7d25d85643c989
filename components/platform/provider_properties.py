"""What a provider's SDK says of a resource's properties: which there are, who sets them, what they hold.

Read off the classes of the SDK that the program itself uses, so that it is never older than that. Whether the provider
takes a value (a word of its list, a number in its range) is the provider's to say: `dolmen plan` and every preview ask.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias

import pulumi
from pulumi import _types  # pyright: ignore[reportPrivateUsage]  (the SDK's own reading of its generated classes)
from pydantic import JsonValue

from ..arguments import Place, Problem, closest

Shape: TypeAlias = Mapping[str, object]
"""Property, in the provider's spelling → the type of its value."""


def property_problems(kind: type[pulumi.Resource], name: str, value: JsonValue) -> Iterator[Problem]:
    """What is wrong with a property written for a resource of this class. `null` leaves it out."""
    settable = settable_properties(kind)
    if name not in settable:
        yield _no_such(kind, name, settable)
    elif value is not None:
        yield from _type_problems(settable[name], value, ())


@cache
def settable_properties(kind: type[pulumi.Resource]) -> Shape:
    """What a program may give a resource of this class; empty where its SDK does not say."""
    args = getattr(sys.modules[kind.__module__], f"{kind.__name__}Args", None)
    return _types.input_type_types(args) if args is not None else {}


def _no_such(kind: type[pulumi.Resource], name: str, settable: Shape) -> Problem:
    if name in _types.resource_types(kind):
        return Problem((), "Only the provider sets this property.", "Remove it.")
    meant = closest(name, settable)
    remedy = f"Did you mean {meant}?" if meant else "Its properties stand in the provider's reference, in camelCase."
    return Problem((), f"{kind.__name__} has no property of this name.", remedy)


_SCALARS: Mapping[object, tuple[str, tuple[type, ...]]] = {
    str: ("Text", (str,)),
    bool: ("true or false", (bool,)),
    int: ("A whole number", (int,)),
    float: ("A number", (int, float)),
}


def _type_problems(hint: object, value: JsonValue, place: Place) -> Iterator[Problem]:
    """What a value has that its type does not; nothing where the type leaves a choice."""
    hint = _plain(hint)
    origin, inner = typing.get_origin(hint) or hint, typing.get_args(hint)
    if hint is None or value is None:
        return
    if origin in _SCALARS:
        word, accepted = _SCALARS[origin]
        if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted):
            yield Problem(place, f"{word} is expected here.", "Write it as such.")
    elif isinstance(origin, type) and _types.is_input_type(origin):
        yield from _object_problems(origin, value, place)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            yield Problem(place, "A mapping is expected here.", "Write key: value.")
            return
        for key, item in value.items():
            yield from _type_problems(inner[-1], item, (*place, key))
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        if not isinstance(value, list):
            yield Problem(place, "A list is expected here.", "Write [ … ].")
            return
        for index, item in enumerate(value):
            yield from _type_problems(inner[0], item, (*place, index))


def _object_problems(kind: type, value: JsonValue, place: Place) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(place, "A mapping is expected here.", "Write key: value.")
        return
    fields: Shape = _types.input_type_types(kind)
    for key, item in value.items():
        if key in fields:
            yield from _type_problems(fields[key], item, (*place, key))
        else:
            meant = closest(key, fields)
            remedy = f"Did you mean {meant}?" if meant else f"There are {', '.join(sorted(fields))}."
            yield Problem((*place, key), "There is no property of this name here.", remedy)


def _plain(hint: object) -> object:
    """The type of the plain value of an input; `None` where there is none, or several."""
    if isinstance(hint, type) or typing.get_origin(hint) is None:
        return hint if isinstance(hint, type) and not issubclass(hint, pulumi.Output | Awaitable) else None
    if (typing.get_origin(hint) or hint) in (typing.Union, type(int | str)):
        found = [plain for part in typing.get_args(hint) if part is not type(None) and (plain := _plain(part))]
        return found[0] if len(found) == 1 else None
    origin = typing.get_origin(hint)
    return None if isinstance(origin, type) and issubclass(origin, pulumi.Output | Awaitable) else hint
