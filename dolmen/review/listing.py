"""Lists for people: the first few, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMES = 6
"""Names that a report gives of things that read alike."""


def listed(parts: Sequence[str], most: int = MOST_NAMES, separator: str = ", ", more: str = " and {} more") -> str:
    """The first of them, and how many more there are."""
    text = separator.join(parts[:most])
    return text + more.format(len(parts) - most) if len(parts) > most else text
