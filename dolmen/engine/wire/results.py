"""Reads the plans that were asked for, or says in their place why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.wire.decode import read_plan
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.engine.wire.limits import LARGEST_RESULT

TOO_LARGE = f"It has more than {LARGEST_RESULT} bytes."


def read_plan_of(asked: Plan, data: bytes, findings: Mapping[str, Any]) -> Plan:
    """The plan of the stack of `asked` and of no other. Raises `ForeignDataError`."""
    if len(data) > LARGEST_RESULT:
        raise ForeignDataError(TOO_LARGE)
    plan = read_plan(data, findings)
    if _place(plan) != _place(asked):
        raise ForeignDataError("It is the plan of another stack.")
    return plan


def refused(asked: Plan, error: ForeignDataError) -> Plan:
    """In place of a result that is not taken: it closes every gate."""
    return replace(asked, failure=Failure(FailureKind.CRASH, f"The evaluation's result was refused. {error}"))


def _place(plan: Plan) -> tuple[str, str, str]:
    return plan.project, plan.stack.rsplit("/", 1)[-1], plan.organization
