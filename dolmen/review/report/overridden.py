"""Overrides of a stack file: properties that it writes past the platform's own options, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from dolmen.engine.plan import Plan, Position, Resource
from dolmen.review.diff.cause import Leaves
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity

PLATFORM = "dolmen:index:Platform"
ID = "stack-file-override"
_KEYS = ("dolmen:overrides", "overrides")


def overridden(head: Plan | None, leaves: Leaves | None, base: Plan | None = None) -> tuple[Finding, ...]:
    """What the stack file overrides, as findings; the platform says of itself which properties these are."""
    if head is None:
        return ()
    before = {(one.urn, name) for one, _, name in _overrides(base)} if base is not None else None
    return tuple(
        Finding(
            ID,
            "The stack file overrides what the platform writes",
            f"{name}",
            Severity.LOW,
            Enforcement.ADVISORY,
            FindingKind.OVERRIDE,
            urn=resource.urn,
            position=_position(leaves, key, name),
            path=name,
            in_base=None if before is None else (resource.urn, name) in before,
        )
        for resource, key, name in _overrides(head)
    )


def _overrides(plan: Plan) -> Iterator[tuple[Resource, str, str]]:
    """The resource, how the stack file names it, and the property."""
    for platform in plan:
        said = platform.inputs.get("overrides") if platform.type == PLATFORM else None
        for key, names in cast("Mapping[str, Any]", said).items() if isinstance(said, Mapping) else ():
            name, _, kind = key.partition("/")
            for resource in plan:
                if resource.custom and resource.name == name and kind in ("", resource.type.rpartition(":")[2]):
                    yield from ((resource, key, one) for one in names if isinstance(one, str))


def _position(leaves: Leaves | None, key: str, name: str) -> Position | None:
    """The line of the property's first value."""
    if leaves is None:
        return None
    lines = [
        leaf.line
        for path, leaf in leaves.values.items()
        if len(path) > 3 and path[1] in _KEYS and path[2:4] == (key, name)
    ]
    return Position(leaves.file, min(lines)) if lines else None
