"""Makes results of lookups that nobody answered: data of the declared type, all of it marked as made up."""

from __future__ import annotations

import collections.abc
import enum
import typing
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pulumi import _types  # pyright: ignore[reportPrivateUsage]  # the SDK has no public way to its types

from dolmen.engine.numbers import AssumedFloat, AssumedInteger
from dolmen.engine.values import mark

ASSUMED_LENGTH = 3
"""Elements of a list of scalars that had to be made up: enough for the usual three zones."""
_DEEPEST = 4


def placeholder_result(token: str, result_type: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A result of the declared type.

    What the caller gave comes back, as providers do; the rest is made up.
    """
    if result_type is None or not _types.is_output_type(result_type):
        return {mark(token): mark(token)}
    fields: Mapping[str, Any] = _types.output_type_types(result_type)
    return {
        name: arguments[name] if name in arguments else placeholder(type_, f"{token}.{name}")
        for name, type_ in fields.items()
    }


def placeholder(type_: Any, label: str, depth: int = 0) -> Any:
    """Data of a declared type whose texts are marked with `label`."""
    type_ = _bare(type_)
    origin = typing.get_origin(type_)
    if type_ is bool:
        return False
    if type_ is int or type_ is float:
        return 1
    if origin in (list, collections.abc.Sequence):
        item = _bare((typing.get_args(type_) or (str,))[0])
        if depth >= _DEEPEST:
            return []
        count = 1 if isinstance(item, type) and _types.is_output_type(item) else ASSUMED_LENGTH
        return [placeholder(item, f"{label}[{i}]", depth + 1) for i in range(count)]
    if origin in (dict, collections.abc.Mapping) or type_ is dict:
        return {mark(label): mark(label)}  # see placeholders.AssumedObject
    if isinstance(type_, type) and issubclass(type_, enum.Enum):
        return next(iter(type_)).value
    if isinstance(type_, type) and _types.is_output_type(type_):
        if depth >= _DEEPEST:
            return {}
        nested: Mapping[str, Any] = _types.output_type_types(type_)
        return {name: placeholder(inner, f"{label}.{name}", depth + 1) for name, inner in nested.items()}
    return mark(label)


def mark_numbers(result: Any, type_: Any, token: str, made_up: Collection[str]) -> None:
    """Put marked numbers in the place of those that were made up, in a result as the SDK built it.

    They can't be marked on their way: the SDK checks the types of what it builds. A boolean becomes a marked 0.
    """
    if not _types.is_output_type(type(result)):
        return
    for key, name, field in _fields(type_):
        if name in made_up:
            _replace(result, key, name, _marked(_held(result, key, name), field, f"{token}.{name}"))


def _marked(value: Any, type_: Any, label: str) -> Any:
    type_ = _bare(type_)
    if type_ is bool and isinstance(value, bool):
        return AssumedInteger.of(0, label)
    if type_ in (int, float) and isinstance(value, int | float):
        return (AssumedInteger if type_ is int else AssumedFloat).of(value, label)
    if typing.get_origin(type_) in (list, collections.abc.Sequence) and isinstance(value, list):
        item = (typing.get_args(type_) or (str,))[0]
        value[:] = [_marked(inner, item, f"{label}[{i}]") for i, inner in enumerate(value)]
    elif _types.is_output_type(type(value)):
        for key, name, field in _fields(type_):
            _replace(value, key, name, _marked(_held(value, key, name), field, f"{label}.{name}"))
    return value


def _fields(type_: Any) -> Iterator[tuple[str, str, Any]]:
    """Each field's name in Python and in the schema, and its type."""
    if isinstance(type_, type) and _types.is_output_type(type_):
        types: Mapping[str, Any] = _types.output_type_types(type_)
        for key, name, _ in _types._py_properties(type_):  # pyright: ignore[reportPrivateUsage]
            if name in types:
                yield key, name, types[name]


def _held(result: Any, key: str, name: str) -> Any:
    fields = result if isinstance(result, dict) else result.__dict__
    return dict.get(fields, key, dict.get(fields, name))


def _replace(result: Any, key: str, name: str, value: Any) -> None:
    fields = result if isinstance(result, dict) else result.__dict__
    for one in (key, name):
        if dict.__contains__(fields, one):
            dict.__setitem__(fields, one, value)


def _bare(type_: Any) -> Any:
    """The type without `Optional`, `Output` and `Input` around it.

    Of a union, its first member.
    """
    for _ in range(8):
        unwrapped = _types.unwrap_type(type_)
        if typing.get_origin(unwrapped) is typing.Union:
            unwrapped = next((arg for arg in typing.get_args(unwrapped) if arg is not type(None)), str)
        if unwrapped is type_:
            break
        type_ = unwrapped
    return type_
