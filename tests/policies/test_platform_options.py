"""Options of a stack file that answer a policy, judged by that policy on the whole platform."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.components.platform.files import load_values, values_of
from tests.policies.programs import Program, broken, judge

ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "atlas-auditing": ("dolmen:atlas", {"auditing": {}}),
}
"""Policy → the section and what answers it there."""


def found(section: str, change: dict[str, Any]) -> set[str]:
    """Policies that are broken; `None` takes a key away."""
    values = copy.deepcopy(values_of("production"))
    kept = {**values[section], **change}
    values[section] = {key: value for key, value in kept.items() if value is not None}
    stack = load_values(values)

    def program(_: Program) -> None:
        import pulumi

        from components.platform.platform import Platform

        Platform(stack.name, {"stack": stack, "secret": pulumi.Output.secret})

    return broken(judge(program, None))


@pytest.mark.parametrize("policy", ANSWERS)
def test_the_option_answers_the_policy_and_breaks_no_other(policy: str) -> None:
    section, change = ANSWERS[policy]
    without, answered = found(section, dict.fromkeys(change)), found(section, change)
    assert policy in without, "the policy does not look at this: the test shows nothing"
    assert answered <= without - {policy}, "who follows the advice is told off for it"
