"""Reads values of a program from typed JSON, as foreign input."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from dolmen.engine.plan import Asset, Placeholder, Reference, Secret, Unknown, Value
from dolmen.engine.wire.foreign import MisfitError
from dolmen.engine.wire.limits import DEEPEST, LARGEST_INTEGER, LONGEST_NAME, SMALL_INTEGER

_HEXADECIMAL = re.compile(r"-?0x[1-9a-f][0-9a-f]*")
_NOT_FINITE = ("nan", "inf", "-inf")


def value(data: Any, depth: int = 0) -> Value:
    """A value, written as `encode.value` does and in no other way. Raises `MisfitError`."""
    kind = type(data)
    if kind is str or kind is bool or data is None:
        return data
    if kind is int:
        return small(data)
    if kind is float:
        return finite(data)
    if depth == DEEPEST:
        raise MisfitError(f"at most {DEEPEST} levels are taken")
    if kind is dict:
        return entries(data, lambda item: item if type(item) is str else value(item, depth + 1))
    if kind is not list or not data or type(data[0]) is not str:
        raise MisfitError("a value is needed")
    if data[0] == "list":
        return items(data, lambda item: value(item, depth + 1), 1)
    known = _KINDS.get(data[0])
    if known is None:
        raise MisfitError("it is no kind of value")
    length, read = known
    if len(data) != length:
        raise MisfitError("a value of this kind has another length")
    return read(*data[1:])


def plain(data: Any, depth: int = 0) -> Any:
    """What an observer found that says no type: JSON as it is. Raises `MisfitError`."""
    kind = type(data)
    if kind is float:
        return finite(data)
    if kind is int:
        return small(data)
    if kind is not dict and kind is not list:
        return data
    if depth == DEEPEST:
        raise MisfitError(f"at most {DEEPEST} levels are taken")
    return (entries if kind is dict else items)(data, lambda item: plain(item, depth + 1))


def entries(data: dict[str, Any], read: Callable[[Any], Any]) -> dict[str, Any]:
    """A map. A place in it is told by its number, since a key is the program's."""
    found: dict[str, Any] = {}
    try:
        for key, item in data.items():
            if len(key) > LONGEST_NAME:
                raise MisfitError(f"a key has more than {LONGEST_NAME} characters")
            found[key] = read(item)
    except MisfitError as error:
        error.steps.append(f"{{{len(found)}}}")
        raise
    return found


def items(data: list[Any], read: Callable[[Any], Any], start: int = 0) -> list[Any]:
    found: list[Any] = []
    try:
        for item in data[start:] if start else data:
            found.append(read(item))  # noqa: PERF401 (how many were read says where it went wrong)
    except MisfitError as error:
        error.steps.append(f"[{len(found)}]")
        raise
    return found


def small(number: int) -> int:
    if number.bit_length() > SMALL_INTEGER:
        raise MisfitError(f"an integer has more than {SMALL_INTEGER} bits")
    return number


def finite(number: float) -> float:
    if not math.isfinite(number):  # JSON has no constant for it, but `1e999`
        raise MisfitError("a number is not finite")
    return number


def text(data: Any) -> str:
    if type(data) is not str:
        raise MisfitError("text is needed")
    return data


def _text_or_none(data: Any) -> str | None:
    return None if data is None else text(data)


def _integer(data: Any) -> int:
    if len(text(data)) > LARGEST_INTEGER // 4 + len("-0x") or not _HEXADECIMAL.fullmatch(data):
        raise MisfitError("an integer is needed, in hexadecimal")
    number = int(data, 16)
    if number.bit_length() <= SMALL_INTEGER:
        raise MisfitError("an integer of this size is written as a number")
    return number


def _float(data: Any) -> float:
    if text(data) not in _NOT_FINITE:
        raise MisfitError("nan, inf or -inf is needed")
    return float(data)


_KINDS: dict[str, tuple[int, Callable[..., Value]]] = {
    "unknown": (1, Unknown),
    "secret": (2, lambda fingerprint: Secret(_text_or_none(fingerprint))),
    "placeholder": (2, lambda label: Placeholder(text(label))),
    "resource": (2, lambda urn: Reference(text(urn))),
    "asset": (
        4,
        lambda kind, source, fingerprint: Asset(text(kind), text(source), _text_or_none(fingerprint)),
    ),
    "integer": (2, _integer),
    "float": (2, _float),
}
"""Kind → the length of its array, and what reads the rest."""
