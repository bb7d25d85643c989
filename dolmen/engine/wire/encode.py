"""Writes a plan as typed JSON, in the process that evaluated it.

Needs nothing but the standard library: it runs in the project's interpreter.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from dolmen.engine.plan import Asset, Placeholder, Plan, Reference, Secret, Unknown
from dolmen.engine.wire.limits import SMALL_INTEGER

_VALUE = re.compile(r"\bValue\b")


def plan_json(plan: Plan) -> bytes:
    """A plan on one line. Raises `TypeError` and `ValueError` where a finding of it is no data."""
    _check_keys(plan.findings)
    return json_bytes(plan)


def json_bytes(data: Any) -> bytes:
    """Dataclasses, tuples, maps and scalars on one line. Raises `TypeError` and `ValueError`."""
    return _ENCODER.encode(data).encode("utf-8", "surrogatepass")


def _other(data: Any) -> Any:
    """What JSON has no form of."""
    if dataclasses.is_dataclass(data) and not isinstance(data, type):
        written = {name: getattr(data, name) for name in _names(type(data))}
        for name in _of_values(type(data)):
            written[name] = value(written[name])
        return written
    if isinstance(data, Mapping):
        return dict(cast("Mapping[Any, Any]", data))
    if isinstance(data, datetime.date):
        return data.isoformat()
    if isinstance(data, bytes):
        return data.hex()
    raise TypeError(f"{type(data).__name__} is no data that can be handed over")


class _Encoder(json.JSONEncoder):
    """JSON as it is written before a program runs, which may change the module's functions."""

    encode = json.JSONEncoder.encode
    iterencode = json.JSONEncoder.iterencode


_ENCODER = _Encoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"), default=_other)


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(kind))


@functools.cache
def _of_values(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that hold values of a program, by their annotation."""
    return tuple(one.name for one in dataclasses.fields(kind) if _VALUE.search(str(one.type)))


def value(data: Any) -> Any:
    """A value of a program. Raises `TypeError` for what is none."""
    if isinstance(data, str | bool) or data is None:
        return data
    if isinstance(data, Mapping):
        entries = cast("Mapping[Any, Any]", data)
        return {
            key if type(key) is str else _key(key): item if type(item) is str else value(item)
            for key, item in entries.items()
        }
    if isinstance(data, list | tuple):
        return ["list", *[value(item) for item in cast("list[Any]", data)]]
    if isinstance(data, int):
        return int(data) if data.bit_length() <= SMALL_INTEGER else ["integer", hex(data)]
    if isinstance(data, float):
        return float(data) if math.isfinite(data) else ["float", str(float(data))]
    write = _KINDS.get(type(data))
    if write is None:
        raise TypeError(f"{type(data).__name__} is no value that can be handed over")
    return write(data)


_KINDS: dict[type, Callable[[Any], list[Any]]] = {
    Unknown: lambda _: ["unknown"],
    Secret: lambda one: ["secret", one.fingerprint],
    Placeholder: lambda one: ["placeholder", one.label],
    Reference: lambda one: ["resource", one.urn],
    Asset: lambda one: ["asset", one.kind, one.source, one.fingerprint],
}


def _check_keys(data: Any) -> None:
    """Refuse keys that JSON would make texts of."""
    if isinstance(data, Mapping):
        for key, item in cast("Mapping[Any, Any]", data).items():
            _key(key)
            _check_keys(item)
    elif isinstance(data, list | tuple):
        for item in cast("list[Any]", data):
            _check_keys(item)


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    raise TypeError(f"A map with a key of type {type(key).__name__} is no data that can be handed over")
