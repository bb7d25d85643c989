"""What a change does to rights: who gains one, who loses one, and where nobody can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from dolmen.engine.plan import Plan, Resource, Value
from dolmen.knowledge.access import access_inputs, is_link
from dolmen.review.access.grants import Grant, covers
from dolmen.review.access.lines import (
    AccessLine,
    AccessState,
    rank,
    sentences,
    told_gained,
    told_lost,
    told_together,
)
from dolmen.review.access.reading import LATER, Rights, called, one_word, rights
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.paths import reset
from dolmen.review.effects.context.sides import NAMES

_TOUCHING = (
    Operation.CREATE,
    Operation.IMPORT,
    Operation.UPDATE,
    Operation.REPLACE,
    Operation.DELETE,
    Operation.FORGET,
)


@dataclass(frozen=True, slots=True)
class AccessChange:
    """What one resource gave, and gives."""

    urn: str
    type: str
    name: str
    operation: Operation
    lines: tuple[AccessLine, ...]
    """What differs, what lets most in first."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        return max(map(rank, self.lines), default=0)


def access_changes(changes: Iterable[ResourceChange], base: Plan | None, head: Plan | None) -> tuple[AccessChange, ...]:
    """The changes of rights, what lets most in first. A right that moves from one resource to another is no change.

    Of a stack without a base only that is told which lets in everybody, or lets somebody do everything.
    """
    touching = [one for one in changes if one.operation in _TOUCHING and one.custom and access_inputs(one.type)]
    if not touching:
        return ()
    sides = _Side.of(base), _Side.of(head)
    found = [told for change in touching if (told := _access_change(change, *sides)) is not None]
    if base is None:
        found = [replace(one, lines=kept) for one in found if (kept := tuple(filter(_striking, one.lines)))]
    return tuple(sorted(found, key=lambda one: one.rank, reverse=True))


def _striking(line: AccessLine) -> bool:
    return line.wildcard and line.state is AccessState.WIDER


@dataclass(frozen=True, slots=True)
class _Side:
    resources: Mapping[str, Resource]
    everything: frozenset[Grant]
    """What all resources of the plan give, where it is known by name."""

    @staticmethod
    def of(plan: Plan | None) -> _Side:
        resources = plan.by_urn() if plan is not None else {}
        given = (one for resource in resources.values() for one in rights(resource, resources).grants)
        return _Side(resources, frozenset(one for one in given if not _nameless(one)))


def _nameless(one: Grant) -> bool:
    """Two things that are known after apply need not be one."""
    return any(LATER in text for text in (one.who, one.may, one.on))


def _access_change(change: ResourceChange, base: _Side, head: _Side) -> AccessChange | None:
    before, after = rights(change.old, base.resources), rights(_effective(change), head.resources)
    if change.moved:
        nothing = Rights()
        lines = [*_lines(nothing, after, change, base, head), *_lines(before, nothing, change, base, head)]
    else:
        lines = list(_lines(before, after, change, base, head))
    if not lines:
        return None
    told = tuple(dict.fromkeys(sorted(lines, key=rank, reverse=True)))
    return AccessChange(
        change.urn, change.type, change.name, change.operation, told, sentences(before), sentences(after)
    )


def _effective(change: ResourceChange) -> Resource | None:
    """The new resource with what the engine leaves as it is (`ignoreChanges`)."""
    new = change.new
    if new is None or change.old is None or change.moved:
        return new
    inputs: Mapping[str, Value] = new.inputs
    for path in new.options.ignore_changes:
        inputs = reset(path, change.old.inputs, inputs)
    return replace(new, inputs=inputs)


def _lines(before: Rights, after: Rights, change: ResourceChange, base: _Side, head: _Side) -> Iterator[AccessLine]:
    made, gone = before == Rights(), after == Rights()
    moved = {one.path[0] for one in change.properties if one.path}
    unknown = [path for path in dict.fromkeys(after.unknown) if made or path.partition(".")[0] in moved]
    for path in unknown:
        yield AccessLine(AccessState.UNKNOWN, f"who may do what by `{path}` of {one_word(change.name)} is {LATER}")
    kept, given = set(before.grants), set(after.grants)
    if before.unknown:  # what cannot be compared is not called gone or new
        given &= kept
    elif unknown:
        given |= kept
    gained = _without(given, kept | base.everything)
    lost = _without(kept, given | head.everything)
    if made and change.new is not None and _alone(change.new, head, base):
        yield from told_together(gained)
    else:
        yield from told_gained(_outermost(gained), kept, given)
    if gone and change.old is not None and _alone(change.old, base, head):
        if not is_link(change.type) and (subject := _subject(change.old, lost)):
            yield AccessLine(AccessState.NARROWER, f"{subject} goes with all its rights")
    else:
        yield from told_lost(lost)


def _subject(resource: Resource, lost: Sequence[Grant]) -> str:
    """Whom or what a deleted resource was, as its rights call it."""
    name = called(resource)
    texts = (text for one in lost if one.allows for text in (one.who, one.on))
    return next((text for text in texts if text.endswith(f" {name}")), "")


def _without(some: Set[Grant], others: Set[Grant]) -> list[Grant]:
    found = [one for one in some if one not in others and not any(covers(other, one) for other in others)]
    return sorted(found, key=repr)  # the same order in every run


def _outermost(some: Sequence[Grant]) -> list[Grant]:
    """Rights that none of the others takes in."""
    return [one for one in some if not any(other != one and covers(other, one) for other in some)]


def _alone(resource: Resource, there: _Side, other: _Side) -> bool:
    """Whether what its rights are about exists on this side alone, so that nobody on the other has to do with them."""
    known = access_inputs(resource.type)
    subjects = known.subjects if known is not None else frozenset[str]()
    makers = {urn for path in subjects for urn in resource.property_dependencies.get(path, ())}
    values = {value for path in subjects if isinstance(value := resource.inputs.get(path), str)}
    if not makers and is_link(resource.type):
        named = (one for one in there.resources.values() if one.custom and not is_link(one.type))
        makers = {one.urn for one in named if any(one.inputs.get(name) in values for name in NAMES)}
        return bool(makers) and not makers & other.resources.keys()
    return any(urn not in other.resources for urn in makers) if makers else resource.urn not in other.resources
