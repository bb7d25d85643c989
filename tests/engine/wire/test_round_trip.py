"""A plan that crosses between processes arrives as it was."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from dolmen.engine import evaluate
from dolmen.engine.plan import Plan
from dolmen.engine.wire.decode import read_plan
from dolmen.engine.wire.encode import plan_json
from dolmen.review import POLICIES, REFUSALS
from tests.engine.wire.plans import FINDINGS, plans

ROOT = Path(__file__).parents[3]
INF = float("inf")


def with_output(value: Any) -> Plan:
    return Plan("shop", "dev", "organization", (), {"it": value})


@given(plans())
def test_every_field_and_every_kind_of_value_arrives(plan: Plan) -> None:
    arrived = read_plan(plan_json(plan), FINDINGS)
    assert repr(arrived) == repr(plan), "The report would be about another plan than the program's."


@given(plans())
def test_a_plan_is_one_line(plan: Plan) -> None:
    assert b"\n" not in plan_json(plan), "Two plans that are sent together would be cut in the wrong place."


@pytest.mark.parametrize(
    "value",
    [
        1, 1.0, True, 0, 0.0, -0.0, False, None, "", 2**63, -(2**63), 2**63 - 1, 2**4000, 1e308, 5e-324,
        float("nan"), INF, -INF, "\ud83d", "\ud83d\ude00", "😀", "\x00\x1b[31m",
        ["secret", "f"], ["list"], [["unknown"]], {"$secret": True}, {"list": [1]}, {}, [], {"": {"": []}},
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_is_not_taken_for_another(value: Any) -> None:
    (arrived,) = read_plan(plan_json(with_output(value)), {}).outputs.values()
    assert (type(arrived), repr(arrived)) == (type(value), repr(value)), "A change of this value would not be seen."


def test_the_plan_of_this_repository_arrives() -> None:
    (plan,) = evaluate(ROOT, ["production"], observers={**REFUSALS, **POLICIES})
    assert plan.failure is None and len(plan.resources) > 50
    plan = replace(plan, surroundings=None)
    kinds = {name: FINDINGS[name] for name in plan.findings}
    assert read_plan(plan_json(plan), kinds) == plan


def test_writing_needs_the_standard_library_alone() -> None:
    code = (
        "import sys; known = set(sys.modules); import dolmen.engine.wire.encode;"
        "print({name.partition('.')[0] for name in set(sys.modules) - known} - set(sys.stdlib_module_names))"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "{'dolmen'}", "It runs in the project's interpreter, which may have nothing else."


def test_what_a_program_does_to_json_does_not_change_its_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    plan = with_output({"x": [1, 2.5, "é"]})
    before = plan_json(plan)
    monkeypatch.setattr(json.JSONEncoder, "encode", lambda *_: "{}")
    monkeypatch.setattr(json.JSONEncoder, "iterencode", lambda *_, **__: iter(["{}"]))
    assert plan_json(plan) == before, "The engine itself changes the module's encoder for the program's sake."
