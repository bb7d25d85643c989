"""Splits off what many resources share: the same harmless change of the same property, across types."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from dolmen.knowledge.effects import Data
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.values import Difference, PropertyChange, frozen
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect, EffectKind

_LEAST = 3
"""So many resources that share a change are told of together."""
_HARMLESS = (EffectKind.IN_PLACE, EffectKind.DOES_NOTHING)


def split(changes: Sequence[ResourceChange]) -> tuple[list[list[ResourceChange]], list[ResourceChange]]:
    """(groups that share a change, reduced to it; what is left of every change)."""
    having: dict[Hashable, list[int]] = {}
    for index, change in enumerate(changes):
        if change.operation is Operation.UPDATE and change.custom:
            for one in change.properties:
                key = _key(change, one)
                if key is not None:
                    having.setdefault(key, []).append(index)
    members: dict[tuple[int, ...], set[Hashable]] = {}
    for key, indices in having.items():
        if len(indices) >= _LEAST and len({changes[index].type for index in indices}) > 1:
            members.setdefault(tuple(indices), set()).add(key)
    taken: dict[int, set[Hashable]] = {}
    for indices, keys in members.items():
        for index in indices:
            taken.setdefault(index, set()).update(keys)
    shared = [[_only(changes[index], keys) for index in indices] for indices, keys in members.items()]
    left = [_without(change, taken[index]) if index in taken else change for index, change in enumerate(changes)]
    return shared, [change for change in left if change is not None]


def _key(change: ResourceChange, one: PropertyChange) -> Hashable | None:
    """What two resources share when they share this; nothing where it is not known to be harmless."""
    about = _about(change.effects, one)
    if one.difference in (Difference.MAY_CHANGE, Difference.ORDER) or not about or not all(map(_harmless, about)):
        return None
    said = frozenset(effect.kind for effect in about)
    return (one.label, one.difference, frozen(one.old), frozen(one.new), said)


def _harmless(effect: Effect) -> bool:
    quiet = effect.certain and effect.downtime == (0, 0) and effect.data in (Data.NONE, Data.KEPT)
    return effect.kind in _HARMLESS and quiet and not harms([effect]) and not effect.safe_path and not effect.data_note


def _about(effects: Iterable[Effect], one: PropertyChange) -> list[Effect]:
    return [effect for effect in effects if one.label in effect.properties]


def _only(change: ResourceChange, keys: set[Hashable]) -> ResourceChange:
    properties = tuple(one for one in change.properties if _key(change, one) in keys)
    labels = {one.label for one in properties}
    effects = tuple(effect for effect in change.effects if labels & set(effect.properties))
    return replace(change, properties=properties, effects=effects, options=(), ignored=(), blocked=())


def _without(change: ResourceChange, keys: set[Hashable]) -> ResourceChange | None:
    """What else changes, or nothing: an effect that names no property always stays."""
    properties = tuple(one for one in change.properties if _key(change, one) not in keys)
    gone = {one.label for one in change.properties} - {one.label for one in properties}
    effects = tuple(effect for effect in change.effects if not effect.properties or set(effect.properties) - gone)
    if not properties and not effects and not change.options and not change.ignored and not change.blocked:
        return None
    only_options = change.options and not properties and not effects
    operation = Operation.OPTIONS if only_options else change.operation
    return replace(change, operation=operation, properties=properties, effects=effects)
