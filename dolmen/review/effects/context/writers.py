"""What a change brings that writes an object which something else of the program writes, too."""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.engine.plan import Resource
from dolmen.knowledge.effects import Data, seconds
from dolmen.knowledge.object_names import object_name
from dolmen.knowledge.writers import Writers, writers_of
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.diff.identity import same_object
from dolmen.review.effects.context.sides import Sides, touches
from dolmen.review.effects.model import KINDS, Effect, EffectKind


def effects(change: ResourceChange, sides: Sides) -> Iterator[Effect]:
    new = change.new
    if new is None or change.moved:
        return
    yield from _twins(change, new, sides)
    for pair in writers_of(new.type):
        if new.type == pair.type and touches(change, pair.at):
            yield from _second(pair, new, sides)
        if new.type == pair.other and pair.inside and new.inputs.get(pair.inside) and touches(change, pair.inside):
            yield from _inside(pair, new, sides)


def _twins(change: ResourceChange, new: Resource, sides: Sides) -> Iterator[Effect]:
    """Two resources of one type that name one object."""
    name = object_name(new.type)
    if name is None or not touches(change, *name.by):
        return
    twin = next((one for one in _others(new, sides) if same_object(one, new)), None)
    if twin is None:
        return
    if name.refused:
        why = f"`{twin.name}` of this program has the same `{name.by[0]}`, so creating this one fails ({name.refused})."
        safe = f"Give it another `{name.by[0]}`, or use `{twin.name}`."
        yield Effect(EffectKind.FAILS_AT_APPLY, why, name.by, data=Data.KEPT, safe_path=safe, source=name.source)
    else:
        why = f"`{twin.name}` of this program writes the same object; whichever is written last counts, and deleting either takes it away."
        safe = "Keep one of both as the only writer."
        gone = seconds("unknown")
        yield Effect(EffectKind.WRONG_OBJECT, why, name.by, gone, safe_path=safe, source=name.source)


def _others(new: Resource, sides: Sides) -> Iterator[Resource]:
    """Resources of the type that exist, or are made before."""
    before = True
    for one in sides.managed():
        if one.urn == new.urn:
            before = False
        elif one.type == new.type and (before or not _is_new(one, sides)):
            yield one


def _second(pair: Writers, new: Resource, sides: Sides) -> Iterator[Effect]:
    target = sides.target(new, pair.at)
    others = _others(new, sides) if pair.other == new.type else sides.managed()
    for one in others:
        if one.type != pair.other or one.urn == new.urn or _apart(pair, new, one):
            continue
        at = sides.target(one, pair.other_at) if pair.other_at else sides.words_for(one)
        if target & at and (not pair.inside or one.inputs.get(pair.inside)):
            yield _effect(pair, one, pair.at)
            return


def _inside(pair: Writers, new: Resource, sides: Sides) -> Iterator[Effect]:
    words = sides.words_for(new)
    for one in sides.managed():
        if one.type == pair.type and not _is_new(one, sides) and sides.target(one, pair.at) & words:
            yield _effect(pair, one, pair.inside)
            return


def _apart(pair: Writers, new: Resource, one: Resource) -> bool:
    return bool(pair.unless) and new.inputs.get(pair.unless) != one.inputs.get(pair.unless)


def _is_new(resource: Resource, sides: Sides) -> bool:
    change = sides.changes.get(resource.urn)
    return change is not None and change.old is None


def _effect(pair: Writers, other: Resource, path: str) -> Effect:
    rule = pair.rule
    why = rule.why.format(other=other.name)
    return Effect(KINDS[rule.effect], why, (path,), rule.downtime, safe_path=rule.safe, source=rule.source)
