"""Where a new object wants the name that the old one still has: what a replacement or a move runs into."""

from __future__ import annotations

from dolmen.knowledge.effects import Data, Source, seconds
from dolmen.knowledge.model import ChangeKnowledge
from dolmen.knowledge.object_names import ObjectName, object_name
from dolmen.review.diff.compare import Update
from dolmen.review.diff.moves import Move
from dolmen.review.effects.model import Effect, EffectKind

_ENGINE = Source("the Pulumi engine, pkg/resource/deploy/step_generator.go", "2026-11-23")
MADE_ANEW = (
    "Moved without an alias: the engine takes it for another resource than `{}`, makes it anew and deletes the old one."
)


def clash(known: ChangeKnowledge, update: Update, delete_first: bool) -> Effect | None:
    """What a replacement meets that keeps the object's name; `None` where the name is free."""
    name = object_name(update.new.type)
    if delete_first and update.old.options.retain_on_delete:
        first = name.by[0] if name else known.facts.auto_named
        by = name.by if name else (first,)
        return _left_in_place(first) if first and _keeps(by, update) else None
    if name is None or not _keeps(name.by, update):
        return None
    if not delete_first:
        return _exists(name, update)
    window = update.old_inputs.get(name.taken_while) if name.taken_while else 0
    if window == 0:
        return None
    why = f"Deleted first, it still holds its `{name.by[0]}` until its recovery window ends, so creating the new one fails."
    safe = f"Give the new one another `{name.by[0]}`, or set `{name.taken_while}` to 0 in an update of its own before."
    return _fails(why, name.by[0], safe, name.source, data=Data.AT_RISK)


def moved(move: Move) -> Effect:
    """One object under two URNs."""
    name = object_name(move.new.type)
    assert name is not None, "only named objects are one object"
    what = f"Moved without an alias: it is the object that the program held as `{move.old.name}` ({move.old.urn})."
    if name.refused:
        why = f"{what} Creating it fails because it exists ({name.refused}), so the update stops there."
        return _fails(why, name.by[0], move.alias, name.source)
    why = f"{what} Creating it overwrites what exists; deleting it under the old name then takes the one object away."
    return _overwritten(why, name, move.alias)


def _keeps(by: tuple[str, ...], update: Update) -> bool:
    if update.new_inputs.get(by[0]) is None or any("::pulumi:providers:" in one for one in update.forced_by):
        return False
    return not any(change.path and change.path[0] in (*by, "region") for change in update.changes)


def _exists(name: ObjectName, update: Update) -> Effect:
    same = f"the same `{name.by[0]}`"
    safe = (
        f"Give the new one another `{name.by[0]}`, so that both exist for a moment, or set `delete_before_replace=True` "
        "and plan for the gap."
    )
    if update.old.options.retain_on_delete:
        safe = f"Give the new one another `{name.by[0]}`: the old one stays (`retainOnDelete`)."
    if name.refused:
        why = f"The new one is created first, with {same} as the old one, and the cloud refuses it ({name.refused})."
        return _fails(why, name.by[0], safe, name.source)
    why = f"The new one is created first, with {same}: it overwrites the old one, and deleting the old one takes both away."
    return _overwritten(why, name, safe)


def _left_in_place(first: str) -> Effect:
    why = "`retainOnDelete` leaves the old object in place under its name, so creating the new one fails."
    safe = "Give the new one another name, or switch `retainOnDelete` off in a change of its own."
    return _fails(why, first, safe, _ENGINE)


def _fails(why: str, path: str, safe: str, source: Source, data: Data = Data.KEPT) -> Effect:
    return Effect(EffectKind.FAILS_AT_APPLY, why, (path,), data=data, safe_path=safe, source=source)


def _overwritten(why: str, name: ObjectName, safe: str) -> Effect:
    gone = seconds("until undone")
    return Effect(EffectKind.WRONG_OBJECT, why, (name.by[0],), gone, safe_path=safe, source=name.source)
