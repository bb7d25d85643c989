"""The words for what a change does. Plain data; the rules that fill it stand in `rules/` and `facts/`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EffectKind(StrEnum):
    """Ordered from harmless to harmful within one degree of harm; see `Effect.rank` for the order between effects."""

    DOES_NOTHING = "planned, but does nothing"
    CREATED = "created"
    IN_PLACE = "in place"
    IN_PLACE_FAILOVER = "in place, with failover"
    ROLLING = "rolling"
    MAINTENANCE_WINDOW = "waits for the maintenance window"
    REPLACE_CREATE_FIRST = "replaced, create first"
    REPLACE_DELETE_FIRST = "replaced, delete first"
    DELETED = "deleted"
    UNKNOWN = "unknown effect"
    FAILS_AT_APPLY = "fails at apply"
    FAILS_AT_PREVIEW = "fails at preview"
    WRONG_OBJECT = "writes to the wrong object"


class Data(StrEnum):
    NONE = "none"
    """The resource holds no data."""
    KEPT = "kept"
    UNKNOWN = "unknown"
    AT_RISK = "at risk"
    LOST = "lost"


_KINDS = list(EffectKind)
_DATA = list(Data)
REPLACEMENTS = (EffectKind.REPLACE_CREATE_FIRST, EffectKind.REPLACE_DELETE_FIRST)
FAILURES = (EffectKind.FAILS_AT_APPLY, EffectKind.FAILS_AT_PREVIEW, EffectKind.WRONG_OBJECT)

LONGEST_FAILOVER = 60
"""Seconds. A shorter interruption is a failover, which clients that reconnect survive; a longer one is downtime."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from, and when it was read."""

    reference: str
    date: str


@dataclass(frozen=True, slots=True)
class Effect:
    kind: EffectKind
    why: str
    """One or two sentences for a reviewer."""
    properties: tuple[str, ...] = ()
    """The property paths that cause it."""
    downtime: tuple[int, int] | None = (0, 0)
    """Seconds, at least and at most, during which clients cannot work; `None` when nobody knows."""
    data: Data = Data.NONE
    data_note: str = ""
    """What is lost, or why it is kept."""
    safe_path: str = ""
    source: Source | None = None
    certain: bool = True
    """False where a value that is not known yet decides: then this is the worst that can happen."""

    @property
    def rank(self) -> tuple[int, ...]:
        """Greater is worse: data, then failures, then downtime, then the kind, then whether data is near at all."""
        longest = 1 if self.downtime is None else self.downtime[1]
        return (
            _DATA.index(self.data) if self.data in (Data.AT_RISK, Data.LOST) else 0,
            1 if self.kind in FAILURES else 0,
            longest if longest > LONGEST_FAILOVER else 0,
            _KINDS.index(self.kind),
            _DATA.index(self.data),
        )

    @property
    def replaces(self) -> bool:
        return self.kind in REPLACEMENTS
