"""A routine rotation: a spare credential is made anew, or the one that is published gives way to a spare one.

The words are given only where the plan proves them: nothing else changes, the program is the one of the base, what is
published stays valid, and what is published anew is a login that exists. Two slots: docs/decisions/0003.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dolmen.engine.plan import Plan, Resource, Secret, Value
from dolmen.knowledge.effects import Data, Source
from dolmen.knowledge.rotations import RotationTypes, rotation_types
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.values import Difference, equal
from dolmen.review.effects.model import Effect, EffectKind

_SOURCE = Source("docs/decisions/0003-two-slots-of-credentials.md", "2026-11-30")
_MADE = "Routine rotation: a new value in a slot that no secret publishes."
_LOGIN = "Routine rotation: the login of a slot that no secret publishes; who reads the secret has another one, which stays. Whoever still uses the one from before the last switch is refused."
_BESIDE = "Routine rotation: another value beside the published one, which stays valid."
_NEW = "Routine rotation: a login beside those that exist, with the same rights."
_PUBLISHED = "Routine rotation: readers get the other login when they read again; the one that they have keeps working."


def as_rotation(
    changes: Sequence[ResourceChange], base: Plan, head: Plan, program_changed: bool
) -> tuple[ResourceChange, ...]:
    """The changes with the mild effect of a routine rotation, where all of them together are one; else as they are."""
    acting = [one for one in changes if one.operation is not Operation.SAME and (one.custom or one.options)]
    if program_changed or not acting or not all(one.custom for one in acting):
        return tuple(changes)
    rotation = _Rotation.of(base, head, acting)
    told = {change.urn: rotation.why(change) for change in acting}
    if not rotation.published or not all(told.values()) or _gives_secrets(base.outputs):
        return tuple(changes)
    return tuple(replace(one, effects=(_mild(told[one.urn]),)) if one.urn in told else one for one in changes)


def _gives_secrets(outputs: Value) -> bool:
    """Whether a stack output may publish a credential: nobody sees which one."""
    if isinstance(outputs, Mapping):
        return any(_gives_secrets(one) for one in outputs.values())
    if isinstance(outputs, list):
        return any(_gives_secrets(one) for one in outputs)
    return isinstance(outputs, Secret)


def _mild(why: str) -> Effect:
    return Effect(EffectKind.ROTATION, why, data=Data.KEPT, source=_SOURCE)


@dataclass(frozen=True, slots=True)
class _Rotation:
    types: RotationTypes
    base: Plan
    head: Plan
    published: frozenset[str]
    """Generators of the base of which something else than a login takes the value."""
    touched: frozenset[str]
    """Generators whose value is another one in the head."""

    @staticmethod
    def of(base: Plan, head: Plan, acting: Sequence[ResourceChange]) -> _Rotation:
        types = rotation_types()
        published = frozenset(
            urn
            for one in base
            if one.type not in types.logins and one.type not in types.generators
            for urn in _generators(one, base, types)
        )
        touched = frozenset(one.urn for one in acting if one.type in types.generators)
        return _Rotation(types, base, head, published, touched)

    def why(self, change: ResourceChange) -> str:
        """What a change is in the rotation; empty where it is no part of one."""
        if change.blocked or change.options or change.new is None:
            return ""
        if change.type in self.types.generators:
            return self._made(change)
        if change.type in self.types.logins:
            return self._login(change, change.new)
        return self._publication(change, change.new) if change.type in self.types.publications else ""

    def _made(self, change: ResourceChange) -> str:
        kept = change.urn not in self.published and (change.old is None or change.old.urn not in self.published)
        if change.operation is Operation.CREATE and change.new is not None:
            return _MADE if self._has_login(change.urn) and self._second(change.new) else ""
        paths = {one.path[:1] for one in change.properties}
        again = change.operation is Operation.REPLACE and not change.delete_first and paths == {("keepers",)}
        return _MADE if again and kept and not change.moved and self._has_login(change.urn) else ""

    def _second(self, new: Resource) -> bool:
        """Whether the same owner has another one that is published, made alike."""
        others = (one for one in self.base if one.urn in self.published and one.type == new.type)
        return any(
            one.parent == new.parent and _without(one, ("keepers",)) == _without(new, ("keepers",)) for one in others
        )

    def _has_login(self, generator: str) -> bool:
        return any(
            one.type in self.types.logins and generator in _generators(one, self.head, self.types) for one in self.head
        )

    def _login(self, change: ResourceChange, new: Resource) -> str:
        names = self.types.logins[change.type]
        if change.operation is Operation.CREATE:
            return _NEW if self._has_sibling(new, names) else ""
        if change.operation is not Operation.UPDATE or change.old is None:
            return ""
        if any(one.difference is not Difference.MAY_CHANGE or one.path[0] not in names for one in change.properties):
            return ""
        before, after = (
            frozenset(_generators(one, side, self.types)) for one, side in ((change.old, self.base), (new, self.head))
        )
        if new.type in self.types.several:
            return _BESIDE if before & self.published and before & self.published <= after - self.touched else ""
        return _LOGIN if after and not (before | after) & self.published else ""

    def _has_sibling(self, new: Resource, names: Sequence[str]) -> bool:
        mine = _without(new, names)
        return any(one.type == new.type and equal(_without(one, names), mine) for one in self.base)

    def _publication(self, change: ResourceChange, new: Resource) -> str:
        path = self.types.publications[change.type]
        swapped = (
            change.operation in (Operation.REPLACE, Operation.UPDATE) and not change.delete_first and not change.moved
        )
        if not swapped or change.old is None:
            return ""
        if any(one.path[0] not in path or one.difference is not Difference.MAY_CHANGE for one in change.properties):
            return ""
        before, after = (
            _generators(one, side, self.types) for one, side in ((change.old, self.base), (new, self.head))
        )
        logins = all(self._has_login(urn) for urn in after)
        return _PUBLISHED if after and len(before) == len(after) and logins and not set(before) & self.touched else ""


def _generators(resource: Resource, plan: Plan, types: RotationTypes) -> list[str]:
    known = plan.by_urn()
    makers = dict.fromkeys(urn for some in resource.property_dependencies.values() for urn in some)
    return [urn for urn in makers if (one := known.get(urn)) is not None and one.type in types.generators]


def _without(resource: Resource, names: Sequence[str]) -> dict[str, Value]:
    return {name: value for name, value in resource.inputs.items() if name not in names}
