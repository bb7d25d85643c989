"""Answers what a program asks of the world by other ways than lookups: boto3, commands, HTTP.

What it asks stands in the plan like any lookup, with the token and the arguments by which the lookups file answers it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.engine.invokes import Expectation, Invokes, shown_data
from dolmen.engine.lookup_results import SECRET_NAME
from dolmen.engine.plan import Position
from dolmen.engine.values import secret_value, to_protobuf


@dataclass(frozen=True, slots=True)
class Asking:
    """How a question is looked up in the lookups file, and put on record."""

    invokes: Invokes
    note: Callable[[str, str, str], None]
    here: Callable[[], Position | None]
    """The program's own line."""

    def find(self, token: str, arguments: Mapping[str, Any], otherwise: str) -> Mapping[str, Any] | None:
        """What the lookups file says, if anything; `otherwise` is the outcome on record if it says nothing."""
        told = shown_data(plain(arguments))
        given = self.invokes.lookups.answer(token, told)
        outcome = otherwise if given is None else "given"
        struct = to_protobuf(plain(arguments)).struct_value
        for name, value in list(struct.fields.items()):
            if SECRET_NAME.search(name):
                struct.fields[name].CopyFrom(secret_value(value))
        self.invokes.record(token, outcome, Expectation(source=self.here()), struct)
        return given


def plain(value: Any) -> Any:
    """Arguments as JSON has them."""
    return json.loads(json.dumps(value, default=_text))


def _text(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "replace")
    if hasattr(value, "read"):
        return "(a stream)"
    return str(value)
