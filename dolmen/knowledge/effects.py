"""What a change of a property, a replacement and a deletion do to a running platform, as a file says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Downtime = tuple[int, int] | None
"""Seconds, at least and at most, during which clients cannot work; `None` when nobody knows."""

_FOREVER = 10**9
"""Seconds; stands for "until somebody undoes it"."""


class Outcome(StrEnum):
    """The words of a file for what happens to the resource."""

    IN_PLACE = "in place"
    FAILOVER = "failover"
    ROLLING = "rolling"
    WAITS = "waits"
    REPLACED = "replaced"
    CREATED = "created"
    DELETED = "deleted"
    DOES_NOTHING = "does nothing"
    NOTHING = "nothing"
    """The provider plans nothing: both values are one for it."""
    KEEPS_OLD_VALUE = "keeps old value"
    """The provider plans nothing: what the program no longer says stays as it is."""
    FAILS_AT_PREVIEW = "fails at preview"
    FAILS_AT_APPLY = "fails at apply"
    WRONG_OBJECT = "wrong object"
    UNKNOWN = "unknown"


class Data(StrEnum):
    """What becomes of the data in the resource."""

    NONE = "none"
    """The resource holds no data."""
    KEPT = "kept"
    UNKNOWN = "unknown"
    AT_RISK = "at risk"
    LOST = "lost"


class Alteration(StrEnum):
    """How a value differs from the one before."""

    ADDED = "added"
    REMOVED = "removed"
    RAISED = "raised"
    LOWERED = "lowered"
    TURNED_ON = "turned on"
    TURNED_OFF = "turned off"
    REORDERED = "reordered"
    EMPTIED = "emptied"
    """A list of which every item goes, and which is still written."""
    MAY_CHANGE = "may change"
    NOT_KNOWN = "not known"
    """The new value is known only after apply."""


class Evidence(StrEnum):
    """Whose word a statement is."""

    DOLMEN = "dolmen"
    """Read in a vendor's documentation, or measured, and written down here with its date."""
    SDK = "sdk-documentation"
    """Said by the documentation of the SDK that the program uses; nobody here has checked it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from, and when it was read."""

    reference: str
    date: str
    """Empty for an installed SDK, whose version says it."""
    evidence: Evidence = Evidence.DOLMEN


@dataclass(frozen=True, slots=True)
class When:
    """All conditions of an effect rule; each has to hold."""

    change: tuple[Alteration, ...] = ()
    from_: tuple[Any, ...] | None = None
    to: tuple[Any, ...] | None = None
    now: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    was: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    also: tuple[str, ...] = ()
    not_also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EffectRule:
    """What one change of a property, or a deletion, does."""

    effect: Outcome
    why: str
    source: Source | None
    when: When = field(default_factory=When)
    downtime: Downtime = (0, 0)
    data: Data | None = None
    note: str = ""
    safe: str = ""
    headline: str = ""
    """What the first line of a report says where this is the worst."""
    deferrable: bool = False
    renews_outputs: bool = False
    protection: str = ""
    """What protects no longer, of a setting of a provider: `the check of certificates`."""

    @property
    def documented(self) -> bool:
        """Whether only the documentation of an SDK says so."""
        return self.source is not None and self.source.evidence is Evidence.SDK


@dataclass(frozen=True, slots=True)
class DowntimeByOrder:
    """How long a replacement interrupts clients, by what the engine does first."""

    create_first: Downtime = None
    delete_first: Downtime = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """What replacing the resource costs."""

    source: Source | None
    downtime: DowntimeByOrder = field(default_factory=DowntimeByOrder)
    data: Data = Data.UNKNOWN
    note: str = ""
    why: str = ""
    why_create_first: str = ""
    """What holds for one order only."""
    why_delete_first: str = ""
    safe: str = ""
    filled_from: tuple[str, ...] = ()
    """Inputs that name what a new object is filled from. One that comes or changes with the replacement counts."""
    note_filled: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What people wrote about the effects of changes, beyond the facts of each property."""

    replaced: Replacement
    deleted: tuple[EffectRule, ...]
    properties: Mapping[str, tuple[EffectRule, ...]] = field(default_factory=dict[str, tuple[EffectRule, ...]])
    """Path without indices → effect rules, of which the first that holds decides."""
    weight: int = 1
    """Which of two equally bad effects a reader must see first."""
    created: tuple[EffectRule, ...] = ()
    """What creating it does to what exists, by `when` on its inputs."""
    acts_on: str = ""
    """The input that names what `created` is about; nothing happens to what is new itself."""
    held_by: tuple[str, ...] = ()
    """Types of which one that uses it stops its deletion."""
    waits_unless: str = ""
    """The property that makes deferrable changes immediate."""
    delete_first: bool = False
    """Whether the provider itself asks to delete before it creates."""
    counted_by: Mapping[str, str] = field(default_factory=dict[str, str])
    """Path without indices of what describes a number of things → the input below it that says how many."""


UNDESCRIBED = Effects(Replacement(None), (), weight=0)


_RANGE = re.compile(r"(\d+)(s|m|h)?(?:-(\d+)(s|m|h))?\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds(text: str) -> Downtime:
    """`12-20m` → (720, 1200); `unknown` → `None`; `until undone` → for ever. Raises `ValueError`."""
    if text == "unknown":
        return None
    if text == "until undone":
        return (0, _FOREVER)
    found = _RANGE.match(text)
    if found is None:
        raise ValueError(f"not a time: {text!r}")
    low, low_unit, high, high_unit = found.groups()
    unit = _UNITS[low_unit or high_unit or "s"]
    least = int(low) * unit
    return (least, int(high) * _UNITS[high_unit] if high else least)


def endless(downtime: Downtime) -> bool:
    return downtime is not None and downtime[1] >= _FOREVER
