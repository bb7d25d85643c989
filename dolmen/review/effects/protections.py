"""What protects a resource no longer: weaker values of its properties, and other options of Pulumi. Pure.

A guard that gets stronger is worth no word. What is deleted needs none any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dolmen.engine.plan import Options, Resource
from dolmen.knowledge.effects import Data, Source
from dolmen.knowledge.protections import Protection, Weaker, protections_by_name, protections_of
from dolmen.review.diff.paths import covered, pattern
from dolmen.review.diff.values import MISSING, Difference, PropertyChange, at, hides
from dolmen.review.effects.conditions import Situation, gathered, holds, size
from dolmen.review.effects.model import Effect, EffectKind

_BY_NAME = "By its name it guards the resource; Dolmen knows nothing more of this property."
_ENGINE = Source("www.pulumi.com/docs/iac/concepts/resources/options", "2026-11-30")


def lost_by_properties(token: str, changes: Iterable[PropertyChange], situation: Situation) -> list[Effect]:
    """What weaker values take away, one effect for each property and guard."""
    return [effect for change in changes for effect in _lost(token, change, situation)]


def protection_removed(
    lost: str, why: str, properties: tuple[str, ...], source: Source | None, *, certain: bool = True
) -> Effect:
    """The one effect by which a report says that something guards no longer."""
    head = f"{'Protection removed' if certain else 'Protection may be removed'}: {lost}."
    kind = EffectKind.PROTECTION_REMOVED
    return Effect(kind, f"{head} {why}", properties, data=Data.KEPT, source=source, certain=certain, protection=lost)


def absorbed(effects: Iterable[Effect], lost: Sequence[Effect]) -> list[Effect]:
    """All effects, without those that only say of a lost protection's property that nothing happens now.

    A guard's own deletion, of which nothing is lost but what it guarded, goes without saying too.
    """
    told = {path for one in lost for path in one.properties}
    return [*(one for one in effects if not (_harmless(one) and set(one.properties) <= told)), *lost]


def _harmless(effect: Effect) -> bool:
    quiet = effect.downtime == (0, 0) and effect.data in (Data.NONE, Data.KEPT)
    return quiet and (
        effect.kind is EffectKind.DELETED or (effect.kind is EffectKind.IN_PLACE and bool(effect.properties))
    )


def _lost(token: str, change: PropertyChange, situation: Situation) -> Iterator[Effect]:
    path, rows = pattern(change.path), protections_of(token)
    inside = [(row, one) for row, some in rows.items() if row == path or row.startswith(f"{path}.") for one in some]
    names = _names(change, situation)
    known: list[tuple[str, Protection]] = inside or [(path, one) for one in protections_by_name(names)]
    told: set[str] = set()
    for row, one in known:
        held = _weakened(one, row, change, situation) if holds(one.when, change, situation) is not False else False
        if held is False or one.lost in told:
            continue
        told.add(one.lost)
        certain = bool(held) and one.source is not None
        yield protection_removed(one.lost, one.why or _BY_NAME, (change.label or path,), one.source, certain=certain)


def _names(change: PropertyChange, situation: Situation) -> tuple[str, ...]:
    """The names on the path; of an item that is a name with a value, its own: the parameter `require_secure_transport`."""
    names = tuple(step for step in change.path if isinstance(step, str))
    if names[-1:] != ("value",):
        return names
    item = at(situation.new_inputs, change.path[:-1])
    called = item.get("name") if isinstance(item, Mapping) else None
    return (*names[:-1], called) if isinstance(called, str) else names


def _weakened(one: Protection, row: str, change: PropertyChange, situation: Situation) -> bool | None:
    """Whether the new value guards less; `None` where that cannot be seen."""
    if change.difference in (Difference.ORDER, Difference.MAY_CHANGE):
        return False
    if one.weaker is Weaker.FEWER:
        return _fewer(row, change, situation)
    if change.path and isinstance(change.path[-1], int) and MISSING in (change.old, change.new):
        return False  # an item comes or goes; how many there are is all that counts
    below = row[len(pattern(change.path)) + 1 :]
    pairs = _pairs(change.old, change.new, below)
    answers = {weaker(one, old, new) for old, new in pairs}
    return True if True in answers else None if None in answers else False


def _pairs(old: Any, new: Any, below: str) -> list[tuple[Any, Any]]:
    """The values that take each other's place, at the property or below a block that comes or goes with it."""
    if not below:
        return [(old, new)]
    olds, news = (gathered(side, below) if isinstance(side, Mapping) else [MISSING] for side in (old, new))
    width = max(len(olds), len(news))
    return list(zip(*(side + [MISSING] * (width - len(side)) for side in (olds, news)), strict=True))


