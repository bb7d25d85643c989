"""Both plans and what changes between them, with the questions that several rules ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dolmen.engine.plan import Plan, Resource
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.diff.values import is_unknown

NAMES = ("name", "arn", "id", "bucket", "url", "userGroupId", "userId", "replicationGroupId", "keyId")
"""Inputs by which others point at a resource."""


@dataclass(frozen=True, slots=True)
class Sides:
    base: Plan
    head: Plan
    changes: Mapping[str, ResourceChange]
    """By URN."""
    resources: Mapping[str, Resource]
    """Of the head, by URN."""

    @staticmethod
    def of(base: Plan, head: Plan, changes: Sequence[ResourceChange]) -> Sides:
        return Sides(base, head, {change.urn: change for change in changes}, head.by_urn())

    def managed(self) -> Iterator[Resource]:
        return (one for one in self.head if one.custom and not one.read)

    def created(self) -> Iterator[Resource]:
        return (one.new for one in self.changes.values() if one.old is None and one.new is not None)

    def maker(self, resource: Resource, path: str, types: Sequence[str]) -> Resource | None:
        """The resource of one of these types that an input names: by where its value comes from, or by its name."""
        for urn in resource.property_dependencies.get(path, ()):
            found = self.resources.get(urn)
            if found is not None and found.type in types:
                return found
        value = resource.inputs.get(path)
        if not isinstance(value, str):
            return None
        named = (one for one in self.managed() if one.type in types)
        return next((one for one in named if any(one.inputs.get(name) == value for name in NAMES)), None)

    def target(self, resource: Resource, path: str) -> frozenset[str]:
        """What an input points at, in as many words as are known: a value, and the URN of what gives or owns it."""
        value = resource.inputs.get(path)
        if value is None:
            return frozenset()
        makers = resource.property_dependencies.get(path, ())
        found = {makers[0]} if len(makers) == 1 else set[str]()
        if isinstance(value, str):
            found.add(value)
        elif not is_unknown(value):
            found.add(repr(value))
        return frozenset(found)

    def words_for(self, resource: Resource) -> frozenset[str]:
        """In which words others may point at a resource."""
        named = (resource.inputs.get(name) for name in NAMES)
        known = {value for value in named if isinstance(value, str)}
        return frozenset({resource.urn, *known, *({resource.id} if resource.id else ())})


def touches(change: ResourceChange, *paths: str) -> bool:
    """Whether one of the top-level properties changes; everything of a new resource does."""
    return change.old is None or any(one.path and one.path[0] in paths for one in change.properties)
