"""Judges what a change does, by what `dolmen.knowledge` says of its type. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from dolmen.engine.plan import Plan, Resource, Value
from dolmen.knowledge.documentation.sdk import NO_SDKS, InstalledSdks
from dolmen.knowledge.effects import Data, Downtime, EffectRule, Outcome, Source
from dolmen.knowledge.facts import WHY_REPLACES
from dolmen.knowledge.loader import change_knowledge, type_knowledge
from dolmen.knowledge.model import ChangeKnowledge
from dolmen.knowledge.provider_schema import TypeSchema, type_schema
from dolmen.review.diff.compare import Judge, Judgement, Update
from dolmen.review.diff.moves import Move
from dolmen.review.diff.paths import covered, pattern
from dolmen.review.diff.values import MISSING, Difference, PropertyChange
from dolmen.review.effects import names
from dolmen.review.effects.conditions import Situation
from dolmen.review.effects.documented import named_by_program, said_of
from dolmen.review.effects.model import KINDS, UNPLANNED, Effect, EffectKind, by_rank
from dolmen.review.effects.protections import absorbed, lost_by_options, lost_by_properties
from dolmen.review.effects.rules import Found, auto_named, first_that_holds, found_rules
from dolmen.review.regions import provider_region

_ENGINE = Source("the Pulumi engine, pkg/resource/deploy/step_generator.go", "2026-11-23")


def judge_update(update: Update, sdks: InstalledSdks = NO_SDKS) -> Judgement:
    """`sdks`: whose documentation counts where nothing else is known."""
    known = change_knowledge(update.new.type)
    situation = Situation(
        update.old_inputs, update.new_inputs, frozenset(pattern(change.path) for change in update.changes)
    )
    schema = type_schema(update.new.type)
    said = partial(said_of, sdks, update.new.type)
    found = [one for change in update.changes for one in found_rules(known, schema, change, situation, said)]
    # The engine looks at what the provider reports, so a difference that is none for the provider forces nothing.
    planned = {id(one.change) for one in found if KINDS.get(one.rule.effect) not in UNPLANNED}
    forced = [
        Found(_FORCED, change, certain=True)
        for change in update.forced
        if id(change) in planned and _told(schema, update, change)
    ]
    replacing = [one for one in (*found, *forced) if one.replaces]
    if not replacing and not update.forced_by:
        later = deletes_first(known, update.new, update.new_inputs)
        effects = [_effect(one, known, update.new_inputs, later) for one in found]
        done = {id(one.change) for one in found if KINDS.get(one.rule.effect) not in _WITHOUT_EFFECT}
        lost = lost_by_properties(update.new.type, [one for one in update.changes if id(one) in done], situation)
        return Judgement(
            worst_first(absorbed(effects, lost)),
            unplanned=bool(effects) and all(effect.kind in UNPLANNED for effect in effects),
            renews_outputs=any(one.rule.renews_outputs for one in found),
        )
    delete_first = update.goes_first or deletes_first(known, update.new, update.new_inputs)
    foreign = schema is None and not known.described and update.new.options.delete_before_replace is None
    if foreign and replacing and all(one.rule.documented for one in replacing):
        delete_first |= named_by_program(update.new_inputs)
    clash = names.clash(known, update, delete_first)
    # Where creating is refused, the old object stays and costs nothing; deleted first, it is gone already.
    effects = [] if clash and not delete_first else [_replaced(replacing, update, known, delete_first)]
    effects += [clash] if clash else []
    # What else changes happens in the new object; only what stops the update altogether still counts.
    stopping = (Outcome.FAILS_AT_PREVIEW, Outcome.UNKNOWN)
    effects += [_effect(one, known, update.new_inputs) for one in found if one.rule.effect in stopping]
    effects += lost_by_properties(
        update.new.type, update.changes, situation
    )  # the new object has what is written alone
    reasons = [one.change.label or pattern(one.change.path) for one in replacing]
    return Judgement(
        worst_first(effects),
        replaces=True,
        delete_first=delete_first,
        reasons=tuple(dict.fromkeys((*reasons, *update.forced_by))),
        renews_outputs=True,
    )


def _told(schema: TypeSchema | None, update: Update, change: PropertyChange) -> bool:
    """Whether the engine learns of a change at a path of `replaceOnChanges`.

    A type of the plugin framework has no detailed diff (measured, bridge v3.137.0): the engine learns which property
    changes and not where in it, so that a longer path matches nothing.
    """
    detailed = schema is None or schema.schema != "framework"
    return detailed or covered(update.new.options.replace_on_changes, change.path[:1])


def judge_create(resource: Resource) -> tuple[Effect, ...]:
    called, known = type_knowledge(resource.type).called, change_knowledge(resource.type)
    created = Effect(EffectKind.CREATED, f"{called.capitalize()} is created." if called else "Created.")
    situation = Situation({}, resource.inputs, frozenset())
    new = PropertyChange((), Difference.ADDED, MISSING, MISSING)
    found = first_that_holds(known.effects.created, new, situation)
    return worst_first([_effect(one, known, resource.inputs) for one in found]) or (created,)


def judge_delete(resource: Resource, with_container: bool) -> tuple[Effect, ...]:
    """`with_container`: what it is `deletedWith` goes too, so the cloud is not asked to delete it by itself."""
    known = change_knowledge(resource.type)
    if resource.options.retain_on_delete:
        why = "It stays in the cloud, and nobody manages it any more (`retainOnDelete`)."
        return (Effect(EffectKind.DELETED, why, data=Data.KEPT, source=_ENGINE),)
    situation = Situation(resource.inputs, resource.inputs, frozenset())
    nothing = PropertyChange((), Difference.REMOVED, MISSING, MISSING)
    found = list(first_that_holds(known.effects.deleted, nothing, situation))
    if not found:
        data = Data.NONE if known.described else Data.UNKNOWN
        why = "Deleted." if known.described else "Deleted; Dolmen has no effect rule that says what goes with it."
        return (Effect(EffectKind.DELETED, why, downtime=None, data=data),)
    effects = [_effect(one, known, resource.inputs) for one in found]
    if with_container:
        effects = [replace(effect, why=f"{effect.why} It goes together with what it belongs to.") for effect in effects]
    return worst_first(effects)


def judge_moved(move: Move) -> tuple[Effect, ...]:
    if move.one_object:
        return (names.moved(move),)
    known = change_knowledge(move.new.type)
    rule = EffectRule(Outcome.REPLACED, names.MADE_ANEW.format(move.old.name), _ENGINE, safe=move.alias)
    kept = bool(move.old.options.retain_on_delete)
    return (_replacement([rule], (), known, delete_first=False, certain=True, kept=kept),)


def implied(resource: Resource, plan: Plan) -> Mapping[str, Value]:
    """The region, which the AWS provider fills in from its own configuration."""
    if not change_knowledge(resource.type).facts.regional or resource.inputs.get("region") is not None:
        return {}
    region = provider_region(resource, plan)
    return {} if region is None else {"region": region}


def deletes_first(known: ChangeKnowledge, resource: Resource, inputs: Mapping[str, Value]) -> bool:
    """The program's own word counts; else the provider's: a name that the program sets cannot exist twice."""
    if resource.options.delete_before_replace is not None:
        return resource.options.delete_before_replace
    schema = type_schema(resource.type)
    if known.effects.delete_first or (schema is not None and schema.schema == "framework"):
        return known.effects.delete_first
    return any(inputs.get(name) is not None for name in auto_named(known, schema))


_WITHOUT_EFFECT = (*UNPLANNED, EffectKind.DOES_NOTHING)
_LATER = "The preview shows an update, because the value is not known yet; with another value the resource is replaced."
_FORCED = EffectRule(
    Outcome.REPLACED, "The program asks for a replacement when this changes (`replaceOnChanges`).", _ENGINE
)


def _following(reason: str) -> EffectRule:
    name = reason.rsplit("::", 1)[-1]
    return EffectRule(Outcome.REPLACED, f"Replaced together with `{name}`, on which it depends.", _ENGINE)


# ---- effects


def _effect(found: Found, known: ChangeKnowledge, inputs: Mapping[str, Value], delete_first: bool = False) -> Effect:
    rule = found.rule
    if rule.effect is Outcome.REPLACED:
        rules = [rule] if found.announced else [EffectRule(Outcome.REPLACED, _LATER, rule.source), rule]
        return _replacement(rules, _paths(found.change), known, delete_first, certain=False, kept=False)
    kind, why = KINDS[rule.effect], rule.why
    waits_unless = known.effects.waits_unless
    if rule.deferrable and waits_unless and inputs.get(waits_unless) is not True:
        kind = EffectKind.MAINTENANCE_WINDOW
        why = f"{why} It waits for the next maintenance window, while the preview afterwards already shows it as done."
    return Effect(
        kind,
        why,
        _paths(found.change),
        rule.downtime,
        rule.data or Data.NONE,
        rule.note,
        rule.safe,
        rule.source,
        rule.headline,
        found.certain,
    )


def _replaced(found: Sequence[Found], update: Update, known: ChangeKnowledge, delete_first: bool) -> Effect:
    """Makes one effect of a replacement; Dolmen's reasons before an SDK's."""
    found = sorted(found, key=lambda one: (one.rule.documented, not one.certain))
    rules = [one.rule for one in found] or [_following(reason) for reason in update.forced_by]
    if rules[0].documented and found[0].certain:
        rules = rules[:1]  # one sentence of the SDK's is enough
    elif not rules[0].documented:
        rules = [rule for rule in rules if not rule.documented]
    told = [rule for rule in rules if rule.why != WHY_REPLACES] or rules[:1]
    return _replacement(
        told,
        [path for one in found for path in _paths(one.change)],
        known,
        delete_first,
        certain=not found or any(one.certain for one in found),
        kept=bool(update.old.options.retain_on_delete),
        filled=_filled_anew(update, known),
    )


def _filled_anew(update: Update, known: ChangeKnowledge) -> bool:
    """Whether this very change says what the new object is filled from, also where the old one would not be compared.

    What stood there before is as old as the object itself."""
    for name in known.effects.replaced.filled_from:
        now = update.new.inputs.get(name)
        if now is not None and now != [] and now != update.old.inputs.get(name):
            return True
    return False


def _replacement(
    rules: Sequence[EffectRule],
    properties: Sequence[str],
    known: ChangeKnowledge,
    delete_first: bool,
    *,
    certain: bool,
    kept: bool,
    filled: bool = False,
) -> Effect:
    cost = known.effects.replaced
    downtime: Downtime = cost.downtime.delete_first if delete_first else cost.downtime.create_first
    kind = EffectKind.REPLACE_DELETE_FIRST if delete_first else EffectKind.REPLACE_CREATE_FIRST
    whys = [*(rule.why for rule in rules), cost.why, cost.why_delete_first if delete_first else cost.why_create_first]
    if not known.described:
        whys.append("Dolmen has no effect rule that says what is lost with the old one.")
    data = next((rule.data for rule in rules if rule.data), cost.data)
    note = next((rule.note for rule in rules if rule.note), cost.note)
    if filled and data is Data.LOST:
        data, note = Data.AT_RISK, cost.note_filled
    if kept and data in (Data.LOST, Data.AT_RISK):
        data = Data.AT_RISK
        note = "The old object stays in the cloud with its data (`retainOnDelete`); the new one starts without it, and nobody manages the old one any more."
    return Effect(
        kind,
        " ".join(dict.fromkeys(why for why in whys if why)),
        tuple(dict.fromkeys(properties)),
        downtime,
        data,
        note,
        rules[0].safe if len(rules) == 1 and rules[0].safe else cost.safe,
        next((rule.source for rule in rules if rule.source), cost.source),
        certain=certain,
    )


def _paths(change: PropertyChange) -> tuple[str, ...]:
    written = change.label or pattern(change.path)
    return (written,) if written else ()


def worst_first(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Effects that say the same are one, with all their properties."""
    merged: dict[tuple[object, ...], Effect] = {}
    for effect in effects:
        key = (effect.kind, effect.protection, effect.why, effect.downtime, effect.data, effect.data_note)
        if key in merged:
            properties = tuple(dict.fromkeys((*merged[key].properties, *effect.properties)))
            merged[key] = replace(merged[key], properties=properties, certain=merged[key].certain or effect.certain)
        else:
            merged[key] = effect
    return by_rank(merged.values())


JUDGE = Judge(judge_update, judge_create, judge_delete, judge_moved, lost_by_options, implied)


def judge_with(sdks: InstalledSdks) -> Judge:
    """The judge that also hears what the documentation of installed SDKs says."""
    return replace(JUDGE, update=partial(judge_update, sdks=sdks))
