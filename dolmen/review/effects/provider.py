"""What the provider's own plan says of a change, by the provider's schema. Pure.

The schema knows for each property whether its change replaces or is refused, and what was measured of changing, adding
and removing it. What that means for a running platform, effect rules say; where the provider plans nothing, none counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dolmen.engine.plan import Value
from dolmen.knowledge.provider_schema import Answer as Measured
from dolmen.knowledge.provider_schema import PropertySchema, TypeSchema
from dolmen.review.diff.paths import Path
from dolmen.review.diff.values import MISSING, Difference, PropertyChange, at, is_unknown
from dolmen.review.effects.same import ANY_ITEM, child, empties_to_nothing, filled_in, keeps_old_value, same


class Planned(Enum):
    """What a provider plans for the change of one property."""

    SAME = "same"
    """Nothing: both values are one for it."""
    KEEPS = "keeps"
    """Nothing: what the program no longer says stays as it is."""
    UPDATE = "update"
    REPLACEMENT = "replacement"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    planned: Planned
    certain: bool = True
    """False where it depends on a value that only the state has."""
    declared: bool = True
    """False where it was measured of a property that is not declared so: another property may decide."""


def answer(
    schema: TypeSchema, change: PropertyChange, old: Mapping[str, Value], new: Mapping[str, Value]
) -> Answer | None:
    """The provider's answer to one change of a resource; `None` where the schema doesn't have the property."""
    where = _place(schema, change, old, new)
    if where is None:
        return None
    known_before = change.difference is not Difference.MAY_CHANGE
    if known_before and (nothing := _nothing(schema, where, old, new)) is not None:
        return Answer(nothing)
    return _differing(schema, where, change.difference is Difference.ORDER)


@dataclass(frozen=True, slots=True)
class _Place:
    """The property that a change belongs to: one that comes or goes as a whole counts, not its parts."""

    top: str
    path: str
    one: PropertySchema
    old: Any
    new: Any
    inside: bool
    """Whether the change is one of an item, or of a map's value, and not of the property as a whole."""
    changed: Any
    """The item that comes or goes."""
    above: tuple[PropertySchema, ...]

    @property
    def unknown(self) -> bool:
        return not self.inside and is_unknown(self.new)


def _place(
    schema: TypeSchema, change: PropertyChange, old: Mapping[str, Value], new: Mapping[str, Value]
) -> _Place | None:
    whole = _whole(change, old, new)
    found: list[tuple[int, str, PropertySchema]] = []
    path = ""
    for length, step in enumerate(whole, 1):
        path = path + ANY_ITEM if isinstance(step, int) else child(schema, path, step)
        if path[-1] not in "]}" and path in schema.properties:
            found.append((length, path, schema.properties[path]))
        elif path[-1] not in "]}":
            return None  # younger than the provider that was asked
    if not found:
        return None
    length, path, one = found[-1]
    if length == len(change.path):
        before, after = change.old, change.new
    else:
        before, after = at(old, whole[:length]), at(new, whole[:length])
    item = change.new if change.difference is Difference.ADDED else change.old
    return _Place(
        str(whole[0]),
        path,
        one,
        before,
        after,
        length < len(whole),
        item if length < len(whole) else MISSING,
        tuple(above for _, _, above in found[:-1]),
    )


def _whole(change: PropertyChange, old: Mapping[str, Value], new: Mapping[str, Value]) -> Path:
    """The path of what comes or goes: the outermost object that is missing on the other side."""
    if change.difference not in (Difference.ADDED, Difference.REMOVED):
        return change.path
    side: Any = old if change.difference is Difference.ADDED else new
    for length, step in enumerate(change.path[:-1], 1):
        side = at(side, (step,))
        if side is MISSING:
            return change.path if isinstance(step, int) else change.path[:length]
    return change.path


