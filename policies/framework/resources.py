"""A resource, and the stack as the graph that its properties make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .values import UNKNOWN, View

PLATFORM = "dolmen:index:Platform"


@dataclass
class Resource(View):
    """A registered resource with its inputs."""

    type: str = ""
    urn: str = ""
    name: str = ""
    tier: str = "unstated"
    """`development`, `staging`, `production`, or `unstated`: judged like production, but as advice."""
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    parent: str = ""
    provider_type: str = ""
    provider_name: str = ""
    """`default_…` of a package's default provider."""
    provider: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The inputs of its provider."""
    secrets: frozenset[str] | None = None
    """Paths that are secret; `None` where nobody said."""
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def is_secret(self, path: str) -> bool | None:
        """Whether a value is kept encrypted, itself or with what it is part of; `None` where nobody said."""
        if self.secrets is None:
            return None
        return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in self.secrets)

    def depends(self, key: str) -> frozenset[str]:
        """URNs of the resources that a property is made of."""
        return self.property_dependencies.get(key.partition(".")[0].partition("[")[0], frozenset())


class Stack:
    """All resources of a program."""

    def __init__(self, resources: list[Resource], *, offline: bool = False) -> None:
        self.resources = resources
        self.offline = offline
        """Whether this is an offline plan, in which configuration that is secret and lookups are placeholders."""
        self.by_urn = {resource.urn: resource for resource in resources}
        self._by_type: dict[str, list[Resource]] = {}
        for resource in resources:
            self._by_type.setdefault(resource.type, []).append(resource)

    def of(self, *types: str) -> list[Resource]:
        return [resource for one in types for resource in self._by_type.get(one, ())]

    def behind(self, resource: Resource, key: str) -> list[Resource]:
        """The resources that a property is made of."""
        return [self.by_urn[urn] for urn in sorted(resource.depends(key)) if urn in self.by_urn]

    def points_at(self, resource: Resource, key: str, target: Resource, *names: str) -> bool:
        """Whether a property names a resource: it is made of it, or equals one of the properties that identify it."""
        if target.urn in resource.depends(key):
            return True
        value = resource.peek(key)
        return bool(value) and any(value == target.peek(name) for name in names)

    def identity(self, resource: Resource, key: str) -> object:
        """What two resources have in common when a property is the same for both, known or not."""
        value = resource.data.get(key)
        if isinstance(value, str) and value:
            return value
        if value is UNKNOWN and resource.depends(key):
            return resource.depends(key)
        return None
