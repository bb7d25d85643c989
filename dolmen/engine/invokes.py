"""Answers lookups from the lookups file, or with marked placeholders."""

from __future__ import annotations

import collections.abc
import contextvars
import enum
import threading
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2
from pulumi import _types  # pyright: ignore[reportPrivateUsage]  # the SDK has no public way to its types
from pulumi.runtime.proto import resource_pb2

from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Position
from dolmen.engine.values import canonical, holds_unknown, mark, to_protobuf

Note = Callable[[str, str, str], None]
"""Tells the reader of the plan something: kind, subject, detail."""
ASSUMED_LENGTH = 3
"""Elements of a list of scalars that had to be made up: enough for the usual three zones."""
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """A lookup as it was answered, its arguments still in protobuf."""

    token: str
    arguments: struct_pb2.Struct
    outcome: str
    source: Position | None
    output_form: bool


@dataclass(slots=True)
class Expectation:
    """What the SDK's function says about the call it is making."""

    result_type: Any = None
    output_form: bool = False
    source: Position | None = None
    asked: bool = False
    """Whether the call reached the monitor: the SDK makes none while its arguments are unknown."""


expected: contextvars.ContextVar[Expectation] = contextvars.ContextVar("expected", default=Expectation())  # noqa: B039


class Invokes:
    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self._lock = threading.Lock()
        self.answers: list[Answer] = []

    def answer(self, call: Any, note: Note, *, deferred: bool) -> Any:
        """Answer a call as the engine would.

        `deferred`: what it depends on is yet to be created.
        """
        expectation = expected.get()
        expectation.asked = True
        arguments = struct_pb2.Struct()
        arguments.CopyFrom(call.args)
        if deferred or any(holds_unknown(value) for value in arguments.fields.values()):
            self.record(call.tok, "deferred", expectation, arguments)
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        plain = {name: canonical(value) for name, value in arguments.fields.items()}
        given = self._lookups.find(call.tok, plain)
        self.record(call.tok, "assumed" if given is None else "given", expectation, arguments)
        if given is None and expectation.output_form and self._lookups.output_forms_unknown:
            note("assumed", call.tok, "The result of this lookup is unknown.")
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        if given is None:
            note("assumed", call.tok, "The result of this lookup is made of placeholders.")
        result = given or {}
        if given is None or expectation.result_type is not None:
            result = {**placeholder_result(call.tok, expectation.result_type, arguments.fields), **result}
        return returning(resource_pb2.ResourceInvokeResponse(), to_protobuf(result).struct_value)

    def record(
        self, token: str, outcome: str, expectation: Expectation, arguments: struct_pb2.Struct | None = None
    ) -> None:
        """Note a lookup; one without `arguments` the SDK did not make, as they are unknown."""
        given = arguments or struct_pb2.Struct()
        with self._lock:
            self.answers.append(Answer(token, given, outcome, expectation.source, expectation.output_form))


def returning(response: Any, result: struct_pb2.Struct) -> Any:
    """The response with its field `return`, which is no name in Python."""
    getattr(response, "return").CopyFrom(result)
    return response


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
