"""What a reader sees of a stack's changes: blocks of what is alike, each sentence and each cause once.

Nothing that matters is folded away: only harmless, equal changes are told of several types together; of harmful ones
every name stands in its block, and a resource that does both stands in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dolmen.knowledge.facts import WHY_IN_PLACE
from dolmen.review.diff.cause import MOST as MOST_CAUSES
from dolmen.review.diff.changes import Cause, Operation, ResourceChange
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.report.block import Block, Told
from dolmen.review.report.once import causes_once, sentences_once
from dolmen.review.report.shared import split
from dolmen.review.report.values import told_values
from dolmen.stackfile import Acceptance

_NEW = (Operation.CREATE, Operation.IMPORT)
_GONE = (Operation.DELETE, Operation.FORGET)


def told(changes: Sequence[ResourceChange], accepted: Sequence[tuple[str, Acceptance]] = ()) -> Told:
    """The worst first."""
    by_urn = dict(accepted)
    shared, rest = split([change for change in changes if change.custom or change.options])
    groups = [*_alike(rest, by_urn), *shared]
    groups.sort(key=lambda some: some[0].rank, reverse=True)
    blocks = [_block(some, by_urn.get(some[0].urn)) for some in groups]
    return causes_once(sentences_once(blocks))


def _block(members: Sequence[ResourceChange], accepted: Acceptance | None) -> Block:
    first = members[0]
    values = told_values(first, _common_causes(members))
    effects = [effect for effect in _effects(first, values.silent) if _of_all(effect, members)]
    return Block(first, tuple(members), values.shown, tuple(effects), "", values.causes, accepted)


def _of_all(effect: Effect, members: Sequence[ResourceChange]) -> bool:
    """Whether a harmless sentence is true of every member, and says more than that it happens in place."""
    if effect.kind is EffectKind.IN_PLACE and effect.why == WHY_IN_PLACE and not effect.data_note:
        return False
    return all(any(effect.why == other.why for other in change.effects) for change in members)


def _effects(change: ResourceChange, silent: frozenset[str]) -> tuple[Effect, ...]:
    """The effects to tell of: that something new is created says its sign, and silent properties add nothing."""
    return tuple(
        effect
        for effect in change.effects
        if (effect.kind is not EffectKind.CREATED or effect.source)
        and not (effect.properties and silent.issuperset(effect.properties))
    )


def _common_causes(members: Sequence[ResourceChange]) -> tuple[Cause, ...]:
    if members[0].operation in (*_NEW, *_GONE):
        return tuple(dict.fromkeys(cause for change in members for cause in change.causes))[:MOST_CAUSES]
    return tuple(cause for cause in members[0].causes if all(cause in change.causes for change in members))


# ---- what reads alike


def _alike(changes: Iterable[ResourceChange], accepted: Mapping[str, Acceptance]) -> list[list[ResourceChange]]:
    found: dict[tuple[object, ...], list[ResourceChange]] = {}
    for change in sorted(changes, key=lambda one: one.rank, reverse=True):
        found.setdefault(_likeness(change, accepted.get(change.urn)), []).append(change)
    return list(found.values())


def _likeness(change: ResourceChange, accepted: Acceptance | None) -> tuple[object, ...]:
    said = tuple((effect.kind, effect.why, effect.downtime, effect.data, effect.data_note) for effect in change.effects)
    common = (change.operation, change.delete_first, change.blocked, accepted)
    if change.operation in _NEW and not harms(change.effects) and not change.blocked and not change.options:
        told_of = _effects(change, frozenset())
        return (*common, change.type if told_of else "", told_of)
    if change.operation in (*_NEW, *_GONE):
        return (*common, change.type, said)
    values = tuple(one.likeness for one in told_values(change, change.causes).shown)
    renamed = change.renamed_from is not None
    return (*common, change.type, said, values, renamed)
