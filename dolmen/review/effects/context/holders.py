"""What goes first and is still in use: the cloud refuses to delete it."""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.engine.plan import Resource
from dolmen.knowledge.effects import Data
from dolmen.knowledge.loader import change_knowledge
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.effects.context.sides import Sides
from dolmen.review.effects.model import Effect, EffectKind


def effects(change: ResourceChange, sides: Sides) -> Iterator[Effect]:
    known = change_knowledge(change.type).effects
    old = change.old
    if not change.delete_first or not known.held_by or old is None or old.options.retain_on_delete:
        return
    words = sides.words_for(old)
    holders = [one for one in sides.base if one.type in known.held_by and _holds(one, words) and not _goes(one, sides)]
    if holders:
        names = ", ".join(f"`{one.name}`" for one in holders[:3])
        why = f"It is deleted first while {names} still use{'s' if len(holders) == 1 else ''} it, which the cloud refuses."
        safe = (
            known.replaced.safe
            or "Make the new one under another name first, move what uses it, then remove the old one."
        )
        yield Effect(EffectKind.FAILS_AT_APPLY, why, data=Data.KEPT, safe_path=safe, source=known.replaced.source)


def _holds(resource: Resource, words: frozenset[str]) -> bool:
    made = any(urn in words for makers in resource.property_dependencies.values() for urn in makers)
    values = [item for value in resource.inputs.values() for item in (value if isinstance(value, list) else [value])]
    return made or any(isinstance(value, str) and value in words for value in values)


def _goes(resource: Resource, sides: Sides) -> bool:
    """Whether it is deleted itself, before what it uses."""
    changes = (one for one in sides.changes.values() if one.old is not None and one.old.urn == resource.urn)
    change = next(changes, None)
    return change is not None and change.operation is Operation.REPLACE and change.delete_first
