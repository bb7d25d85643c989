"""What the pack has been shown of a stack so far.

The engine shows a resource alone, when it is registered, and the whole stack at the end. Two things are only seen in
between: the tier, which a resource's platform has, and the inputs, which at the end are mixed with outputs that no
preview knows (an argument that was left out would then look like one that is not known yet). Parents are shown before
their children, so that a resource's tier is known when it is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dolmen.stackfile import Acceptance

from .policy import TIERS
from .resources import PLATFORM, Resource, Stack
from .values import plain, secret_paths

UNSTATED = "unstated"
OFFLINE_TAG = "dolmen:plan"
"""The stack's tag by which `dolmen plan` says that it judges offline."""


@dataclass
class Memory:
    default_tier: str = UNSTATED
    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    marks: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """URN → its secret paths."""
    unjudged: dict[str, dict[str, set[str]]] = field(default_factory=dict[str, dict[str, set[str]]])
    """URN → path → policies that wanted to read it."""
    used: set[Acceptance] = field(default_factory=set[Acceptance])
    """Acceptances that fitted something."""
    _last: Any = None
    _stack: tuple[Any, Stack] | None = None

    def mark(self, args: Any) -> None:
        """Records what is secret: only a remediation is told."""
        self.marks[args.urn] = frozenset(secret_paths(args.props))

    def see(self, args: Any) -> Resource:
        """The resource that a policy is handed. Seen anew whenever other properties come with it."""
        known = self.resources.get(args.urn)
        if known is not None and self._last is args.props:
            return known
        resource = self.resources[args.urn] = self._resource(args)
        if args.opts:
            resource.ignore_changes = tuple(args.opts.ignore_changes)
            resource.parent = str(args.opts.parent or "")
        if args.provider:
            resource.provider_type, resource.provider = args.provider.resource_type, plain(args.provider.props)
            resource.provider_name = args.provider.name
        resource.tier = self._tier(resource)
        self._last = args.props
        return resource

    def stack(self, args: Any) -> Stack:
        """The whole stack: inputs as they were shown, joined by the dependencies that come at the end."""
        if self._stack is not None and self._stack[0] is args.resources:
            return self._stack[1]
        resources: list[Resource] = []
        for one in args.resources:
            seen = self.resources[one.urn] = self.resources.get(one.urn) or self._resource(one)
            seen.parent = one.parent.urn if one.parent else seen.parent
            seen.dependencies = frozenset(other.urn for other in one.dependencies)
            seen.property_dependencies = {
                key: frozenset(other.urn for other in others) for key, others in one.property_dependencies.items()
            }
            resources.append(seen)
        for resource in resources:
            resource.tier = self._tier(resource)
        stack = Stack(resources, offline=args.stack_tags.get(OFFLINE_TAG) == "offline")
        self._stack = (args.resources, stack)
        return stack

    def _resource(self, args: Any) -> Resource:
        return Resource(
            data=plain(args.props),
            type=args.resource_type,
            urn=args.urn,
            name=args.name,
            protect=bool(args.opts and args.opts.protect),
            secrets=self.marks.get(args.urn),
        )

    def wanted(self, resource: Resource, policy: str, paths: set[str]) -> None:
        for path in paths:
            self.unjudged.setdefault(resource.urn, {}).setdefault(path, set()).add(policy)

    def overridden(self, resource: Resource) -> list[str]:
        """The resource's properties that its platform's stack file overrides, as the platform says of itself."""
        platforms = [one.data.get("overrides") for one in self.resources.values() if one.type == PLATFORM]
        said = [one for one in platforms if isinstance(one, Mapping)]
        keys = (resource.name, f"{resource.name}/{resource.type.rpartition(':')[2]}")
        found = (one.get(key) for one in said for key in keys)
        return sorted({str(name) for names in found if isinstance(names, list) for name in names})

    def _tier(self, resource: Resource) -> str:
        """The tier of the platform that a resource lies in; beside a platform, that of the strictest one."""
        current: Resource | None = resource
        while current is not None:
            if current.type == PLATFORM:
                return _tier_of(current.data, self.default_tier)
            current = self.resources.get(current.parent)
        platforms = [one for one in self.resources.values() if one.type == PLATFORM]
        tiers = {_tier_of(one.data, self.default_tier) for one in platforms}
        return max(tiers, key=lambda tier: TIERS.index(tier) if tier != UNSTATED else -1, default=self.default_tier)


def _tier_of(data: Mapping[str, Any], default: str) -> str:
    tier = data.get("tier")
    return tier if isinstance(tier, str) and tier in TIERS else default
