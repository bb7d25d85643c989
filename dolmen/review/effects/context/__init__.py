"""What a change does because of what stands beside it in the plan: each rule adds effects to those of its type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dolmen.engine.plan import Plan
from dolmen.knowledge.loader import change_knowledge
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.effects.context import (
    access,
    backups,
    containers,
    families,
    guards,
    holders,
    providers,
    steps,
    writers,
)
from dolmen.review.effects.context.sides import Sides
from dolmen.review.effects.judge import worst_first
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.effects.protections import absorbed

_RULES = (
    families.effects,
    holders.effects,
    writers.effects,
    access.effects,
    backups.effects,
    containers.effects,
    steps.effects,
    providers.effects,
)
_LIVE = (Operation.CREATE, Operation.IMPORT, Operation.UPDATE, Operation.REPLACE, Operation.OPTIONS)


def in_context(changes: Sequence[ResourceChange], base: Plan | None, head: Plan | None) -> tuple[ResourceChange, ...]:
    """The changes with what follows from their neighbours, and those of providers that only the stack file sets."""
    if head is None:
        return tuple(changes)
    sides = Sides.of(base or replace(head, resources=(), config={}), head, changes)
    if base is None:
        found = [providers.reaching(_about_nothing_old(change, sides), sides) for change in changes]
        return (*providers.of_addition(head), *found)
    found = [_judged(change, sides) if change.custom and change.operation in _LIVE else change for change in changes]
    found = [_unguarding(change, sides) for change in found]
    return (*providers.of_configuration(sides), *(providers.reaching(change, sides) for change in found))


def _about_nothing_old(change: ResourceChange, sides: Sides) -> ResourceChange:
    """What acts on a resource of the same update finds nobody who uses it yet."""
    path = change_knowledge(change.type).effects.acts_on
    if change.operation is not Operation.CREATE or not path or change.new is None:
        return change
    target = sides.target(change.new, path)
    if not any(sides.words_for(one) & target for one in sides.created()):
        return change
    return replace(change, effects=(Effect(EffectKind.CREATED, "Created together with what it acts on."),))


def _judged(change: ResourceChange, sides: Sides) -> ResourceChange:
    change = _about_nothing_old(change, sides)
    return _with(change, [effect for rule in _RULES for effect in rule(change, sides)])


def _unguarding(change: ResourceChange, sides: Sides) -> ResourceChange:
    lost = list(guards.effects(change, sides))
    return replace(change, effects=worst_first(absorbed(change.effects, lost))) if lost else change


def _with(change: ResourceChange, more: Sequence[Effect]) -> ResourceChange:
    return replace(change, effects=worst_first([*change.effects, *more])) if more else change
