"""Small programs made of Atlas's components, evaluated offline, and ways to look at what they register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi_aws  # noqa: F401  imported once here, so that every evaluated child has it already
import pulumi_mongodbatlas  # noqa: F401
import pulumi_random  # noqa: F401

from dolmen.engine import evaluate_program
from dolmen.engine.plan import Plan, Resource

PROJECT = "5f0000000000000000000002"
REGION = "ap-northeast-2"


def plan_of(program: Callable[[], None], **options: Any) -> Plan:
    """The plan of a program that must not fail."""
    plan = evaluate_program(program, **options)
    assert plan.failure is None, plan.failure
    return plan


def failure_of(program: Callable[[], None]) -> str:
    """What a person reads when the program refuses."""
    plan = evaluate_program(program)
    assert plan.failure is not None, "the program was expected to refuse"
    return plan.failure.message


def of_type(plan: Plan, suffix: str) -> list[Resource]:
    """Resources whose type ends with `:<suffix>`."""
    return [resource for resource in plan if resource.type.rsplit(":", 1)[-1] == suffix]


def only(plan: Plan, suffix: str) -> Resource:
    found = of_type(plan, suffix)
    assert len(found) == 1, f"one {suffix} was expected, {len(found)} are registered"
    return found[0]


def names(urns: tuple[str, ...]) -> set[str]:
    return {urn.rsplit("::", 1)[-1] for urn in urns}


def waits_for(plan: Plan, resource: Resource) -> set[str]:
    """Type and name of everything that must exist before the resource: `AdvancedCluster chat`."""
    known, found, open_ = plan.by_urn(), set[str](), list(resource.dependencies)
    while open_:
        urn = open_.pop()
        if urn not in found:
            found.add(urn)
            open_ += known[urn].dependencies
    return {f"{known[urn].type.rsplit(':', 1)[-1]} {known[urn].name}" for urn in found}


def outputs(plan: Plan, component: str) -> Mapping[str, Any]:
    found = [resource for resource in plan if resource.name == component and not resource.custom]
    assert len(found) == 1
    assert found[0].outputs, f"{component} registered no outputs, so that the engine never sees it end"
    return found[0].outputs


def cluster_arguments(**changes: Any) -> Any:
    return {
        "project_id": PROJECT,
        "cluster_name": "chat",
        "region": REGION,
        "instance_size": "M20",
        "electable_nodes": 3,
        "mongodb_version": "8.0",
        "storage_gb": 40,
        "protect_data": True,
        **changes,
    }
