"""The outputs of a stack in one sentence: consumers read them by name, so what is gone is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from dolmen.engine.masking import untagged
from dolmen.review.diff.paths import Path, text
from dolmen.review.diff.values import Difference, PropertyChange
from dolmen.review.listing import listed

_MOST = 3


def gone(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The outermost names that only one side has."""
    return tuple(untagged(text(path)) for path in _gone(before, after, ()))


def _gone(before: Mapping[str, Any], after: Mapping[str, Any], path: Path) -> Iterator[Path]:
    for name, value in before.items():
        other = after.get(name)
        if value is not None and other is None:
            yield (*path, name)
        elif isinstance(value, Mapping) and isinstance(other, Mapping):
            inner = cast("Mapping[str, Any]", value), cast("Mapping[str, Any]", other)
            yield from _gone(*inner, (*path, name))


def sentence(changes: Sequence[PropertyChange], removed: Sequence[str], added: Sequence[str]) -> str:
    """`` `dolmen.applications.chat-app` is gone for whoever reads it; new: …; 3 others change``."""
    parts: list[str] = []
    if removed:
        verb = "is gone for whoever reads it" if len(removed) == 1 else "are gone for whoever reads them"
        parts.append(f"{', '.join(_quoted(removed))} {verb}")
    if added:
        parts.append(f"{len(added)} new" if removed else f"new: {listed(_quoted(added), _MOST)}")
    rest = [one.label for one in changes if one.difference not in (Difference.ADDED, Difference.REMOVED)]
    if rest:
        whose = listed(_quoted(rest), _MOST) if len(rest) <= _MOST else f"{len(rest)} values"
        parts.append(f"{whose} change{'s' if len(rest) == 1 else ''}")
    return "; ".join(parts)


def _quoted(names: Sequence[str]) -> list[str]:
    return [f"`{name}`" for name in names]
