"""Where a change comes from: a key and line of the stack file, or a line of the program.

Nothing is invented. The values that differ between the two stack files are the candidates; one of them is named when it
carries the very values that changed, or when it is the only thing that differs. Otherwise the candidates are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, cast

from dolmen.engine.plan import Position, Resource
from dolmen.review.diff.changes import Cause, ResourceChange
from dolmen.review.diff.values import MISSING, Difference, PropertyChange
from dolmen.stackfile import Document
from dolmen.stackfile.problems import KeyPath, key_text

MOST = 3
"""Candidates that are listed for one resource."""


@dataclass(frozen=True, slots=True)
class Leaf:
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Leaves:
    """Every single value of a stack file, with its line."""

    file: str
    values: Mapping[KeyPath, Leaf]


@dataclass(frozen=True, slots=True)
class _Edit:
    """One value that differs between the two stack files."""

    path: KeyPath
    old: Any
    new: Any
    cause: Cause


def leaves(document: Document) -> Leaves:
    return Leaves(document.name, dict(_leaves(document, document.section, ("config",))))


def _leaves(document: Document, value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Leaf]]:
    if isinstance(value, Mapping) and value:
        for name, inner in cast("Mapping[str, Any]", value).items():
            yield from _leaves(document, inner, (*path, name))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(cast("list[Any]", value)):
            yield from _leaves(document, inner, (*path, index))
    else:
        place = document.place(path)
        yield path, Leaf(value, place.line if place else 1)


def with_causes(
    changes: Sequence[ResourceChange], base: Leaves | None, head: Leaves | None, program_changed: bool
) -> tuple[ResourceChange, ...]:
    edits = _edits(base, head)
    found: dict[str, tuple[Cause, ...]] = {}
    result: list[ResourceChange] = []
    for change in changes:
        causes = change.causes or _causes(change, edits, program_changed, found)
        found[change.urn] = causes
        result.append(replace(change, causes=causes))
    return tuple(result)


def _edits(base: Leaves | None, head: Leaves | None) -> tuple[_Edit, ...]:
    if base is None or head is None:
        return ()
    found: list[_Edit] = []
    for path in dict.fromkeys((*head.values, *base.values)):
        old, new = base.values.get(path), head.values.get(path)
        if old is not None and new is not None and _same(old.value, new.value):
            continue
        leaves_file, leaf = (head.file, new) if new is not None else (base.file, old)
        assert leaf is not None, "a path comes from one of both files"
        cause = Cause(Position(leaves_file, leaf.line), key_text(path[1:]))
        found.append(_Edit(path, old.value if old else MISSING, new.value if new else MISSING, cause))
    return tuple(found)


def _causes(
    change: ResourceChange, edits: tuple[_Edit, ...], program_changed: bool, known: Mapping[str, tuple[Cause, ...]]
) -> tuple[Cause, ...]:
    carriers = [edit for edit in edits if any(_carries(edit, one) for one in change.properties)]
    if carriers:
        causes = _listed(carriers, certain=True)
        return causes if program_changed else tuple(_with_carried(cause, carriers, change) for cause in causes)
    makers = [one.because for one in change.properties if one.because] + list(change.replaced_because)
    inherited = dict.fromkeys(cause for maker in makers for cause in known.get(maker, ()))
    if inherited and all(one.difference is Difference.MAY_CHANGE for one in change.properties):
        return tuple(inherited)[:MOST]
    program = _program(change)
    if program_changed:
        return (*program, *_together(_named_in(change, edits), certain=False))[:MOST]
    return _together(_akin(change, edits) or _named_in(change, edits) or list(edits), certain=True)


def _together(edits: Sequence[_Edit], certain: bool) -> tuple[Cause, ...]:
    """Edits below one key are one cause; edits all over the file are candidates."""
    if not edits:
        return ()
    files = {edit.cause.position.file for edit in edits}
    common = edits[0].path
    for edit in edits[1:]:
        common = _shared(common, edit.path)
    if len(common) < 2 or len(files) > 1:
        return _listed(edits, certain=False)
    line = min(edit.cause.position.line for edit in edits)
    return (Cause(Position(files.pop(), line), key_text(common[1:]), certain),)


def _shared(one: KeyPath, other: KeyPath) -> KeyPath:
    """The steps that two paths begin with."""
    return tuple(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _listed(edits: Sequence[_Edit], certain: bool) -> tuple[Cause, ...]:
    sure = certain and len(edits) <= MOST
    return tuple(replace(edit.cause, certain=sure) for edit in edits[:MOST])


def _with_carried(cause: Cause, carriers: Sequence[_Edit], change: ResourceChange) -> Cause:
    """With the properties of which this edit alone has the values: a changed program may take them from elsewhere."""
    carried = (one.path for one in change.properties if _alone(cause, carriers, one))
    return replace(cause, carries=tuple(carried))


def _alone(cause: Cause, carriers: Sequence[_Edit], one: PropertyChange) -> bool:
    """Whether one edit carries a property, and not just by chance: many things turn from on to off."""
    edits = [edit for edit in carriers if _carries(edit, one)]
    if [edit.cause for edit in edits] != [cause] or MISSING in (one.old, one.new):
        return False
    name = next((step for step in reversed(one.path) if isinstance(step, str)), "")
    return not isinstance(one.new, bool) or _same_words(edits[0].path, name, distinct=False)


def _program(change: ResourceChange) -> tuple[Cause, ...]:
    return (Cause(change.subject.source),) if change.subject.source is not None else ()


def _carries(edit: _Edit, change: PropertyChange) -> bool:
    """The stack file's old and new value are the property's own."""
    if change.difference is Difference.MAY_CHANGE:
        return False
    pairs = ((edit.old, change.old), (edit.new, change.new))
    told = [(written, seen) for written, seen in pairs if _plain(written) is not None and _plain(seen) is not None]
    return bool(told) and all(_plain(written) == _plain(seen) for written, seen in told)


def _akin(change: ResourceChange, edits: tuple[_Edit, ...]) -> list[_Edit]:
    """Edits whose key sounds like a property that changes: `version` and `engineVersion`."""
    names = {str(step).lower() for one in change.properties for step in one.path if isinstance(step, str)}
    found: list[_Edit] = []
    for edit in edits:
        keys = [str(step).rsplit(":", 1)[-1].lower() for step in edit.path[1:] if isinstance(step, str)]
        if keys and any(keys[-1] in name or name in keys[-1] for name in names):
            found.append(edit)
    return found


def _named_in(change: ResourceChange, edits: tuple[_Edit, ...]) -> list[_Edit]:
    """Edits below a key that the resource's name holds: an application, a secret."""
    return [
        edit
        for edit in edits
        if any(
            isinstance(step, str) and len(step) > 3 and step.lower() in change.name.lower() for step in edit.path[2:]
        )
    ]


