"""Compares old and new inputs of a step with the reviewed ones.

What the step itself says of its changes is not believed: bridged providers mark no difference as one of inputs, and
others give no details.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dolmen.review.diff import paths
from dolmen.review.diff.values import MISSING, PropertyChange, at, comparison, differences, is_unknown
from dolmen.review.gate.defaults import filled_in, is_default
from dolmen.review.gate.preview import State, Step
from dolmen.review.gate.reading import of_preview
from dolmen.review.gate.reviewed import Change, Property, below, path_of, values_at
from dolmen.review.gate.values import Match, matches, one_for_the_provider
from dolmen.review.gate.verdict import Findings

_NOTHING = State({})


def changed(step: Step) -> list[PropertyChange]:
    """The single inputs that differ for the provider."""
    found = differences(dict(step.inputs("old")), dict(step.inputs("new")), comparison(step.type))
    return [one for one in found if not one_for_the_provider(step.type, one.path, one.old, one.new)]


def beyond_update(step: Step, change: Change | None) -> Findings:
    """What differs and was not reviewed, or becomes another value.

    `change` is none where nothing was to change.
    """
    found = Findings()
    reviewed = change.properties if change is not None else ()
    matched: set[int] = set()
    differing = changed(step)
    for one in differing:
        _judge(step.type, one, reviewed, matched, found)
    for index, one in enumerate(reviewed):
        if index not in matched and is_unknown(one.new) and _masked(step, one.path):
            found.left_open.append(paths.text(one.path))
    for path in _set_again(step, differing, reviewed):
        found.more.append(f"{path} would be set, though inputs say that it stays: the cloud or a secret differs.")
    for path, old, new in _chosen_anew(step):
        if not any(_related(one.path, path) for one in reviewed):
            text = f"{paths.text(path)}: the provider would choose another value by itself."
            (found.more if old is not MISSING and new is not MISSING else found.left_open).append(text)
    return found


def beyond_creation(step: Step, reviewed: Mapping[str, Any]) -> Findings:
    """What is made and was not reviewed, as far as both sides know."""
    found, new = Findings(), step.inputs("new")
    for name in dict.fromkeys((*reviewed, *new)):
        ours, theirs = reviewed.get(name, MISSING), new.get(name, MISSING)
        if ours is MISSING and theirs is not MISSING:
            found.more.append(f"{name} would be set, which was not reviewed.")
            continue
        for path, match in matches(step.type, (name,), ours, theirs):
            _tell(path, match, found, "would be")
    for path in filled_in((step.new or _NOTHING).raw):
        if not is_default(step.type, path) and at(reviewed, path) is MISSING:
            found.left_open.append(f"{paths.text(path)}, which the provider chooses")
    return found


def _judge(type: str, one: PropertyChange, reviewed: Sequence[Property], matched: set[int], found: Findings) -> None:
    """Judges one difference by the reviewed one of its place, else of its property."""
    same_place = [index for index, other in enumerate(reviewed) if other.label == one.label]
    candidates = same_place or [i for i, other in enumerate(reviewed) if _related(other.path, one.path)]
    if not candidates:
        found.more.append(f"{one.label} would change, which was not reviewed.")
        return
    told = [(index, list(_sides(type, reviewed[index], one))) for index in candidates]
    agreeing = [(index, sides) for index, sides in told if not _differing(sides)]
    if not agreeing:
        word = next(word for word, _, match in told[0][1] if match is Match.DIFFERENT)
        found.more.append(f"{one.label} {word} another value than the reviewed one.")
        return
    best = min(agreeing, key=lambda each: sum(match is not Match.EQUAL for _, _, match in each[1]))
    matched.update(index for index, _ in agreeing)
    for word, path, match in best[1]:
        _tell(path, match, found, word)


def _differing(sides: Sequence[tuple[str, paths.Path, Match]]) -> bool:
    return any(match is Match.DIFFERENT for _, _, match in sides)


def _sides(type: str, reviewed: Property, one: PropertyChange) -> Iterator[tuple[str, paths.Path, Match]]:
    """How both sides of a difference agree with a reviewed one.

    One may lie inside the other.
    """
    inside, outside = below(reviewed.path, one.path), below(one.path, reviewed.path)
    for word, ours, theirs in (("is", reviewed.old, one.old), ("would become", reviewed.new, one.new)):
        if inside:
            options = list(values_at(ours, inside)) or [MISSING if not is_unknown(ours) else ours]
            pairs = [(option, theirs) for option in options]
        elif outside:
            pairs = [(ours, option) for option in list(values_at(theirs, outside)) or [_whole(theirs)]]
        else:
            pairs = [(ours, theirs)]
        told = [list(matches(type, one.path, *pair)) for pair in pairs]
        best = min(told, key=lambda each: sum(match is Match.DIFFERENT for _, match in each))
        yield from ((word, path, match) for path, match in best)


def _whole(value: Any) -> Any:
    return value if is_unknown(value) else MISSING


def _related(one: paths.Path, other: paths.Path) -> bool:
    return below(one, other) is not None or below(other, one) is not None


def _tell(path: paths.Path, match: Match, found: Findings, word: str) -> None:
    where = paths.text(path)
    if match is Match.DIFFERENT:
        found.more.append(f"{where} {word} another value than the reviewed one.")
    elif match is Match.HIDDEN:
        found.hidden.append(where)
    elif match is Match.LEFT_OPEN:
        found.left_open.append(where)


def _masked(step: Step, path: paths.Path) -> bool:
    """Whether both sides of an input are hidden, and with them its change."""
    sides = [list(values_at(inputs, path)) for inputs in (step.inputs("old"), step.inputs("new"))]
    return all(any(is_unknown(value) for value in side) for side in sides)


def _set_again(step: Step, differing: Sequence[PropertyChange], reviewed: Sequence[Property]) -> Iterator[str]:
    """Paths that the provider would set while the inputs stay.

    The cloud differs then, or a secret.

    What no input names is the cloud's own answer, and follows from the rest.
    """
    for text in step.said_to_change:
        path = path_of(text)
        if text.startswith("__") or not path or any(_related(one.path, path) for one in differing):
            continue
        given = [list(values_at(of_preview(side.raw), path)) if side else [] for side in (step.old, step.new)]
        if any(given) and not any(_related(one.path, path) for one in reviewed):
            yield text


def _chosen_anew(step: Step) -> Iterator[tuple[paths.Path, Any, Any]]:
    """What the provider fills in otherwise than before. A replacement may have another name."""
    if step.old is None or step.new is None or step.op in ("replace", "create-replacement"):
        return
    for path, value in filled_in(step.new.raw).items():
        before = next(values_at(step.old.raw, path), MISSING)
        if before != value and not (before is MISSING and is_default(step.type, path)):
            yield path, before, value
