"""A program is waited for as Pulumi does it, though not one result after the other."""

from __future__ import annotations

import asyncio

import pulumi

from dolmen.engine import evaluate_program


def test_a_failure_is_told_although_something_else_never_ends() -> None:
    def program() -> None:
        never: asyncio.Future[int] = asyncio.get_event_loop().create_future()
        pulumi.Output.from_input(never).apply(lambda value: value)

        async def late() -> int:
            await asyncio.sleep(0.2)
            return 1

        def begin_another(_: int) -> int:
            pulumi.Output.from_input(2).apply(lambda _: 1 / 0)
            return 0

        pulumi.Output.from_input(late()).apply(begin_another)

    plan = evaluate_program(program, timeout=50)
    assert plan.failure is not None
    assert "division by zero" in plan.failure.message, "the program's own failure was waited away"


def test_what_begins_while_others_are_waited_for_is_waited_for() -> None:
    def program() -> None:
        async def later() -> int:
            await asyncio.sleep(0.15)
            return 7

        pulumi.export("late", pulumi.Output.from_input(1).apply(lambda _: pulumi.Output.from_input(later())))

    plan = evaluate_program(program)
    assert plan.failure is None, plan.failure
    assert plan.outputs == {"late": 7}, "the stack's outputs were read before they were known"
