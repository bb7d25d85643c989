"""Says every sentence, every source and every cause of a stack's blocks once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

from dolmen.engine.plan import Position
from dolmen.knowledge.effects import Source
from dolmen.review.diff.changes import Cause
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect
from dolmen.review.report.block import Block, Told
from dolmen.review.report.values import Values

_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")


def sentences_once(blocks: Iterable[Block]) -> list[Block]:
    found: list[Block] = []
    told_by: dict[str, str] = {}
    sources: list[Source | None] = []
    for block in blocks:
        effects: list[Effect] = []
        like = ""
        own: dict[str, str] = {}
        for effect in block.effects:
            if effect.why and not _left(effect.why, told_by) and harms([effect]):
                like = told_by[sentences(effect.why)[0]]
            known = {**own, **told_by}
            texts = {name: _left(getattr(effect, name), known) for name in ("why", "data_note", "safe_path")}
            for name in texts:
                own |= dict.fromkeys(sentences(getattr(effect, name)), block.first.name)
            if any(texts.values()):
                effects.append(replace(effect, **texts, source=None if effect.source in sources else effect.source))
                sources.append(effect.source)
        told_by = {**own, **told_by}
        found.append(replace(block, effects=tuple(effects), like=like))
    return found


def sentences(text: str) -> list[str]:
    """A text that names something stays whole: a name may hold what looks like a sentence of ours."""
    return ([text] if "`" in text else _SENTENCE_END.split(text)) if text else []


def _left(text: str, told_by: Mapping[str, str]) -> str:
    """What was not said before."""
    return " ".join(sentence for sentence in sentences(text) if sentence not in told_by)


def causes_once(blocks: Sequence[Block]) -> Told:
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
