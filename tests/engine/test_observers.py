"""Observers see the registrations where the secrets still are, and hand out what is picklable."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest

from dolmen.engine import evaluate, evaluate_program
from dolmen.engine.observing import Observation
from dolmen.engine.plan import FailureKind
from dolmen.engine.values import SECRET, signature

PROGRAMS = Path(__file__).parent.parent / "programs"


class Thing(pulumi.CustomResource):
    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("cloud:index:Thing", name, props, opts)


def lengths(observation: Observation) -> dict[str, int]:
    """The length of each secret, which says nothing else about it."""
    return {
        urn: len(field.struct_value.fields["value"].string_value)
        for urn, registration in observation.registrations.items()
        for field in registration.goal.object.fields.values()
        if signature(field) == SECRET
    }


def surroundings(observation: Observation) -> tuple[Any, ...]:
    return os.getpid(), observation.project, observation.stack, observation.failed, dict(observation.config)


def faulty(observation: Observation) -> None:
    raise LookupError(f"no rule for {observation.project}")


def program() -> None:
    Thing("one", {"password": pulumi.Output.secret("canary-7")})


def test_an_observer_sees_secrets_in_the_child_and_the_plan_does_not() -> None:
    plan = evaluate_program(program, observers={"lengths": lengths, "surroundings": surroundings})
    assert plan.findings["lengths"] == {"urn:pulumi:test::test::cloud:index:Thing::one": 8}
    assert plan.findings["surroundings"][0] != os.getpid(), "an observer runs where the program ran"  # type: ignore[index]
    assert plan.findings["surroundings"][1:] == ("test", "test", False, {})  # type: ignore[index]
    assert "canary-7" not in repr(plan)


def test_an_observer_may_be_given_by_name() -> None:
    plan = evaluate(PROGRAMS / "values", ["dev"], observers={"found": f"{__name__}:lengths"})[0]
    assert plan.failure is None and plan.findings["found"]


def test_an_observer_that_raises_ends_the_plan_with_a_failure() -> None:
    plan = evaluate_program(program, observers={"rules": faulty})
    assert plan.failure is not None and plan.failure.kind is FailureKind.PROGRAM
    assert "rules" in plan.failure.message and "no rule for test" in plan.failure.message


def test_an_observer_is_told_when_the_program_failed() -> None:
    plan = evaluate(PROGRAMS / "exits_badly", ["dev"], observers={"here": f"{__name__}:surroundings"})[0]
    assert plan.findings["here"][3] is True  # type: ignore[index]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lengths, "give mine as `module:function`"),
        (f"{__name__}:misspelt", "The observer mine cannot be found"),
        ("no_such_module:observe", "The observer mine cannot be found"),
        ("not a name", "The observer mine cannot be found"),
        (f"{__name__}:PROGRAMS", "The observer mine is PosixPath"),
    ],
)
def test_what_is_no_observer_is_one_clear_error(given: Any, said: str) -> None:
    with pytest.raises(TypeError, match=re.escape(said)):
        evaluate(PROGRAMS / "values", ["dev"], observers={"mine": given})
