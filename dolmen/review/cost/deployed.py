"""What is billed after a change: of what a program leaves out, providers keep what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from dolmen.engine.plan import Plan, Resource, Value
from dolmen.knowledge.provider_schema import type_schema
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.effects.same import filled_in

_STAYS = (Operation.UPDATE, Operation.OPTIONS, Operation.SAME)


def as_deployed(head: Plan, changes: Iterable[ResourceChange]) -> Plan:
    """Fills the plan's resources with the old values that their providers keep."""
    kept = {change.new.urn: filled for change in changes if change.new and (filled := _filled(change)) is not None}
    return replace(head, resources=tuple(kept.get(one.urn, one) for one in head.resources)) if kept else head


def _filled(change: ResourceChange) -> Resource | None:
    old, new = change.old, change.new
    if old is None or new is None or change.operation not in _STAYS:
        return None
    schema = type_schema(new.type)
    if schema is None:
        return None
    inputs = cast("Mapping[str, Value]", filled_in(schema, "", old.inputs, new.inputs))
    return None if inputs == new.inputs else replace(new, inputs=inputs)
