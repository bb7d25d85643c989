"""What a reader sees of a stack's changes: blocks of what is alike, each sentence and each cause once.

Nothing that matters is folded away: only harmless, equal changes are told of several types together; of harmful ones
every name stands in its block, and a resource that does both stands in both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dolmen.engine.plan import Position
from dolmen.knowledge.effects import Source
from dolmen.knowledge.facts import WHY_IN_PLACE
from dolmen.review.diff.changes import Cause, Operation, ResourceChange
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.report.shared import split
from dolmen.review.report.values import Values, told_values
from dolmen.stackfile import Acceptance

_NEW = (Operation.CREATE, Operation.IMPORT)
_GONE = (Operation.DELETE, Operation.FORGET)
_FEW = 6
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Block:
    """Changes that read alike, and what is said of them."""

    first: ResourceChange
    """Stands for all: its operation and what was not said before of its effects."""
    members: tuple[ResourceChange, ...]
    values: tuple[Values, ...] = ()
    effects: tuple[Effect, ...] = ()
    """What is new to the reader of them."""
    like: str = ""
    """The name under which the sentences that are left out stand."""
    causes: tuple[Cause, ...] = ()
    """Those that neither the stack's own cause nor a key among the values says."""
    accepted: Acceptance | None = None

    @property
    def harmful(self) -> bool:
        return bool(harms(self.first.effects)) or bool(self.first.blocked)

    @property
    def named(self) -> bool:
        """Whether every name has to be read: where it does harm, and where an option such as `protect` differs."""
        return self.harmful or any(one.prefix for one in self.values)

    @property
    def mixed(self) -> bool:
        return len({change.type for change in self.members}) > 1

    @property
    def title(self) -> str:
        number = len(self.members)
        if self.mixed:
            return f"{number} resources"
        return self.first.short_type if number == 1 else f"{number} × {self.first.short_type}"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(change.name for change in self.members)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of several types: which, what there is most of first; of a few resources their names, too."""
        if len(self.members) <= _FEW:
            return tuple(f"{change.short_type} {change.name}" for change in self.members)
        numbers = Counter(change.short_type for change in self.members)
        return tuple(f"{number} × {kind}" if number > 1 else kind for kind, number in numbers.most_common())

    @property
    def component(self) -> str:
        """Around all of them, or nothing where they stand in several."""
        around = {change.component for change in self.members}
        return around.pop() if len(around) == 1 else ""


@dataclass(frozen=True, slots=True)
class Told:
    """The blocks of a stack, and the causes that they have where they name none."""

    blocks: tuple[Block, ...]
    causes: tuple[Cause, ...] = ()
    value: Values | None = None
    """A cause with what its key was and is, where the blocks do not repeat it."""


def told(changes: Sequence[ResourceChange], accepted: Sequence[tuple[str, Acceptance]] = ()) -> Told:
    """The worst first."""
    by_urn = dict(accepted)
    shared, rest = split([change for change in changes if change.custom or change.options])
    groups = [*_alike(rest, by_urn), *shared]
    groups.sort(key=lambda some: some[0].rank, reverse=True)
    blocks = [_block(some, by_urn.get(some[0].urn)) for some in groups]
    return _causes_once(_sentences_once(blocks))


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
        return tuple(dict.fromkeys(cause for change in members for cause in change.causes))
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


# ---- everything once


def _sentences_once(blocks: Iterable[Block]) -> list[Block]:
    found: list[Block] = []
    told_by: dict[str, str] = {}
    sources: list[Source | None] = []
    for block in blocks:
        effects: list[Effect] = []
        like = ""
        own: dict[str, str] = {}
        for effect in block.effects:
            if effect.why and not _left(effect.why, told_by) and harms([effect]):
                like = told_by[_sentences(effect.why)[0]]
            known = {**own, **told_by}
            texts = {name: _left(getattr(effect, name), known) for name in ("why", "data_note", "safe_path")}
            for name in texts:
                own |= dict.fromkeys(_sentences(getattr(effect, name)), block.first.name)
            if any(texts.values()):
                effects.append(replace(effect, **texts, source=None if effect.source in sources else effect.source))
                sources.append(effect.source)
        told_by = {**own, **told_by}
        found.append(replace(block, effects=tuple(effects), like=like))
    return found


def _sentences(text: str) -> list[str]:
    """A text that names something stays whole: a name may hold what looks like a sentence of ours."""
    return ([text] if "`" in text else _SENTENCE_END.split(text)) if text else []


def _left(text: str, told_by: Mapping[str, str]) -> str:
    """What was not said before."""
    return " ".join(sentence for sentence in _sentences(text) if sentence not in told_by)


def _causes_once(blocks: Sequence[Block]) -> Told:
    """The causes that most blocks have are said once, if every other block names its own."""
    found = [_places(block) for block in blocks]
    number = Counter(_positions(places) for places in found)
    if not all(found) or max(number.values(), default=0) < 2:
        return Told(tuple(blocks))
    most = number.most_common(1)[0][0]
    having = [_positions(places) == most for places in found]
    common = _together([places for places, has in zip(found, having, strict=True) if has])
    keys = Counter(one.likeness for block in blocks for one in block.values if one.cause in common)
    value = next((one for block in blocks for one in block.values if one.likeness in _twice(keys)), None)
    return Told(
        tuple(
            replace(block, causes=() if has else block.causes, values=_other(block.values, value, common))
            for block, has in zip(blocks, having, strict=True)
        ),
        tuple(cause for cause in common if value is None or cause != value.cause),
        value,
    )


def _positions(causes: Iterable[Cause]) -> tuple[Position, ...]:
    return tuple(dict.fromkeys(cause.position for cause in causes))


def _together(found: Sequence[Sequence[Cause]]) -> list[Cause]:
    """One cause for each place, with the key that holds all those that blocks name there."""
    by_place: dict[Position, list[Cause]] = {}
    for cause in (cause for causes in found for cause in causes):
        by_place.setdefault(cause.position, []).append(cause)
    return [
        Cause(position, _outermost([cause.key for cause in causes]), all(cause.certain for cause in causes))
        for position, causes in by_place.items()
    ]


def _places(block: Block) -> list[Cause]:
    return [*block.causes, *(one.cause for one in block.values if one.cause is not None)]


def _twice(numbers: Mapping[Hashable, int]) -> set[Hashable]:
    most = max(numbers.values(), default=0)
    return {one for one, number in numbers.items() if number == most > 1}


def _other(values: tuple[Values, ...], value: Values | None, common: Sequence[Cause]) -> tuple[Values, ...]:
    """Without the value that is said for all, and without the places that are."""
    places = {cause.position for cause in common}
    return tuple(
        replace(one, cause=None) if one.cause is not None and one.cause.position in places else one
        for one in values
        if value is None or one.likeness != value.likeness
    )


def _outermost(keys: Sequence[str]) -> str:
    """The key that holds all the others, if one of them does."""
    outer = min(keys, key=len)
    return outer if all(key == outer or key.startswith((f"{outer}.", f"{outer}[")) for key in keys) else ""
