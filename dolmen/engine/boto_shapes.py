"""Makes results of AWS calls from botocore's own models, all of it marked as made up."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping
from typing import Any

from dolmen.engine.numbers import AssumedFloat, AssumedInteger
from dolmen.engine.placeholders import AssumedList, AssumedObject, AssumedText
from dolmen.engine.stand_ins import stand_in

_DEEPEST = 9
_NEXT_PAGE = re.compile(r"(next|continuation|pagination|last)\w*(token|marker|key|page|name)|marker|position", re.I)
"""Members that say that there is more: a program would ask for it without end."""
_WRONG = re.compile(r"fail|error|unprocessed|rejected|invalid", re.IGNORECASE)
"""Members that say what went wrong: a call that is made up succeeds."""
_STATE = re.compile(r"(status|state)$", re.IGNORECASE)
_DONE = frozenset(
    [
        "active",
        "attached",
        "available",
        "complete",
        "completed",
        "create_complete",
        "deployed",
        "enabled",
        "healthy",
        "in-service",
        "inservice",
        "in-use",
        "issued",
        "ready",
        "running",
        "success",
        "succeeded",
        "successful",
        "update_complete",
        "verified",
    ]
)
"""States that programs wait for, in small letters."""


class AssumedState(AssumedText):
    """A made-up state, which is the one that a program waits for."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True or (isinstance(other, str) and other.lower() in _DONE)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class AssumedTime(datetime.datetime):
    """A made-up time."""

    label = "boto3 time"

    @classmethod
    def at(cls, label: str) -> AssumedTime:
        made = cls(2000, 1, 1, tzinfo=datetime.UTC)
        made.label = label
        return made

    def __str__(self) -> str:
        return stand_in(self.label)

    def isoformat(self, *_: Any, **__: Any) -> str:
        return str(self)

    def strftime(self, format: str) -> str:  # noqa: ARG002 (the library's own name)
        return str(self)

    def __format__(self, spec: str) -> str:
        return str(self)


def result(shape: Any, label: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A call's result in the types that its model declares; what is `given` of it is taken as it is."""
    if shape is None:
        return dict(given or {})
    made = _structure(shape, label, ())
    for name, value in (given or {}).items():
        made[name] = typed(value, shape.members[name]) if name in shape.members else value
    return made


def _made(shape: Any, name: str, label: str, above: tuple[str, ...]) -> Any:
    match shape.type_name:
        case "structure":
            if getattr(shape, "is_document_type", False) or shape.name in above or len(above) > _DEEPEST:
                return AssumedObject(label)
            return _structure(shape, label, above)
        case "list":
            deep = shape.member.name in above or len(above) > _DEEPEST
            return AssumedList([] if deep or _WRONG.search(name) else [_made(shape.member, name, f"{label}[0]", above)])
        case "map":
            return _mapping(shape, label, above)
        case "boolean":
            return AssumedInteger.of(0, label)
        case "integer" | "long":
            return AssumedInteger.of(0 if _WRONG.search(name) else 1, label)
        case "float" | "double":
            return AssumedFloat.of(1, label)
        case "timestamp":
            return AssumedTime.at(label)
        case "blob":
            return stand_in(label).encode()
        case _:
            return AssumedState.of(label) if _STATE.search(name) else AssumedText.of(label)


def _mapping(shape: Any, label: str, above: tuple[str, ...]) -> AssumedObject:
    """A made-up mapping whose one visible entry has the declared type."""
    made = AssumedObject(label)
    if shape.value.type_name == "structure" and shape.value.name not in above and len(above) <= _DEEPEST:
        value = _structure(shape.value, label, above)
        if shape.value.name == "AttributeValue":  # of DynamoDB: one of several types
            value = {"S": value["S"]}
        made[next(iter(made))] = value
    return made


def _structure(shape: Any, label: str, above: tuple[str, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, member in shape.members.items():
        kind = member.type_name
        if not above and _NEXT_PAGE.fullmatch(name):
            continue
        if _WRONG.search(name) and kind not in ("list", "integer", "long") and name not in shape.required_members:
            continue
        inner = f"{label}.{name}"
        if kind == "blob" and member.serialization.get("streaming", name == shape.serialization.get("payload")):
            made[name] = stream(stand_in(inner).encode())
        else:
            made[name] = _made(member, name, inner, (*above, shape.name))
    return made


def stream(data: bytes) -> Any:
    """What botocore gives for the body of an object."""
    from botocore.response import StreamingBody

    return StreamingBody(io.BytesIO(data), len(data))


def typed(value: Any, shape: Any) -> Any:
    """A value of a lookups file in the type that the model declares."""
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            return {k: typed(v, shape.members[k]) if k in shape.members else v for k, v in value.items()}
        case "list" if isinstance(value, list):
            return [typed(item, shape.member) for item in value]
        case "map" if isinstance(value, dict):
            return {key: typed(item, shape.value) for key, item in value.items()}
        case "timestamp" if isinstance(value, str):
            return datetime.datetime.fromisoformat(value)
        case "blob" if isinstance(value, str):
            data = value.encode()
            return stream(data) if shape.serialization.get("streaming") else data
        case _:
            return value
