"""Answers lookups from the lookups file, or with marked placeholders."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from dolmen.engine.lookup_results import placeholder_result
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Position
from dolmen.engine.values import canonical, holds_unknown, to_protobuf

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
    made_up: frozenset[str] = frozenset()
    """Fields of the result that nobody gave."""


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
            made = placeholder_result(call.tok, expectation.result_type, arguments.fields)
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


def returning(response: Any, result: struct_pb2.Struct) -> Any:
    """The response with its field `return`, which is no name in Python."""
    getattr(response, "return").CopyFrom(result)
    return response
