"""What a change does, as plain data for reports; see `dolmen.knowledge` for what is known of each type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dolmen.knowledge.effects import Data, Downtime, Evidence, Outcome, Source


class EffectKind(StrEnum):
    """Ordered from harmless to harmful within one degree of harm; see `Effect.rank` for the order between effects."""

    SAME = "nothing changes"
    KEEPS_OLD_VALUE = "nothing changes, the old value stays"
    DOES_NOTHING = "planned, but does nothing"
    CREATED = "created"
    ROTATION = "routine rotation"
    """Of a credential that nobody uses, beside one that stays; see `effects.context.rotation`."""
    IN_PLACE = "in place"
    IN_PLACE_FAILOVER = "in place, with failover"
    ROLLING = "rolling"
    MAINTENANCE_WINDOW = "waits for the maintenance window"
    REPLACE_CREATE_FIRST = "replaced, create first"
    REPLACE_DELETE_FIRST = "replaced, delete first"
    DELETED = "deleted"
    PROTECTION_REMOVED = "protection removed"
    UNKNOWN = "effect not known"
    FAILS_AT_APPLY = "fails at apply"
    FAILS_AT_PREVIEW = "fails at preview"
    WRONG_OBJECT = "writes to the wrong object"


_ORDER = list(EffectKind)
_DATA = list(Data)
REPLACEMENTS = (EffectKind.REPLACE_CREATE_FIRST, EffectKind.REPLACE_DELETE_FIRST)
UNPLANNED = (EffectKind.SAME, EffectKind.KEEPS_OLD_VALUE)
"""The provider sees no difference, so that the preview shows none."""
FAILURES = (EffectKind.FAILS_AT_APPLY, EffectKind.FAILS_AT_PREVIEW, EffectKind.WRONG_OBJECT)

KINDS: Mapping[Outcome, EffectKind] = {
    Outcome.IN_PLACE: EffectKind.IN_PLACE,
    Outcome.FAILOVER: EffectKind.IN_PLACE_FAILOVER,
    Outcome.ROLLING: EffectKind.ROLLING,
    Outcome.WAITS: EffectKind.MAINTENANCE_WINDOW,
    Outcome.CREATED: EffectKind.CREATED,
    Outcome.DELETED: EffectKind.DELETED,
    Outcome.DOES_NOTHING: EffectKind.DOES_NOTHING,
    Outcome.NOTHING: EffectKind.SAME,
    Outcome.KEEPS_OLD_VALUE: EffectKind.KEEPS_OLD_VALUE,
    Outcome.FAILS_AT_PREVIEW: EffectKind.FAILS_AT_PREVIEW,
    Outcome.FAILS_AT_APPLY: EffectKind.FAILS_AT_APPLY,
    Outcome.WRONG_OBJECT: EffectKind.WRONG_OBJECT,
    Outcome.UNKNOWN: EffectKind.UNKNOWN,
}
"""All but `replaced`, of which the order makes one kind or the other."""

LONGEST_FAILOVER = 60
"""Seconds. A shorter interruption is a failover, which clients that reconnect survive; a longer one is downtime."""


@dataclass(frozen=True, slots=True)
class Effect:
    kind: EffectKind
    why: str
    """One or two sentences for a reviewer."""
    properties: tuple[str, ...] = ()
    """The property paths that cause it."""
    downtime: Downtime = (0, 0)
    data: Data = Data.NONE
    data_note: str = ""
    """What is lost, or why it is kept."""
    safe_path: str = ""
    source: Source | None = None
    headline: str = ""
    """The first line of a report where this is the worst; else its kind and subject say it."""
    certain: bool = True
    """False where a value that is not known yet decides, or a documented condition: then this is the worst that can happen."""
    protection: str = ""
    """What protects the resource no longer, of `PROTECTION_REMOVED`: `automatic failover`."""

    @property
    def rank(self) -> tuple[int, ...]:
        """Greater is worse: data, failures, downtime, what nobody knows, protection, the kind, whether data is near."""
        at_stake = _DATA.index(self.data) if self.data in (Data.AT_RISK, Data.LOST) else 0
        return (
            at_stake,
            1 if self.kind in FAILURES else 0,
            self._down if self.down_for_long else 0,
            1 if self.unknown and not at_stake and not self.down_for_long else 0,
            _ORDER.index(self.kind),
            _DATA.index(self.data),
        )

    @property
    def class_of_kind(self) -> int:
        """Whether something stays, goes, or is no longer guarded."""
        if self.kind is EffectKind.PROTECTION_REMOVED:
            return 2
        return 1 if self.replaces or self.kind is EffectKind.DELETED else 0

    @property
    def _down(self) -> int:
        return self.downtime[1] if self.downtime is not None else LONGEST_FAILOVER + 1

    @property
    def down_for_long(self) -> bool:
        """Whether clients cannot work for longer than a failover takes.

        A downtime that nobody knows counts only where the resource goes away; in place it may be none at all.
        """
        return self.replaces if self.downtime is None else self._down > LONGEST_FAILOVER

    @property
    def unknown(self) -> bool:
        """Whether nobody knows what happens, or for how long."""
        not_known = self.downtime is None and self.kind not in FAILURES
        return self.kind is EffectKind.UNKNOWN or self.data is Data.UNKNOWN or not_known

    @property
    def replaces(self) -> bool:
        return self.kind in REPLACEMENTS

    @property
    def documented(self) -> bool:
        """Whether only the documentation of an SDK says so."""
        return self.source is not None and self.source.evidence is Evidence.SDK


def by_rank(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The worst first."""
    return tuple(sorted(effects, key=lambda effect: effect.rank, reverse=True))
