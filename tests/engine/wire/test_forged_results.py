"""A program that writes its own result, in place of the engine's, gets a failure."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest

from dolmen.engine import evaluate, evaluate_program
from dolmen.engine.evaluator.files import write_whole
from dolmen.engine.evaluator.life import Made
from dolmen.engine.observing import Observation
from dolmen.engine.plan import FailureKind, Plan
from dolmen.engine.wire.encode import plan_json
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.engine.wire.learnt import SOURCE, learnt_json, read_learnt
from dolmen.engine.wire.limits import LARGEST_RESULT
from tests.time_limits import PATIENCE

FINE = Plan("test", "test", "organization", (), {"forged": True})


class Bomb:
    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.file}",)


def place() -> Made:
    """Where a child leaves its plan."""
    frame = sys._getframe()
    while frame.f_code.co_name != "_live":
        assert frame.f_back is not None
        frame = frame.f_back
    return frame.f_locals["made"]


def sent(data: bytes, *, then: Callable[[], Any] = lambda: os._exit(0)) -> Plan:
    """The plan of a program that leaves data of its own."""

    def program() -> None:
        write_whole(place().plan, data)
        then()

    return evaluate_program(program, timeout=PATIENCE)


def why(plan: Plan) -> str:
    assert plan.failure is not None and plan.failure.kind is FailureKind.CRASH, "A forged plan would open the gates."
    assert "forged" not in plan.outputs and plan.resources == ()
    return plan.failure.message


def test_a_pickle_is_not_unpickled(tmp_path: Path) -> None:
    bomb = pickle.dumps(Bomb(tmp_path / "ran"))
    assert "no JSON" in why(sent(bomb))
    assert "no JSON" in why(sent(b"{}" + bomb))
    assert not (tmp_path / "ran").exists(), "The program under review ran code in the judging process."


def test_a_plan_of_another_stack_is_refused() -> None:
    for name in ("project", "stack", "organization"):
        other = plan_json(replace(FINE, **{name: "production"}))
        assert "of another stack" in why(sent(other)), "One stack's plan would stand for another's."


def test_what_a_child_says_beyond_its_plan_is_held_to_its_form() -> None:
    for learnt in (
        b"",
        b"{}",
        b"[1]",
        b'["os;rm"]',
        b'["source:/etc/passwd.py"]',
        b'["source:../x.py"]',
        b'["a.b", "a..b"]',
    ):
        with pytest.raises(ForeignDataError, match="child learnt"):
            read_learnt(learnt)


def test_a_result_that_is_too_large_is_not_taken() -> None:
    def sparse() -> None:
        os.ftruncate(place().plan, LARGEST_RESULT + 2)
        os._exit(0)

    assert f"more than {LARGEST_RESULT} bytes" in why(sent(b"{}", then=sparse))
    assert "without a plan" in why(sent(b""))


def test_a_child_that_ends_badly_after_its_result_has_none() -> None:
    assert "SIGKILL" in why(sent(plan_json(FINE), then=lambda: os.kill(os.getpid(), signal.SIGKILL)))


def test_what_is_learnt_arrives() -> None:
    names = ["pulumi_aws.s3.bucket", "yaml", "é.x", f"{SOURCE}a/b c.py"]
    assert read_learnt(learnt_json([*names, "no module", f"{SOURCE}../x.py", f"{SOURCE}/x.py", "x" * 9000])) == tuple(
        names
    )
    for wrong in (f"{SOURCE}a\\b.py", f"{SOURCE}a/./b.py", f"{SOURCE}a.txt", f"{SOURCE}\n.py", "", ".", "a."):
        with pytest.raises(ForeignDataError):
            read_learnt(f"[{json.dumps(wrong)}]".encode())


def unsayable(_: Observation) -> Any:
    return {1: {2, 3}}


def test_a_finding_that_is_no_data_is_a_failure() -> None:
    plan = evaluate_program(lambda: None, observers={"mine": unsayable})
    assert "key of type int" in why(plan)


def mistyped(_: Observation) -> tuple[str, int]:
    return "a", "b"  # type: ignore[return-value]


def test_a_finding_of_another_type_than_the_observer_says_is_refused() -> None:
    assert "findings.mine[1]: an integer is needed" in why(evaluate_program(lambda: None, observers={"mine": mistyped}))


def test_a_value_that_is_too_deep_is_a_failure_and_no_traceback() -> None:
    def program() -> None:
        deep: Any = "x"
        for _ in range(120):
            deep = [deep]
        pulumi.export("deep", deep)

    assert re.search(r"outputs\{0\}.*at most 100 levels", why(evaluate_program(program)))


def test_nothing_of_this_stops_an_honest_program(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: honest\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("import pulumi\npulumi.export('é', [1, 2.5, None, 2**53])\n")
    (plan,) = evaluate(tmp_path, ["me/dev"])
    assert plan.failure is None and plan.stack == "dev", plan.failure
