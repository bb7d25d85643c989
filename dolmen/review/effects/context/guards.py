"""What guarded others and is deleted: alarms, backup schedules, audit logs, rotations.

What is deleted together with all that it guarded takes nothing away, nor does one that another of its kind stands in for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from dolmen.engine.masking import texts
from dolmen.engine.plan import Resource
from dolmen.knowledge.protections import Guard, guard_of
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.values import comparison, differences, equal
from dolmen.review.effects.conditions import Situation, gathered
from dolmen.review.effects.context.sides import Sides
from dolmen.review.effects.model import Effect
from dolmen.review.effects.protections import lost_by_properties, protection_removed

_CARRIERS = ("aws:iam/", "aws:kms/", "aws:lambda/", "random:", "pulumi:", "aws:sqs/")
"""What guards use, and do not guard."""
_NODE = re.compile("-0")
"""Begins what a node of a replication group is called after its group: `shop-001`."""


def effects(change: ResourceChange, sides: Sides) -> Iterator[Effect]:
    """What the deletion of one resource leaves without a guard, or its replacement by a weaker one."""
    if change.moved and change.old is not None and change.new is not None:
        yield from _weaker(change.old, change.new)
    guard = guard_of(change.type) if change.operation is Operation.DELETE else None
    if guard is None or change.old is None or not _guards(change.old):
        return
    gone = {one.old.urn for one in sides.changes.values() if one.operation is Operation.DELETE and one.old is not None}
    if _idle(change.old, sides, gone, frozenset()):
        return
    stand_in = next((one for one in sides.created() if _stands_in(guard, change.old, one)), None)
    if stand_in is not None:
        yield from _weaker(change.old, stand_in)
        return
    certain = guard.source is not None
    yield protection_removed(guard.lost, guard.why, (), guard.source, certain=certain)


def _weaker(old: Resource, new: Resource) -> list[Effect]:
    changes = tuple(differences(dict(old.inputs), dict(new.inputs), comparison(new.type)))
    return lost_by_properties(new.type, changes, Situation(old.inputs, new.inputs, frozenset()))


def _guards(resource: Resource) -> bool:
    """Whether it did anything at all: an alarm without actions told nobody."""
    return not any(resource.inputs.get(name) is False for name in ("enabled", "actionsEnabled", "rotationEnabled"))


def _stands_in(guard: Guard, old: Resource, new: Resource) -> bool:
    if new.type != old.type:
        return False
    same = all(_same(gathered(old.inputs, path), gathered(new.inputs, path)) for path in guard.same_by)
    return same and _guards(new)


def _same(old: Sequence[object], new: Sequence[object]) -> bool:
    return len(old) == len(new) and all(equal(a, b) for a, b in zip(old, new, strict=True))  # type: ignore[arg-type]


def _idle(resource: Resource, sides: Sides, gone: Set[str], seen: frozenset[str]) -> bool:
    """Whether everything that it guards is deleted with it. `gone`: the URNs of what is deleted."""
    makers = _closest(_named(resource, sides))
    guarded = [one for one in makers if guard_of(one.type) is None]
    if guarded:
        return all(one.urn in gone for one in guarded)
    linked = [one for one in (*makers, *_users(resource, sides)) if one.urn not in seen and one.urn != resource.urn]
    seen = seen | {resource.urn}
    return bool(linked) and all(one.urn in gone and _idle(one, sides, gone, seen) for one in linked)


def _named(resource: Resource, sides: Sides) -> list[Resource]:
    """The base's resources that an input names: by where its value comes from, or by a name in it."""
    made_by = {urn for makers in resource.property_dependencies.values() for urn in makers}
    said = set(texts(dict(resource.inputs)))
    said |= {text[: at.start()] for text in said for at in _NODE.finditer(text)}
    said = {text for text in said if len(text) > 3}
    return [
        one
        for one in sides.base
        if one.custom
        and one.urn != resource.urn
        and not one.type.startswith(_CARRIERS)
        and (one.urn in made_by or not said.isdisjoint(sides.words_for(one)))
    ]


def _closest(some: Sequence[Resource]) -> list[Resource]:
    """Without those that others of them stand in: a cluster's project."""
    around = {urn for one in some for urn in one.dependencies}
    return [one for one in some if one.urn not in around]


def _users(resource: Resource, sides: Sides) -> list[Resource]:
    return [one for one in sides.base if one.custom and resource.urn in one.dependencies and guard_of(one.type)]
