"""Which resource of one plan is which of the other: by URN, then by alias, in the order that the engine uses.

Source: pulumi/pkg resource/deploy/step_generator.go, `getOldResource`, `generateAliases`, `inheritedChildAlias`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dolmen.engine.plan import Plan, Resource
from dolmen.engine.urns import STACK_TYPE


@dataclass(frozen=True, slots=True)
class Matches:
    old_of: Mapping[str, Resource]
    """New URN → old resource."""
    new_urn: Mapping[str, str]
    """Old URN → new URN, for every resource that stays."""

    def same(self, old_urn: str, new_urn: str) -> bool:
        return self.new_urn.get(old_urn, old_urn) == new_urn


def match(base: Plan | None, head: Plan | None) -> Matches:
    olds = {resource.urn: resource for resource in base or ()}
    old_of: dict[str, Resource] = {}
    alias_of: dict[str, str] = {}
    taken: set[str] = set()
    news = {resource.urn for resource in head or ()}
    for resource in head or ():
        for urn in (resource.urn, *_aliases(resource, alias_of, base, head)):
            if urn not in olds or urn in taken or (urn != resource.urn and urn in news):
                continue
            old_of[resource.urn] = olds[urn]
            taken.add(urn)
            if urn != resource.urn:
                alias_of[resource.urn] = urn
            break
    return Matches(old_of, {old.urn: new for new, old in old_of.items()})


def _aliases(resource: Resource, alias_of: Mapping[str, str], base: Plan | None, head: Plan | None) -> Iterator[str]:
    yield from resource.options.aliases
    parent = resource.parent
    if parent is not None and parent in alias_of:
        yield inherited(resource.urn, resource.name, parent, alias_of[parent])
    if base is not None and head is not None and (base.stack, base.project) != (head.stack, head.project):
        # The stack itself was renamed: nothing inside it moved.
        yield moved(resource.urn, base.stack, base.project)


def inherited(urn: str, name: str, parent: str, parent_alias: str) -> str:
    """The URN that a child had while its parent had `parent_alias`."""
    stack, project, qualified, old_parent_name = parent_alias.split("::", 3)
    own_type, parent_name = _tail(urn)[0].rsplit("$", 1)[-1], _tail(parent)[1]
    old_name = old_parent_name + name.removeprefix(parent_name) if name.startswith(parent_name) else name
    prefix = "" if qualified == STACK_TYPE else f"{qualified}$"
    return f"{stack}::{project}::{prefix}{own_type}::{old_name}"


def moved(urn: str, stack: str, project: str) -> str:
    """The same resource in another stack or project."""
    qualified, name = _tail(urn)
    if qualified == STACK_TYPE:
        name = f"{project}-{stack}"
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


def _tail(urn: str) -> tuple[str, str]:
    """Qualified type and name."""
    _, _, qualified, name = urn.split("::", 3)
    return qualified, name
