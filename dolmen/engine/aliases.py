"""Lists the URNs that a resource may have in an older state.

Source: https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/step_generator.go (`collapseAliasToUrn`)
"""

from __future__ import annotations

from typing import Any

from dolmen.engine import urns


def collapse(goal: Any, stack: str, project: str) -> tuple[str, ...]:
    """The URNs of a registration's own aliases, in order, each once."""
    found = dict.fromkeys(goal.aliasURNs)
    for alias in goal.aliases:
        if alias.WhichOneof("alias") == "urn":
            found.setdefault(alias.urn)
        else:
            found.setdefault(_collapse(alias.spec, goal, stack, project))
    return tuple(found)


def inherited(goal: Any, own: tuple[str, ...], parents: tuple[str, ...], stack: str, project: str) -> tuple[str, ...]:
    """The URNs that follow from the aliases of the parent.

    The engine assumes that a child whose name begins with its parent's name was renamed with it
    (`inheritedChildAlias`).
    """
    parent_name = urns.name_of(goal.parent) if goal.parent else ""
    found: dict[str, None] = {}
    for alias in parents:
        found.setdefault(_of_child(goal.type, goal.name, parent_name, alias, stack, project))
        for mine in own:
            if urns.is_urn(mine):
                found.setdefault(_of_child(urns.type_of(mine), urns.name_of(mine), parent_name, alias, stack, project))
    return tuple(urn for urn in found if urn not in own)


def _of_child(type_: str, name: str, parent_name: str, alias: str, stack: str, project: str) -> str:
    if name.startswith(parent_name):
        name = urns.name_of(alias) + name[len(parent_name) :]
    return urns.make_urn(stack, project, alias, type_, name)


def _collapse(spec: Any, goal: Any, stack: str, project: str) -> str:
    parent = "" if spec.noParent else spec.parentUrn or goal.parent
    if parent and urns.qualified_type(parent) == urns.STACK_TYPE:
        parent = ""  # the root stack is no part of a URN, and its name would be wrong for another stack
    return urns.make_urn(
        spec.stack or stack, spec.project or project, parent or None, spec.type or goal.type, spec.name or goal.name
    )
