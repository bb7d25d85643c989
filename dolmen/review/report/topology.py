"""What a picture of a stack shows: components and what they hold, and who takes values from whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dolmen.engine.plan import Plan, Resource
from dolmen.engine.urns import STACK_TYPE

LARGEST = 60
"""Boxes in one picture; more cannot be read."""


@dataclass(frozen=True, slots=True)
class Node:
    urn: str
    name: str
    kind: str
    """Last part of the type."""
    members: tuple[str, ...]
    """URNs of everything inside, itself included."""
    level: int = 0
    """Nodes take values only from nodes of lower levels."""


@dataclass(frozen=True, slots=True)
class Topology:
    nodes: tuple[Node, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    """(from, to): `to` takes values from `from`."""
    left_out: int = 0


def topology(plan: Plan) -> Topology:
    """One node for each component that holds resources itself, and one for each resource outside of components."""
    resources = {resource.urn: resource for resource in plan if resource.type != STACK_TYPE}
    owner = {urn: _owner(resource, resources) for urn, resource in resources.items() if _shown(resource)}
    members: dict[str, list[str]] = {}
    for urn, owning in owner.items():
        members.setdefault(owning, []).append(urn)
    edges = _edges(resources, owner)
    levels = _levels(list(members), edges)
    nodes = [
        Node(urn, resources[urn].name, resources[urn].type.rsplit(":", 1)[-1], (urn, *inside), levels[urn])
        for urn, inside in members.items()
    ]
    kept = {node.urn for node in nodes[:LARGEST]}
    shown = tuple(edge for edge in edges if edge[0] in kept and edge[1] in kept)
    return Topology(tuple(nodes[:LARGEST]), shown, max(0, len(nodes) - LARGEST))


def _shown(resource: Resource) -> bool:
    return (resource.custom or resource.remote) and not resource.type.startswith("pulumi:")


def _owner(resource: Resource, resources: Mapping[str, Resource]) -> str:
    parent = resources.get(resource.parent or "")
    return parent.urn if parent is not None and not parent.custom else resource.urn


def _edges(resources: Mapping[str, Resource], owner: Mapping[str, str]) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for urn, resource in resources.items():
        if urn not in owner:
            continue
        makers = {*resource.dependencies, *(m for some in resource.property_dependencies.values() for m in some)}
        for maker in sorted(makers):
            if maker in owner and owner[maker] != owner[urn]:
                found[owner[maker], owner[urn]] = None
    return list(found)


def _levels(nodes: list[str], edges: list[tuple[str, str]]) -> dict[str, int]:
    """The longest way to each node. Two components may take values from each other; such a circle is cut."""
    before: dict[str, list[str]] = {}
    for source, target in edges:
        before.setdefault(target, []).append(source)
    levels: dict[str, int] = {}
    under_way: set[str] = set()

    def level(urn: str) -> int:
        if urn in levels:
            return levels[urn]
        if urn in under_way:
            return 0
        under_way.add(urn)
        levels[urn] = 1 + max((level(source) for source in before.get(urn, ())), default=-1)
        under_way.discard(urn)
        return levels[urn]

    for urn in nodes:
        level(urn)
    return levels
