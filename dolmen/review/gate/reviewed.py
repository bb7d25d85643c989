"""The review's JSON, read: what was reviewed of each stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from dolmen.review.diff import paths
from dolmen.review.diff.changes import MOVED
from dolmen.review.formats.parts.review_json import VERSION
from dolmen.review.gate.errors import GateInputError
from dolmen.review.gate.reading import of_review

_KNOWN = frozenset({"same", "changed", "added", "renamed"})
"""Statuses of a stack that was compared."""


@dataclass(frozen=True, slots=True)
class Property:
    path: paths.Path
    label: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    written: Mapping[str, Any]

    @property
    def operation(self) -> str:
        return self.written["operation"]

    @property
    def urn(self) -> str:
        return self.written["urn"]

    @property
    def old_urn(self) -> str | None:
        return self.written.get("oldUrn")

    @property
    def delete_first(self) -> bool:
        return self.written["deleteFirst"]

    @property
    def moved(self) -> bool:
        """Created under one URN and deleted under another."""
        return MOVED in self.written["replacedBecause"]

    @property
    def properties(self) -> tuple[Property, ...]:
        return tuple(_property(one) for one in self.written["properties"])

    @property
    def inputs(self) -> Mapping[str, Any]:
        return {name: of_review(value) for name, value in (self.written.get("inputs") or {}).items()}

    def options(self, side: str) -> Mapping[str, Any]:
        """Those that are on, of the `old` or the `new` side."""
        return self.written["resourceOptions"][side] or {}


@dataclass(frozen=True, slots=True)
class Stack:
    written: Mapping[str, Any]
    changes: Mapping[str, Change] = field(default_factory=dict[str, Change])
    """By URN, of both sides."""

    @property
    def name(self) -> str:
        return self.written["name"]

    @property
    def project(self) -> str:
        return self.written.get("project") or ""

    @property
    def config(self) -> Mapping[str, Any]:
        return {key: of_review(value) for key, value in (self.written.get("config") or {}).items()}

    @property
    def compared(self) -> bool:
        return self.written["status"] in _KNOWN

    @property
    def undescribed(self) -> bool:
        """Its file is gone: nothing is deployed by it any more."""
        return self.written["status"] == "undescribed"


@dataclass(frozen=True, slots=True)
class Reviewed:
    written: Mapping[str, Any]
    stacks: Mapping[str, Stack]

    @property
    def bound(self) -> Mapping[str, Any] | None:
        return self.written.get("bound")

    @property
    def not_compared(self) -> tuple[str, ...]:
        """What the review itself says that it did not compare: it closes every gate."""
        return tuple(str(one) for one in self.written.get("notCompared") or ())


def is_review(document: Mapping[str, Any]) -> bool:
    return "version" in document and "stacks" in document and "steps" not in document


def read_review(document: Mapping[str, Any], which: str = "first") -> Reviewed:
    """Raises `GateInputError`."""
    if not isinstance(document.get("stacks"), list) or "version" not in document:
        raise GateInputError(f"The {which} file is not a review: write one by `dolmen plan --base … --format json`.")
    if document["version"] != VERSION:
        raise GateInputError(
            f"The {which} file is a review of version {str(document['version'])[:20]}, and this Dolmen reads version "
            f"{VERSION}: review with this one."
        )
    stacks = [_stack(one) for one in cast("list[Any]", document["stacks"])]
    if len({one.name for one in stacks}) < len(stacks):
        raise GateInputError(f"The {which} file has a stack twice: review again.")
    return Reviewed(document, {one.name: one for one in stacks})


def _stack(written: Mapping[str, Any]) -> Stack:
    changes = [Change(one) for one in written["changes"]]
    by_old = {one.old_urn: one for one in changes if one.old_urn}
    return Stack(written, {**by_old, **{one.urn: one for one in changes}})


def _property(written: Mapping[str, Any]) -> Property:
    return Property(
        path_of(written["path"]),
        written["label"],
        of_review(written["old"]),
        of_review(written["new"]),
    )


def path_of(text: str) -> paths.Path:
    try:
        return paths.parse(text)
    except ValueError:
        return (text,)


def below(outer: paths.Path, inner: paths.Path) -> paths.Path | None:
    """The rest of `inner` at or below `outer`, indices aside; else `None`."""
    rest = list(inner)
    for step in outer:
        if isinstance(step, str):
            while rest and isinstance(rest[0], int):
                rest.pop(0)
            if not rest or rest.pop(0) != step:
                return None
        elif rest and isinstance(rest[0], int):
            rest.pop(0)
    return tuple(rest)


def values_at(value: Any, path: paths.Path) -> Iterator[Any]:
    """What lies at a path; an index stands for every item.

    Both sides may count otherwise.
    """
    if not path:
        yield value
    elif isinstance(value, list):
        rest = path[1:] if isinstance(path[0], int) else path
        for item in cast("list[Any]", value):
            yield from values_at(item, rest)
    elif isinstance(value, Mapping) and isinstance(path[0], str) and path[0] in value:
        yield from values_at(cast("Mapping[str, Any]", value)[path[0]], path[1:])