# ---- what one sentence is about


def origin(
    sentence: str, resource: Resource | None, leaves: Leaves | None, change: ResourceChange | None = None
) -> Position | None:
    """The line of the stack file that a sentence about a resource is about, where exactly one can be meant.

    That is the one cause of a change of the input that the sentence names, or the line that holds the value of such an
    input under a key of the same words.
    """
    told = {word.lower() for word in re.findall(r"[\w-]+", sentence)}
    if change is not None and any(told & _spelled(one.path) for one in change.properties):
        certain = [cause for cause in change.causes if cause.certain and cause.key]
        if len(certain) == len(change.causes) == 1:
            return certain[0].position
    if resource is None or leaves is None:
        return None
    lines = {
        leaf.line
        for path, value in _inputs(resource.inputs, ())
        if (plain := _plain(value)) is not None and told & {path[-1].lower(), plain}
        for key, leaf in leaves.values.items()
        if _plain(leaf.value) == plain and _same_words(key, path[-1], distinct=not isinstance(value, bool))
    }
    return Position(leaves.file, lines.pop()) if len(lines) == 1 else None


def _spelled(path: Sequence[str | int]) -> set[str]:
    return {step.lower() for step in path if isinstance(step, str)}


def _inputs(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Single values below the names that lead to them; items of a list have the list's name."""
    if isinstance(value, Mapping):
        for name, inner in cast("Mapping[str, Any]", value).items():
            yield from _inputs(inner, (*path, name))
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _inputs(inner, path)
    elif path:
        yield path, value


def _same_words(key: KeyPath, name: str, *, distinct: bool) -> bool:
    """`backup.enabled` is `backupEnabled`, and a version may be `engineVersion`; that something is on says nothing alone."""
    names = [str(step).rsplit(":", 1)[-1] for step in key if isinstance(step, str)]
    wanted, own = _words([name]), _words(names[-1:])
    return wanted <= _words(names[-2:]) or (own <= wanted and (distinct or len(own) > 1))


def _words(names: Sequence[str]) -> set[str]:
    return {word.lower() for name in names for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def _plain(value: Any) -> str | None:
    """Text in which a stack file's spelling and the cloud's agree: `AP_NORTHEAST_2` is `ap-northeast-2`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, str) and value:
        return value.lower().replace("_", "-")
    return None


def _same(old: Any, new: Any) -> bool:
    return type(old) is type(new) and old == new
