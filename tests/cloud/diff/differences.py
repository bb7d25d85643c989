"""Where an old state and a plan differ, as the provider compares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.cloud.contracts import is_unknown
from tests.cloud.diff.schema import Flavour, Property
from tests.cloud.diff.values import empty, identity


@dataclass(frozen=True)
class Difference:
    """A property at a path that differs: a plain value, or a list, set, map or object whose inside differs."""

    path: str
    known: Property
    before: Any
    after: Any
    resized: bool = False
    """Of a list, set, map or object: it has more or fewer members than before, or was not there."""
    inside: bool = False
    """It is part of something that was added or removed as a whole."""

    @property
    def top(self) -> str:
        return self.path.split(".")[0].split("[")[0]

    @property
    def how(self) -> str:
        return "ADD" if self.before is None else "DELETE" if self.after is None else "UPDATE"


def differences(
    properties: Mapping[str, Property],
    prior: Mapping[str, Any],
    planned: Mapping[str, Any],
    flavour: Flavour,
    above: str = "",
    *,
    inside: bool = False,
) -> Iterator[Difference]:
    for name, known in properties.items():
        yield from _different(known, prior.get(name), planned.get(name), flavour, f"{above}{name}", inside=inside)


def _different(
    known: Property, before: Any, after: Any, flavour: Flavour, path: str, *, inside: bool
) -> Iterator[Difference]:
    if _same(known, before, after, flavour):
        return
    if not (_fits(known, before) and _fits(known, after)):
        container = known.type in ("object", "list", "set", "map")
        yield Difference(path, known, before, after, resized=container, inside=inside)
        return
    yield Difference(path, known, before, after, resized=_size(before) != _size(after), inside=inside)
    inside = inside or before is None or after is None
    if not known.children or known.type == "map":
        return
    if known.type == "object":
        yield from differences(known.children, before or {}, after or {}, flavour, f"{path}.", inside=inside)
        return
    for index, (old, new) in enumerate(_pairs(known, before or [], after or [])):
        if isinstance(old or {}, dict) and isinstance(new or {}, dict):
            whole = inside or old is None or new is None
            yield from differences(known.children, old or {}, new or {}, flavour, f"{path}[{index}].", inside=whole)


def _fits(known: Property, value: Any) -> bool:
    """Whether a value has an inside to look into."""
    inside = {"object": dict, "map": dict, "list": list, "set": list}.get(known.type)
    return inside is not None and (value is None or isinstance(value, inside))


def _pairs(known: Property, before: list[Any], after: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Old and new elements that are compared with each other: by place, or in a set those without an equal."""
    if known.unordered:
        inside = known.members
        left = [identity(inside, entry) for entry in before]
        for entry in after:
            same = identity(inside, entry)
            if same in left:
                left.remove(same)
            else:
                yield None, entry
        for entry in before:
            same = identity(inside, entry)
            if same in left:
                left.remove(same)
                yield entry, None
        return
    for index in range(max(len(before), len(after))):
        yield before[index] if index < len(before) else None, after[index] if index < len(after) else None


def _same(known: Property, before: Any, after: Any, flavour: Flavour) -> bool:
    if known.has("flattened") and (before == {}) != (after == {}):
        return False  # an empty block is not the same as none
    if (flavour == "sdk" or known.block) and empty(before) and empty(after) and None in (before, after):
        return True
    if flavour == "framework" and not known.block and (before is None) != (after is None):
        return False
    if is_unknown(before) or is_unknown(after):
        return before == after
    return identity(known, before) == identity(known, after)


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (list, dict)) else 0
