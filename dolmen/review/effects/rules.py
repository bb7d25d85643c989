"""Which effect rules apply to a change: what people wrote of the type, and what the provider's schema says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from dolmen.engine.plan import Unknown
from dolmen.knowledge.documentation.sdk import Said
from dolmen.knowledge.effects import Alteration, Data, EffectRule, Outcome, Source
from dolmen.knowledge.facts import WHY_IN_PLACE, WHY_REPLACES
from dolmen.knowledge.loader import connection_rule
from dolmen.knowledge.model import ChangeKnowledge, ListIdentity
from dolmen.knowledge.provider_schema import TypeSchema
from dolmen.review.diff.paths import Path, pattern
from dolmen.review.diff.values import MISSING, Difference, PropertyChange, at, is_unknown, shown
from dolmen.review.effects.conditions import Situation, holds
from dolmen.review.effects.documented import SILENT, documented, is_certain
from dolmen.review.effects.provider import Planned, answer

_ORDERED = ListIdentity()
_NO_RULE = "Dolmen has no effect rule for this property, so what the provider does with it is not known."
_UPDATES = (
    "The provider updates the resource; Dolmen has no effect rule that says what this means for a running platform."
)
_UNLESS = "If the value is the one that the resource already has, nothing happens."
_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Found:
    """One effect rule that applies to one change."""

    rule: EffectRule
    change: PropertyChange
    certain: bool
    announced: bool = True
    """False where the preview shows an update, and only the value that comes out at apply asks for a replacement."""

    @property
    def replaces(self) -> bool:
        return self.rule.effect is Outcome.REPLACED and self.announced


def found_rules(
    known: ChangeKnowledge,
    schema: TypeSchema | None,
    change: PropertyChange,
    situation: Situation,
    said_by_sdk: Callable[[PropertyChange], Said | None] = lambda _: None,
) -> Iterator[Found]:
    """The effect rules of one change, the provider's answer before what people wrote of the effects.

    `said_by_sdk`: what the SDK's documentation says, where nothing else is known.
    """
    if number := _none_of(known, change, situation):
        why = f"There are none of these (`{number}` is 0 before and after), so nothing happens."
        yield Found(EffectRule(Outcome.DOES_NOTHING, why, known.facts.source), change, certain=True)
        return
    ordered = known.lists.get(pattern(change.path), _ORDERED).ordered
    if change.difference is Difference.ORDER and not ordered and schema is None:
        yield Found(_nothing(Planned.SAME, change, known.facts.source), change, certain=True)
        return
    written = [_carrying(one, change) for one in _written(known, change, situation)]
    asked, inputs = change, situation.new_inputs
    if change.difference is Difference.REMOVED and pattern(change.path) in auto_named(known, schema):
        # The provider's Check makes up a new name: the bridge keeps only one that it had made up itself
        # (pulumi-terraform-bridge, pkg/tfbridge/schema.go, applyDefaults).
        asked = replace(change, difference=Difference.UPDATED, new=Unknown())
        inputs = {**inputs, pattern(change.path): Unknown()}
    said = answer(schema, asked, situation.old_inputs, inputs) if schema else None
    if schema is None or said is None or any(_decides(one.rule) for one in written):
        yield from written or [_without_rule(change, said_by_sdk(change))]
        return
    source = Source(schema.source, schema.date)
    planned = said.planned
    if planned in (Planned.SAME, Planned.KEEPS):
        yield Found(_nothing(planned, change, source), change, certain=True)
    elif planned is Planned.UPDATE:
        yield from (_updated(one, change) for one in written)
        if not written:
            yield Found(replace(_UNKNOWN, why=_UPDATES, source=source), change, certain=True)
    elif not said.declared and pattern(change.path) in known.effects.properties:
        yield from written
    else:
        own = EffectRule(*_STOPPING[planned], source)
        worst = [one for one in written if one.rule.effect in (own.effect, Outcome.FAILS_AT_PREVIEW)]
        for one in worst or [Found(own, change, said.declared)]:
            yield one if said.certain else _perhaps(one)


def _without_rule(change: PropertyChange, said: Said | None) -> Found:
    """Takes the SDK's word where nothing else is known."""
    rule = documented(said, change)
    if said is None:
        return Found(_UNKNOWN, change, certain=True)
    if rule is None:
        return Found(replace(_UNKNOWN, why=SILENT), change, certain=True)
    return Found(rule, change, is_certain(said, change))


def _none_of(known: ChangeKnowledge, change: PropertyChange, situation: Situation) -> str:
    """The input that says of both sides that there is nothing of what the change describes; else nothing."""
    for path, number in known.effects.counted_by.items():
        around = _place_of(change, path)
        sides = [at(inputs, around) for inputs in (situation.old_inputs, situation.new_inputs)] if around else []
        counts = [at(one, (number,)) for one in sides if one is not MISSING]
        if counts and all(count == 0 for count in counts):  # what a side does not say is no zero
            return number
    return ""


