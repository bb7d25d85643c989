"""Type, name and physical name of every resource of the shipped stacks: `python -m tests.components.platform.names`."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from dolmen.engine import evaluate
from dolmen.engine.plan import Plan, Resource
from dolmen.engine.project import read_project, stack_names

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).with_name("names.txt")
PHYSICAL = ("name", "replicationGroupId", "userId", "userGroupId", "username", "roleName", "secretId")
"""Inputs that name a resource in its service, in the order in which they are looked for."""


@functools.cache
def plans() -> dict[str, Plan]:
    """The plan of each shipped stack."""
    found = evaluate(ROOT, stack_names(read_project(ROOT)))
    assert not [plan.failure for plan in found if plan.failure]
    return {plan.stack: plan for plan in found}


def resources() -> dict[str, tuple[Resource, ...]]:
    """The resources of each shipped stack."""
    return {
        stack: tuple(resource for resource in plan if resource.type != "pulumi:pulumi:Stack")
        for stack, plan in plans().items()
    }


def physical(resource: Resource) -> str | None:
    """Its name in the service, where the program gives one; `None` where the provider makes one from the name."""
    found = next((resource.inputs[key] for key in PHYSICAL if key in resource.inputs), None)
    return found if isinstance(found, str) else None


def lines() -> Iterator[str]:
    for stack, found in resources().items():
        yield f"# {stack}"
        for resource in sorted(found, key=lambda resource: (resource.type, resource.name)):
            yield "  ".join((resource.type, resource.name, physical(resource) or "")).rstrip()


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(lines()) + "\n", encoding="utf-8")
