"""Aliases: the URNs under which a resource may be known in an older state.

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


def _collapse(spec: Any, goal: Any, stack: str, project: str) -> str:
    parent = "" if spec.noParent else spec.parentUrn or goal.parent
    if parent and urns.qualified_type(parent) == urns.STACK_TYPE:
        parent = ""  # the root stack is no part of a URN, and its name would be wrong for another stack
    return urns.make_urn(
        spec.stack or stack, spec.project or project, parent or None, spec.type or goal.type, spec.name or goal.name
    )