def _nothing(schema: TypeSchema, where: _Place, old: Mapping[str, Value], new: Mapping[str, Value]) -> Planned | None:
    """Why the provider sees no difference, if it sees none: in the whole property at the top, or in this one."""
    before, after = (side.get(where.top) for side in (old, new))
    for path, one, other in ((where.top, before, after), (where.path, where.old, where.new)):
        one, other = (MISSING if side is None else side for side in (one, other))
        if same(schema, path, one, other):
            return Planned.SAME
        known = schema.properties[path]
        if one is not MISSING and other is MISSING and keeps_old_value(known):
            return Planned.KEEPS
        if one is MISSING or other is MISSING:
            continue
        if one and other == [] and empties_to_nothing(schema, known):
            return Planned.KEEPS
        if same(schema, path, one, filled_in(schema, path, one, other)):
            return Planned.KEEPS
    return None


# ---- what differs


def _differing(schema: TypeSchema, where: _Place, reordered: bool) -> Answer:
    one = where.one
    if where.inside or reordered:
        return Answer(_of_items(schema, where))
    if where.unknown and (said := _unknown(schema, where)) is not None:
        return said
    added, removed = where.old is MISSING, where.new is MISSING
    if removed and one.default is not None:
        removed = False  # back to the default: a change of the value
    measured = one.measured_addition if added else one.measured_removal if removed else one.measured_change
    planned = _worst(measured) or _declared(one, added)
    certain = not (added and one.computed and planned is not Planned.UPDATE)
    return Answer(planned, certain, declared=planned is not Planned.REFUSED or _declared(one, added) is planned)


def _unknown(schema: TypeSchema, where: _Place) -> Answer | None:
    """What only an unknown value does: nobody can say that it is the one which is there, or that it is not."""
    one, added = where.one, where.old is MISSING
    if one.computed and "createOnly" in one.plan_modifiers:
        return Answer(Planned.UPDATE)
    if added:
        measured = one.measured_addition
        if measured == "none" or (measured is not None and "error" in measured and not one.plan_modifiers):
            return Answer(Planned.UPDATE)
    own_rules = schema.schema == "sdk" and not one.replace
    if own_rules and one.computed and "replace" in (one.measured_addition or ()):
        return Answer(Planned.UPDATE)
    return None


def _of_items(schema: TypeSchema, where: _Place) -> Planned:
    """An item that comes, goes or changes its place in a list, a set or a map."""
    held = [where.one, *where.above]
    if any(one.replace or "requiresReplace" in one.plan_modifiers for one in held):
        return Planned.REPLACEMENT
    if "writeOnce" in where.one.plan_modifiers:
        return Planned.REPLACEMENT
    of_item = schema.properties.get(where.path + ANY_ITEM)
    measured = (where.one.measured_change, of_item.measured_change if of_item else None)
    if "replace" in measured:
        return Planned.REPLACEMENT
    if "error" in measured:
        return Planned.REFUSED
    if isinstance(where.changed, Mapping) and any(_replacing(schema, where.path + ANY_ITEM, where.changed)):
        return Planned.REPLACEMENT
    return Planned.UPDATE


def _replacing(schema: TypeSchema, path: str, value: Any) -> Iterator[bool]:
    """Whether what stands in an item is declared to replace the resource."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            below = child(schema, path, name)
            one = schema.properties.get(below)
            yield one is not None and one.replace
            yield from _replacing(schema, below, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _replacing(schema, path + ANY_ITEM, inner)


def _worst(measured: Measured | None) -> Planned | None:
    """The worst of what was measured: which of them it is depends on values, and `nothing` was looked for before."""
    said = (measured,) if isinstance(measured, str) else measured or ()
    if set(said) == {"replace", "update"} or set(said) == {"error", "update"}:
        return Planned.UPDATE  # by rules between properties, which effect rules say
    for word, planned in (
        ("error", Planned.REFUSED),
        ("replace", Planned.REPLACEMENT),
        ("update", Planned.UPDATE),
    ):
        if word in said:
            return planned
    return None


def _declared(one: PropertySchema, added: bool) -> Planned:
    modifiers = one.plan_modifiers
    if "createOnly" in modifiers or (added and "updateOnly" in modifiers):
        return Planned.REFUSED
    return Planned.REPLACEMENT if one.replace or "requiresReplace" in modifiers else Planned.UPDATE
