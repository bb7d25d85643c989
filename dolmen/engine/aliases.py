"""Lists the URNs that a resource may have in an older state.

Source: https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/step_generator.go (`collapseAliasToUrn`)
"""

from __future__ import annotations

from typing import Any

from dolmen.engine import urns
from dolmen.engine.deployment import Deployment


def collapse(goal: Any, deployment: Deployment) -> tuple[str, ...]:
    """The URNs of a registration's own aliases, in order, each once."""
    found = dict.fromkeys(goal.aliasURNs)
    for alias in goal.aliases:
        if alias.WhichOneof("alias") == "urn":
            found.setdefault(alias.urn)
        else:
            found.setdefault(_collapse(alias.spec, goal, deployment))
    return tuple(found)


def inherited(goal: Any, own: tuple[str, ...], parents: tuple[str, ...], deployment: Deployment) -> tuple[str, ...]:
    """The URNs that follow from the aliases of the parent.

    The engine assumes that a child whose name begins with its parent's name was renamed with it
    (`inheritedChildAlias`).
    """
    parent_name = urns.name_of(goal.parent) if goal.parent else ""
    called = [(goal.type, goal.name), *((urns.type_of(urn), urns.name_of(urn)) for urn in own if urns.is_urn(urn))]
    found: dict[str, None] = {}
    for alias in parents:
        for type_, name in called:
            if name.startswith(parent_name):
                name = urns.name_of(alias) + name[len(parent_name) :]
            found.setdefault(urns.make_urn(deployment.stack, deployment.project, alias, type_, name))
    return tuple(urn for urn in found if urn not in own)


def _collapse(spec: Any, goal: Any, deployment: Deployment) -> str:
    parent = "" if spec.noParent else spec.parentUrn or goal.parent
    if parent and urns.qualified_type(parent) == urns.STACK_TYPE:
        parent = ""  # the root stack is no part of a URN, and its name would be wrong for another stack
    stack, project = spec.stack or deployment.stack, spec.project or deployment.project
    return urns.make_urn(stack, project, parent or None, spec.type or goal.type, spec.name or goal.name)
