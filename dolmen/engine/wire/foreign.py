"""Reads JSON that a foreign process wrote."""

from __future__ import annotations

import json
from typing import Any

from dolmen.engine.wire.limits import LARGEST_RESULT, MOST_PARTS


class ForeignDataError(ValueError):
    """Data that is not what it should be.

    The text is one sentence, safe to print: a place and the rule that is broken there, nothing of the data.
    """


class MisfitError(Exception):
    """What is wrong at one place; those that call the reader of that place add where it is."""

    def __init__(self, rule: str, *steps: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.steps = list(steps)
        """The place as a path, innermost step first."""

    def __str__(self) -> str:
        place = "".join(reversed(self.steps)).removeprefix(".")
        return f"{place}: {self.rule}." if place else f"{self.rule[:1].upper()}{self.rule[1:]}."


def parsed(data: bytes) -> Any:
    """The data of a JSON text, in which no key stands twice. Raises `MisfitError`."""
    if len(data) > LARGEST_RESULT:
        raise MisfitError(f"at most {LARGEST_RESULT} bytes are taken")
    if data.count(b",") + data.count(b"[") + data.count(b"{") > MOST_PARTS:
        raise MisfitError(f"at most {MOST_PARTS} parts are taken")
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"), object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise MisfitError("it is nested too deeply") from None
    except ValueError:
        raise MisfitError("it is no JSON, or not all of it") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MisfitError("a key stands twice in an object")
    return found


def _no_constant(_: str) -> None:
    raise MisfitError("a number is not finite")
