"""Makes results of lookups that nobody answered: data of the declared type, all of it marked as made up."""

from __future__ import annotations

import collections.abc
import enum
import hashlib
import json
import re
import typing
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from google.protobuf import struct_pb2
from pulumi import _types  # pyright: ignore[reportPrivateUsage]  # the SDK has no public way to its types

from dolmen.engine.numbers import AssumedFloat, AssumedInteger
from dolmen.engine.stand_ins import shown, stand_in
from dolmen.engine.values import canonical, signature

ASSUMED_LENGTH = 3
"""Elements of a list of scalars that had to be made up: enough for the usual three zones."""
_DEEPEST = 4
_LONGEST = 60
"""Characters of arguments in a label."""
SECRET_NAME = re.compile(r"passw(or)?d|passphrase|secret_?(string|binary|access_?key)|private_?key|token$", re.I)
"""Arguments that no label and no plan tells."""
_PLAIN = re.compile(r"[\w./:@+*-]+")


def label_of(token: str, arguments: Mapping[str, Any]) -> str:
    """What a lookup is called in labels: two lookups of two things are two, and what is looked for tells them apart.

    Arguments that are long, or no texts and numbers, are told by a few letters of their digest.
    """
    if not arguments:
        return token
    told = {
        name: "secret" if SECRET_NAME.search(name) else arguments[name]
        for name in sorted(arguments)
        if arguments[name] is not None
    }
    words = {name: [shown(str(one)) for one in _scalars(value)] for name, value in told.items()}
    text = ", ".join(f"{name}: {' '.join(found)}" for name, found in words.items())
    if len(text) > _LONGEST or not all(found and all(map(_PLAIN.fullmatch, found)) for found in words.values()):
        written = shown(json.dumps(told, sort_keys=True, default=str))
        text = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{token}({text})" if told else token


def _scalars(value: Any) -> list[Any]:
    """A text or number, or a list of them; nothing of what is neither."""
    found = value if isinstance(value, list) else [value]
    return found if all(isinstance(one, str | int | float) for one in found) else []


def placeholder_result(label: str, result_type: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A result of the declared type.

    What the caller gave comes back, as providers do, in the types that they give; the rest is made up.
    """
    if result_type is None or not _types.is_output_type(result_type):
        return {stand_in(label): stand_in(label)}
    fields: Mapping[str, Any] = _types.output_type_types(result_type)
    made: dict[str, Any] = {}
    for name, type_ in fields.items():
        given = fitting(arguments[name], type_) if name in arguments else None
        made[name] = placeholder(type_, f"{label}.{name}") if given is None else given
    return made


def fitting(given: Any, type_: Any) -> Any:
    """An argument in the type that a result declares; nothing where it can't be brought to that."""
    if isinstance(given, struct_pb2.Value):
        if signature(given) is not None:  # a secret, or an output: the SDK unpacks it
            return given
        given = canonical(given)
    type_ = _bare(type_)
    origin = typing.get_origin(type_)
    if given is None or type_ is Any:
        return given
    if type_ is bool:
        return {"true": True, "false": False}.get(str(given).lower())
    if type_ in (int, float):
        try:
            return type_(float(given))
        except (TypeError, ValueError):
            return None
    if origin in (list, collections.abc.Sequence):
        item = (typing.get_args(type_) or (Any,))[0]
        made = [fitting(one, item) for one in (given if isinstance(given, list) else [given])]
        return None if any(one is None for one in made) else made
    if origin in (dict, collections.abc.Mapping) or type_ is dict:
        return given if isinstance(given, dict) else None
    if isinstance(type_, type) and _types.is_output_type(type_):
        if not isinstance(given, dict):
            return None
        fields: Mapping[str, Any] = _types.output_type_types(type_)
        return {name: fitting(value, fields[name]) for name, value in given.items() if name in fields}
    if type_ is not str:  # an enum is the text, or the number, that it is made of
        return given
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dict | list):
        return json.dumps(given)
    return f"{given:g}" if isinstance(given, float) else str(given)


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
        return {stand_in(label): stand_in(label)}  # see placeholders.AssumedObject
    if isinstance(type_, type) and issubclass(type_, enum.Enum):
        return next(iter(type_)).value
    if isinstance(type_, type) and _types.is_output_type(type_):
        if depth >= _DEEPEST:
            return {}
        nested: Mapping[str, Any] = _types.output_type_types(type_)
        return {name: placeholder(inner, f"{label}.{name}", depth + 1) for name, inner in nested.items()}
    return stand_in(label)


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