def _place_of(change: PropertyChange, path: str) -> Path:
    """Where the object of that path is in which something changes; empty where it is not."""
    for length in range(1, len(change.path)):
        if pattern(change.path[:length]) == path and isinstance(change.path[length], str):
            return change.path[:length]
    return ()


def _carrying(one: Found, change: PropertyChange) -> Found:
    """What connections go through is not harmless because its provider updates it in place."""
    names, rule = connection_rule()
    plain = one.rule.effect is Outcome.IN_PLACE and one.rule.why == WHY_IN_PLACE
    steps = [step.lower() for step in change.path if isinstance(step, str)]
    if not plain or change.difference is Difference.ADDED or not any(map(names.fullmatch, steps)):
        return one
    return replace(one, rule=rule)


def auto_named(known: ChangeKnowledge, schema: TypeSchema | None) -> frozenset[str]:
    """The properties that Pulumi fills in where the program does not."""
    if known.facts.auto_named or schema is None:
        return frozenset({known.facts.auto_named} - {""})
    return frozenset(path for path, one in schema.properties.items() if one.autonamed)


_STOPPING = {
    Planned.REPLACEMENT: (Outcome.REPLACED, WHY_REPLACES),
    Planned.REFUSED: (
        Outcome.FAILS_AT_PREVIEW,
        "The provider refuses this change of an existing resource, so the preview fails.",
    ),
}
_DECIDING = {Alteration.NOT_KNOWN, Alteration.EMPTIED}
"""What only people tell apart: the schema knows no such change."""


def _decides(rule: EffectRule) -> bool:
    """Whether what people wrote stands before the schema: they say what the provider plans, not only what it means."""
    return rule.effect in (Outcome.NOTHING, Outcome.KEEPS_OLD_VALUE) or bool(_DECIDING & set(rule.when.change))


def _perhaps(one: Found) -> Found:
    """An effect that a value in the state decides, which a program that left it out never said."""
    return replace(one, rule=replace(one.rule, why=f"{one.rule.why} {_UNLESS}"), certain=False)


def _updated(one: Found, change: PropertyChange) -> Found:
    """An effect of an update: what is refused or replaced for a known value comes out only at apply."""
    if not is_unknown(change.new):
        return _perhaps(one) if one.replaces and change.difference is Difference.ADDED else one
    if one.rule.effect is Outcome.FAILS_AT_PREVIEW:
        return replace(one, rule=replace(one.rule, effect=Outcome.FAILS_AT_APPLY), certain=False)
    return replace(one, announced=False, certain=False) if one.replaces else one


def _nothing(planned: Planned, change: PropertyChange, source: Source | None) -> EffectRule:
    if planned is Planned.KEEPS:
        value = shown(change.old, _LONGEST_VALUE)
        why = f"The provider keeps what the program no longer says ({value}); nothing changes."
        off = " To turn it off, write `false`." if change.old is True else " To change it, write another value."
        return EffectRule(Outcome.KEEPS_OLD_VALUE, why + off, source)
    if change.difference is Difference.ORDER:
        return EffectRule(Outcome.NOTHING, "The order of these items means nothing to the provider.", source)
    return EffectRule(Outcome.NOTHING, "Both values are the same for the provider.", source)


_UNKNOWN = EffectRule(Outcome.UNKNOWN, _NO_RULE, None, downtime=None, data=Data.UNKNOWN)


def _written(known: ChangeKnowledge, change: PropertyChange, situation: Situation) -> Iterator[Found]:
    """The effect rules of the longest path that has any and of which one holds."""
    steps = pattern(change.path).split(".")
    for length in range(len(steps), 0, -1):
        candidates = known.properties.get(".".join(steps[:length]), ())
        if length < len(steps):  # a part that is not known leaves the whole known
            candidates = [rule for rule in candidates if Alteration.NOT_KNOWN not in rule.when.change]
        found = list(first_that_holds(candidates, change, situation))
        if found:
            yield from found
            return
    # A block that comes or goes as a whole has the effects of its parts where only those are described.
    prefix = pattern(change.path) + "."
    for path, rules in known.properties.items():
        if path.startswith(prefix):
            yield from (Found(rule, change, certain=False) for rule in rules)


def first_that_holds(candidates: Iterable[EffectRule], change: PropertyChange, situation: Situation) -> Iterator[Found]:
    """The first effect rule that surely holds, after all those before it that an unknown value may make hold."""
    undecided: list[EffectRule] = []
    for rule in candidates:
        held = holds(rule.when, change, situation)
        if held is None:
            undecided.append(rule)
        elif held:
            yield from (Found(one, change, certain=False) for one in undecided)
            yield Found(rule, change, certain=not undecided)
            return
    yield from (Found(one, change, certain=False) for one in undecided)
