"""Answers lookups from the lookups file, or with marked placeholders."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from dolmen.engine.lookup_results import label_of, placeholder_result
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Position
from dolmen.engine.stand_ins import shown
from dolmen.engine.values import OUTPUT, SECRET, canonical, holds_unknown, signature, to_protobuf, walk

Note = Callable[[str, str, str], None]
"""Tells the reader of the plan something: kind, subject, detail."""


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
    label: str = ""
    """What the placeholders of its result are called by."""
    made_up: frozenset[str] = frozenset()
    """Fields of the result that nobody gave."""


expected: contextvars.ContextVar[Expectation] = contextvars.ContextVar("expected", default=Expectation())  # noqa: B039


class Invokes:
    def __init__(self, lookups: Lookups) -> None:
        self.lookups = lookups
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
        plain = {name: shown_data(canonical(value)) for name, value in arguments.fields.items()}
        given = self.lookups.find(call.tok, plain)
        self.record(call.tok, "assumed" if given is None else "given", expectation, arguments)
        if given is None and expectation.output_form and self.lookups.output_forms_unknown:
            note("assumed", call.tok, "The result of this lookup is unknown.")
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        if given is None:
            note("assumed", call.tok, "The result of this lookup is made of placeholders.")
        result = given or {}
        if given is None or expectation.result_type is not None:
            expectation.label = label_of(call.tok, {name: _public(value) for name, value in arguments.fields.items()})
            made = placeholder_result(expectation.label, expectation.result_type, arguments.fields)
            expectation.made_up = frozenset(made.keys() - result.keys() - arguments.fields.keys())
            result = {**made, **result}
        return returning(resource_pb2.ResourceInvokeResponse(), to_protobuf(result).struct_value)

    def record(
        self, token: str, outcome: str, expectation: Expectation, arguments: struct_pb2.Struct | None = None
    ) -> None:
        """Note a lookup; one without `arguments` the SDK did not make, as they are unknown."""
        given = arguments or struct_pb2.Struct()
        with self._lock:
            self.answers.append(Answer(token, given, outcome, expectation.source, expectation.output_form))


def shown_data(value: Any) -> Any:
    """Plain data with marks, as a lookups file has them."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, Mapping):
        return {shown(str(name)): shown_data(item) for name, item in value.items()}
    return [shown_data(item) for item in value] if isinstance(value, list | tuple) else value


def _public(value: struct_pb2.Value) -> Any:
    """An argument as a label may tell it."""
    return "secret" if any(signature(part) in (SECRET, OUTPUT) for part in walk(value)) else canonical(value)


def returning(response: Any, result: struct_pb2.Struct) -> Any:
    """The response with its field `return`, which is no name in Python."""
    getattr(response, "return").CopyFrom(result)
    return response
