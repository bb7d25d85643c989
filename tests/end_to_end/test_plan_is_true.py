"""The offline plan says what the real engine would do: both views of the same program are equal, leaf by leaf."""

from __future__ import annotations

import ast
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine.plan import Plan, Secret, Unknown
from tests.cloud.cloud import Cloud
from tests.end_to_end.differential import View, differences, lookups, offline_view, real_view
from tests.end_to_end.engine import Engine, write_program
from tests.end_to_end.offline import plan_of
from tests.end_to_end.project import STACKS, stack_engine

pytestmark = pytest.mark.engine

KNOWN_GAPS: dict[str, str] = {}
"""Programs whose plan is not true yet, and why. Each must fail: a gap that is closed leaves this list."""
PROGRAMS = [
    pytest.param(
        path,
        id=path.stem,
        marks=[pytest.mark.xfail(reason=KNOWN_GAPS[path.stem], strict=True)] if path.stem in KNOWN_GAPS else [],
    )
    for path in sorted(Path(__file__).with_name("programs").glob("*.py"))
]


def given(cloud: Cloud) -> None:
    """What exists before any program runs: for programs that read or import."""
    for name in ("given-group", "taken-group"):
        inputs = {"name": name, "retentionInDays": 7, "region": "eu-west-1"}
        cloud.create("aws:cloudwatch/logGroup:LogGroup", name, inputs)


def settings(program: Path, kind: str) -> dict[str, str]:
    """The `config:` and `secret:` lines of a program's docstring."""
    lines = (ast.get_docstring(ast.parse(program.read_text())) or "").splitlines()
    found = [line.removeprefix(f"{kind}: ") for line in lines if line.startswith(f"{kind}: ")]
    return dict(line.split("=", 1) for line in found)


def small_engine(program: Path, folder: Path, warm: str) -> Engine:
    engine = Engine(write_program(folder / "project", program.read_text()), folder, warm=warm)
    given(engine.cloud)
    engine.configure({"aws:region": "eu-west-1", **settings(program, "config")}, settings(program, "secret"))
    return engine


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_plan_of_a_small_adversarial_program_is_what_the_engine_previews(
    program: Path, tmp_path: Path, warm: str
) -> None:
    with small_engine(program, tmp_path, warm) as engine:
        real = real_view(engine, tmp_path, settings(program, "secret").values())
        plan = plan_of(engine.project, engine.stack, tmp_path, lookups(engine))
    assert plan.failure is None, plan.failure
    found = differences(real, offline_view(plan))
    assert not found, "a reviewer would read something that the engine does not do:\n" + "\n".join(found)


def changed(plan: Plan, index: int, **changes: Any) -> Plan:
    resources = list(plan.resources)
    resources[index] = dataclasses.replace(resources[index], **changes)
    return dataclasses.replace(plan, resources=tuple(resources))


def with_options(plan: Plan, index: int, **changes: Any) -> Plan:
    return changed(plan, index, options=dataclasses.replace(plan.resources[index].options, **changes))


def lies(plan: Plan) -> Iterator[tuple[str, Plan]]:
    """The plan with one thing wrong at a time: what a faulty engine might say of every fifth resource."""
    urn = plan.resources[-1].urn
    for index in range(0, len(plan.resources), 1 if os.environ.get("DOLMEN_SOAK") == "1" else 5):
        resource = plan.resources[index]
        options, inputs = resource.options, dict(resource.inputs)
        if resource.parent:
            yield "another parent", changed(plan, index, parent=plan.resources[0].urn + "x")
        yield "left out", dataclasses.replace(plan, resources=plan.resources[:index] + plan.resources[index + 1 :])
        yield "protect flipped", with_options(plan, index, protect=not options.protect)
        yield "retain flipped", with_options(plan, index, retain_on_delete=not options.retain_on_delete)
        yield "an alias", with_options(plan, index, aliases=(*options.aliases, urn))
        yield "ignoreChanges", with_options(plan, index, ignore_changes=(*options.ignore_changes, "tags"))
        yield "replaceOnChanges", with_options(plan, index, replace_on_changes=(*options.replace_on_changes, "tags"))
        yield "a timeout", with_options(plan, index, custom_timeouts={**options.custom_timeouts, "create": "7m"})
        if resource.custom:
            yield "another provider", with_options(plan, index, provider="default:other@1.0.0")
        for dependency in resource.dependencies:
            kept = tuple(other for other in resource.dependencies if other != dependency)
            yield "a dependency dropped", changed(plan, index, dependencies=kept)
        for name, urns in resource.property_dependencies.items():
            if urns:
                fewer = {**resource.property_dependencies, name: urns[1:]}
                yield f"a dependency of {name} dropped", changed(plan, index, property_dependencies=fewer)
        for name, value in inputs.items():
            yield f"{name} dropped", changed(plan, index, inputs={k: v for k, v in inputs.items() if k != name})
            hidden = "seen" if isinstance(value, Secret) else Secret("0" * 32)
            yield f"{name}: secretness flipped", changed(plan, index, inputs={**inputs, name: hidden})
            other = "something else" if isinstance(value, Unknown) else Unknown()
            yield f"{name}: another value", changed(plan, index, inputs={**inputs, name: other})
        yield "an input too many", changed(plan, index, inputs={**inputs, "made": "up"})
    twice = dataclasses.replace(plan.resources[-1], urn=urn + "2")
    yield "one too many", dataclasses.replace(plan, resources=(*plan.resources, twice))


def swapped_secrets(view: View) -> View:
    """One secret in the place of another: no value of a secret is compared, but which are equal."""
    places = list(view.secrets)
    first, other = next(
        (one, two) for one in places for two in places if one < two and view.secrets[one] != view.secrets[two]
    )
    same = [place for place in places if view.secrets[place] == view.secrets[first] and place != first]
    changed = "of nobody else" if same else view.secrets[other]
    return View(view.facts, {**view.secrets, first: changed})


@pytest.mark.long
def test_every_lie_in_the_plan_is_found(tmp_path: Path, warm: str) -> None:
    """The comparison can fail: each deliberate falsehood about a resource of production turns it red."""
    with stack_engine(tmp_path / "stack", "production", warm=warm) as engine:
        real = real_view(engine, tmp_path)
        plan = plan_of(engine.project, "production", tmp_path, lookups(engine))
    truth = offline_view(plan)
    assert not differences(real, truth), "the true plan must be clean, or the lies prove nothing"
    told, unseen = 0, []
    for what, lie in lies(plan):
        told += 1
        if not differences(real, offline_view(lie)):
            unseen.append(what)
    assert told > 300, "too few lies to prove anything"
    assert not unseen, f"{len(unseen)} of {told} lies went unseen: {sorted(set(unseen))}"
    assert differences(real, swapped_secrets(truth)), "a secret took another's place, and nobody noticed"


@pytest.mark.parametrize("stack", STACKS)
def test_the_plan_of_a_stack_is_what_the_engine_previews(stack: str, tmp_path: Path, warm: str) -> None:
    with stack_engine(tmp_path / "stack", stack, warm=warm) as engine:
        real = real_view(engine, tmp_path)
        plan = plan_of(engine.project, stack, tmp_path, lookups(engine))
    assert plan.failure is None, plan.failure
    assert len(real.facts) > 50, "the stack registered next to nothing: the comparison would prove nothing"
    found = differences(real, offline_view(plan))
    assert not found, "a reviewer would read something that the engine does not do:\n" + "\n".join(found)
