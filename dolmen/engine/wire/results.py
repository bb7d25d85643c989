"""Reads the plans that were asked for, or says in their place why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.wire.decode import read_plan
from dolmen.engine.wire.encode import plan_json
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.engine.wire.limits import LARGEST_RESULT

TOO_LARGE = f"It has more than {LARGEST_RESULT} bytes."


def plans_json(plans: Iterable[Plan]) -> bytes:
    """Several plans, each on a line of its own."""
    return b"\n".join(map(plan_json, plans))


def read_plans(data: bytes, asked: Sequence[Plan], findings: Mapping[str, Any]) -> list[Plan]:
    """A plan for each that was asked for; what is refused is a failure."""
    lines = data.split(b"\n", len(asked))
    if len(data) > LARGEST_RESULT or len(lines) != len(asked):
        why = TOO_LARGE if len(data) > LARGEST_RESULT else "It is not one line for each stack."
        return [refused(one, ForeignDataError(why)) for one in asked]
    found: list[Plan] = []
    for one, line in zip(asked, lines, strict=True):
        try:
            found.append(read_plan_of(one, line, findings))
        except ForeignDataError as error:
            found.append(refused(one, error))
    return found


def read_plan_of(asked: Plan, data: bytes, findings: Mapping[str, Any]) -> Plan:
    """The plan of the stack of `asked` and of no other. Raises `ForeignDataError`."""
    plan = read_plan(data, findings)
    if _place(plan) != _place(asked):
        raise ForeignDataError("It is the plan of another stack.")
    return plan


def refused(asked: Plan, error: ForeignDataError) -> Plan:
    """In place of a result that is not taken: it closes every gate."""
    return replace(asked, failure=Failure(FailureKind.CRASH, f"The evaluation's result was refused. {error}"))


def _place(plan: Plan) -> tuple[str, str, str]:
    return plan.project, plan.stack.rsplit("/", 1)[-1], plan.organization
