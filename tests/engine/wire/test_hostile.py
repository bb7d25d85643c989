"""What a hostile program may write in place of its plan: it is refused, or says just what a plan may say."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dolmen.engine.plan import (
    Asset,
    Diagnostic,
    Failure,
    FailureKind,
    Invoke,
    Note,
    Options,
    Placeholder,
    Plan,
    Position,
    Reference,
    Resource,
    Secret,
    Severity,
    Unknown,
)
from dolmen.engine.wire import foreign, limits
from dolmen.engine.wire.decode import read_plan
from dolmen.engine.wire.encode import plan_json
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.review.policies.model import Level, NotJudged, PolicyReport
from dolmen.review.refusals.model import Refusal, RefusalKind
from dolmen.review.refusals.observe import RefusalReport
from dolmen.review.report.findings import AcceptanceNote, Finding
from tests.engine.wire.plans import FINDINGS

CANARY = "canary-5e1f"
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
CHILD = "urn:pulumi:dev::shop::a:b:C::child"
PLACE = Position("__main__.py", 3, 1)
VALUES = {
    CANARY: [CANARY, {"x": Unknown()}, Secret("f"), Secret(), Placeholder("l"), Reference(CHILD)],
    "more": [Asset("file", "./a", "00"), 2**80, float("nan"), 1.5, 1, True, None],
}
OPTIONS = Options(
    True, False, None, ("a",), ("b",), (CHILD,), (CHILD,), ("c",), {"create": "5m"}, "p::i", {"aws": "p::i"}, "7.0.0",
    "https://x", "id", CHILD, (CHILD,), ("d",), {"before": ("e",)},
)  # fmt: skip
CHILD_RESOURCE = Resource(
    CHILD, "a:b:C", "child", STACK, True, VALUES, OPTIONS, (STACK,), {"x": (STACK,)}, id="i", outputs=VALUES,
    source=PLACE, frames=(PLACE, PLACE), assumed=("x",),
)  # fmt: skip
FINDING = Finding("id", CANARY, "m", position=PLACE, acceptance=AcceptanceNote("r", "2026-01-01"), in_base=True)
PLAN = Plan(
    "shop", "dev", "organization", (Resource(STACK, "pulumi:pulumi:Stack", "shop-dev", None, False, {}), CHILD_RESOURCE),
    VALUES, VALUES, "Pulumi.dev.yaml", {"aws": "1"}, (Invoke("t", VALUES, "given", PLACE, True),),
    (Diagnostic(Severity.INFO, CANARY, CHILD),), (Note("assumed", "s", "d"),), CANARY,
    Failure(FailureKind.PROGRAM, CANARY, PLACE),
    {
        "policies": PolicyReport("pack", 3, (FINDING,), (NotJudged("p", CHILD, "d"),), (("p", Level.ADVISORY),)),
        "refusals": RefusalReport(((CHILD, Refusal("p", RefusalKind.CONFLICTS, "r", position=PLACE)),), 2, (("t", 1),)),
        "pack": {"p": Level.MANDATORY},
    },
    1.25,
)  # fmt: skip
"""Something in every field."""
OTHERS: list[Any] = [
    None, True, 7, -1, 1.5, 2**63, "x", STACK, "crash", [], {}, [[]], [{}], ["list"], ["list", 1], ["unknown"],
    ["unknown", 1], ["secret"], ["secret", 1], ["asset", "a", "b", 1], ["integer", "0x5"], ["integer", "0x" + "f" * 4000],
    ["float", "1.0"], ["float", "NaN"], ["pickle", "x"], {"x": 1}, {"": None},
]  # fmt: skip


def data() -> Any:
    return json.loads(plan_json(PLAN))


def written(one: Any) -> bytes:
    return json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def refusal(text: bytes) -> str:
    with pytest.raises(ForeignDataError) as caught:
        read_plan(text, FINDINGS)
    return str(caught.value)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, item in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(item, (*path, key))


def changed(path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """The data after a change of what is at a place, given its container and its key there."""
    root = [data()]
    node: Any = root
    for step in (0, *path)[:-1]:
        node = node[step]
    change(node, (0, *path)[-1])
    return root[0]


def said_or_refused(one: Any) -> None:
    text = written(one)
    try:
        plan = read_plan(text, FINDINGS)
    except ForeignDataError as error:
        assert CANARY not in str(error), "An error message prints what a hostile program wrote."
        assert "\n" not in str(error) and str(error).endswith(".") and str(error).isprintable()
    else:
        assert plan_json(plan) == text, "Something that was sent was read over, or read as something else."


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: repr(one)[:30])
def test_another_value_anywhere_is_refused_or_taken_for_what_it_is(other: Any) -> None:
    for path in places(data()):
        if path:
            said_or_refused(changed(path, lambda node, key: node.__setitem__(key, copy.deepcopy(other))))


def test_no_field_may_be_missing_further_or_out_of_order() -> None:
    named = [path for path in places(data()) if path[-1:] in [("options",), ("failure",), ("acceptance",)]]
    objects = [(), ("resources", 1), ("resources", 1, "source"), ("invokes", 0), ("findings", "policies"), *named]
    for path in objects:
        node = data()
        for step in path:
            node = node[step]
        for name in node:
            less = changed(path, lambda one, key, name=name: one[key].pop(name))
            assert f"`{name}` is missing" in refusal(written(less)), "A default would be reported that nobody stated."
        more = changed(path, lambda one, key: one[key].update({CANARY: 1}))
        assert "not known" in refusal(written(more)) and CANARY not in refusal(written(more))
        turned = changed(path, lambda one, key: one.__setitem__(key, dict(reversed(one[key].items()))))
        assert "not in order" in refusal(written(turned))


def test_a_field_takes_no_other_type() -> None:
    wrong = {
        ("resources", 1, "custom"): 1,
        ("resources", 1, "name"): None,
        ("resources", 1, "options", "protect"): 0,
        ("resources", 1, "source", "line"): 3.0,
        ("resources", 1, "source", "file"): ["x"],
        ("resources", 1, "inputs"): ["list"],
        ("resources", 1, "assumed"): "x",
        ("seconds",): 1,
        ("failure", "kind"): "harmless",
        ("diagnostics", 0, "severity"): "INFO",
        ("findings", "policies", "findings", 0, "enforcement"): "none",
        ("findings", "policies", "levels", 0): ["p"],
        ("findings", "refusals", "refused", 0, 0): "no-urn",
        ("findings", "pack", "p"): "bogus",
    }
    for path, value in wrong.items():
        said = refusal(written(changed(path, lambda node, key, value=value: node.__setitem__(key, value))))
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)[1:]
        assert said.startswith(place.replace("pack.p", "pack{0}")), f"{said} does not say where"


@pytest.mark.parametrize("urn", ["", "child", "urn:pulumi:dev::shop::a:b:C", "urn:pulumi:" + "x" * 9000 + "::a::b::c"])
def test_a_urn_that_cannot_be_taken_apart_is_refused(urn: str) -> None:
    assert "resources[1].urn: " in refusal(plan_json(_with_child(replace(CHILD_RESOURCE, urn=urn)))), (
        "The report ends in a traceback, and no gate says why."
    )


def test_parents_form_no_circle() -> None:
    first, second = (Resource(f"{CHILD}-{n}", "a:b:C", "c", f"{CHILD}-{1 - n}", True, {}) for n in (0, 1))
    for resources in (
        (first, second),
        (replace(first, parent=first.urn),),
        (replace(first, parent=None), second, first),
    ):
        assert "resources[" in refusal(plan_json(replace(PLAN, resources=resources))), "Who follows them never ends."


def test_parents_go_up_a_hundred_levels_at_most() -> None:
    line = [Resource(f"{CHILD}-{n}", "a:b:C", "c", f"{CHILD}-{n - 1}" if n else None, True, {}) for n in range(102)]
    assert read_plan(plan_json(replace(PLAN, resources=tuple(line[:101]))), FINDINGS)
    assert "resources[101].parent: at most 100" in refusal(plan_json(replace(PLAN, resources=tuple(line)))), (
        "A report that shows them as a tree ends in a traceback."
    )


def test_findings_are_those_of_the_observers_that_were_asked() -> None:
    swapped = {**PLAN.findings, "policies": PLAN.findings["refusals"]}
    assert refusal(plan_json(replace(PLAN, findings=swapped))).startswith("findings.policies: ")
    assert "nobody asked" in refusal(plan_json(replace(PLAN, findings={**PLAN.findings, "more": 1})))
    fewer = {name: found for name, found in PLAN.findings.items() if name != "policies"}
    silent = replace(PLAN, findings=fewer, failure=None)
    assert "missing" in refusal(plan_json(silent)), "A pack that never ran would look like one that agrees."
    assert read_plan(plan_json(replace(PLAN, findings=fewer)), FINDINGS).failure, "A failed program may have none."


def test_what_is_cut_short_is_refused() -> None:
    text = plan_json(PLAN)
    for length in range(0, len(text), 7):
        assert refusal(text[:length])
    assert refusal(text + b"{}")


@given(st.binary(max_size=80))
def test_noise_is_refused(noise: bytes) -> None:
    assert refusal(noise)


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ('{"a":1,"a":1}', "stands twice"),
        ("NaN", "not finite"),
        ("-Infinity", "not finite"),
        ("1e999", "not finite"),
        ("1" * 5000, "no JSON"),
        (str(2**63), "more than 63 bits"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
        ('["list",' * 101 + "1" + "]" * 101, "at most 100 levels"),
        ('{"a":' * 101 + "1" + "}" * 101, "at most 100 levels"),
        ('{"' + "k" * 9000 + '":1}', "more than 8192 characters"),
    ],
    ids=lambda one: str(one)[:20],
)
def test_what_json_allows_and_a_plan_does_not_is_refused(inside: str, why: str) -> None:
    text = plan_json(replace(PLAN, outputs={"x": "HERE"})).replace(b'"HERE"', inside.encode())
    assert why in refusal(text), "The judging process is at the mercy of what it reads."


def test_size_and_number_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    text = plan_json(PLAN)
    monkeypatch.setattr(foreign, "LARGEST_RESULT", len(text) - 1)
    assert "bytes" in refusal(text)
    monkeypatch.setattr(foreign, "LARGEST_RESULT", len(text))
    monkeypatch.setattr(foreign, "MOST_PARTS", 100)
    assert "parts" in refusal(text), "Short data may stand for objects that fill the memory."
    monkeypatch.undo()
    monkeypatch.setattr("dolmen.engine.wire.decode.MOST_RESOURCES", 1)
    assert refusal(text) == "resources: at most 1 are taken."
    assert limits.LARGEST_RESULT <= 64 * 1024 * 1024


def _with_child(child: Resource) -> Plan:
    return replace(PLAN, resources=(PLAN.resources[0], child))