def weaker(one: Protection, old: Any, new: Any) -> bool | None:
    """Whether the second value guards less than the first; `None` where that cannot be seen."""
    if one.weaker is Weaker.REMOVED:
        return old not in (MISSING, "", []) and new in (MISSING, "", [])
    before, after = (one.default if side is MISSING and one.default is not None else side for side in (old, new))
    if before is MISSING:
        return False  # the program never asked for it
    if hides(after) or hides(before):
        return None if _guards(one, before) or hides(before) else False
    if one.weaker in (Weaker.TURNED_OFF, Weaker.TURNED_ON):
        guarding = one.weaker is Weaker.TURNED_OFF
        return _truth(before) is guarding and _truth(after) is not guarding
    if one.weaker is Weaker.WORDS:
        strengths = [one.words.get(str(side).lower()) for side in (before, after)]
        if strengths[0] is None or strengths[0] == 0:
            return False
        return None if strengths[1] is None else strengths[1] < strengths[0]
    return _less(one, before, after)


def _guards(one: Protection, value: Any) -> bool:
    """Whether a value that is known guards anything at all."""
    if one.weaker is Weaker.WORDS:
        return bool(one.words.get(str(value).lower()))
    if one.weaker in (Weaker.TURNED_OFF, Weaker.TURNED_ON):
        return _truth(value) is (one.weaker is Weaker.TURNED_OFF)
    return value is not MISSING


_ON = frozenset({"true", "on", "enabled", "1", "yes"})
_OFF = frozenset({"false", "off", "disabled", "0", "no"})


def _truth(value: Any) -> bool | None:
    if isinstance(value, str):
        word = value.lower()
        return True if word in _ON else False if word in _OFF else None
    return value if isinstance(value, bool) else False if value is MISSING else None


_ONE_NUMBER = re.compile(r"[A-Za-z_.-]*\d+([._]\d+)*[A-Za-z]*")


def _less(one: Protection, before: Any, after: Any) -> bool | None:
    if after is MISSING:  # the provider's own value, whatever it is
        return None
    numbers: list[tuple[float, ...]] = []
    for side in (before, after):
        if isinstance(side, str) and not _ONE_NUMBER.fullmatch(side):
            return False
        if one.endless is not None and side == one.endless:
            numbers.append((float("inf"),))
        elif (found := size(side)) is not None:
            numbers.append(found)
    if len(numbers) < 2:
        return False
    return numbers[1] < numbers[0] if one.weaker is Weaker.LOWERED else numbers[1] > numbers[0]


def _fewer(row: str, change: PropertyChange, situation: Situation) -> bool | None:
    before, after = (gathered(side, row) for side in (situation.old_inputs, situation.new_inputs))
    if any(hides(value) for value in after):
        return None if any(value is not MISSING for value in before) else False
    if change.difference is Difference.ADDED and not any(isinstance(step, int) for step in change.path):
        return False
    return _count(after) < _count(before)


def _count(values: Iterable[Any]) -> int:
    return sum(len(value) if isinstance(value, list) else value is not MISSING for value in values)


# ---- options


def lost_by_options(old: Resource, new: Resource) -> tuple[Effect, ...]:
    """What a resource loses with other options of Pulumi."""
    return tuple(protection_removed(lost, why, (option,), _ENGINE) for option, lost, why in _options(old, new))


def _options(old: Resource, new: Resource) -> Iterator[tuple[str, str, str]]:
    before, after = old.options, new.options
    if before.protect and not after.protect:
        why = "From now on `pulumi up` deletes or replaces it as soon as a program says so."
        yield "protect", "Pulumi's protection against deletion (`protect`)", why
    if before.retain_on_delete and not after.retain_on_delete:
        why = "When it leaves the program, the cloud deletes it; until now it would have stayed."
        yield "retainOnDelete", "what keeps it in the cloud after a deletion (`retainOnDelete`)", why
    if after.deleted_with and not before.deleted_with:
        why = (
            "It goes with the other resource; its own deletion, with what that asks for (a last snapshot), is left out."
        )
        yield "deletedWith", "a deletion of its own (`deletedWith`)", why
    if after.delete_before_replace and not before.delete_before_replace:
        why = "The next replacement deletes it before the new one stands."
        yield "deleteBeforeReplace", "the order that makes the new one first (`deleteBeforeReplace`)", why
    if hooks := [name for name, some in before.hooks.items() if set(some) - set(after.hooks.get(name, ()))]:
        yield "hooks", "a hook", f"What the program ran at {', '.join(sorted(hooks))} it runs no more."
    if guards := list(_left_alone(old, new)):
        names = ", ".join(f"`{name}`" for name in guards[:5])
        why = f"Pulumi no longer keeps {names} as the program says."
        yield "ignoreChanges", "what keeps its guards as they are (`ignoreChanges`)", why


def _left_alone(old: Resource, new: Resource) -> Iterator[str]:
    """Guards of the resource that the engine looked after until now."""
    before, after = _ignored(old.options), _ignored(new.options)
    if not after - before:
        return
    for path in _leaves(new.inputs, ()):
        guards = protections_of(new.type).get(pattern(path)) or protections_by_name(
            tuple(step for step in path if isinstance(step, str))
        )
        if guards and covered(new.options.ignore_changes, path) and not covered(old.options.ignore_changes, path):
            yield pattern(path)


def _ignored(options: Options) -> set[str]:
    return set(options.ignore_changes)


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    else:
        yield path
