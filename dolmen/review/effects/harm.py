"""What a gate can stop for, and what an acceptance can accept."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from dolmen.knowledge.effects import Data
from dolmen.review.effects.model import FAILURES, Effect, EffectKind


class Harm(StrEnum):
    DATA_LOSS = "data-loss"
    """Data is lost or at risk."""
    DOWNTIME = "downtime"
    """Clients cannot work for longer than a failover takes, or for a time that nobody knows."""
    REPLACEMENT = "replacement"
    UNKNOWN = "unknown"
    """Dolmen does not know what happens, or for how long."""
    PROTECTION = "protection"
    """What guards the platform is gone: against deletion, loss, outages, or against nobody noticing."""
    FAILURE = "failure"
    """It cannot be applied as it is meant: it fails, or writes to the wrong object. Every gate stops for it."""


HARMS = tuple(harm.value for harm in Harm)


def harms(effects: Iterable[Effect]) -> frozenset[Harm]:
    return frozenset(harm for effect in effects for harm in _harms(effect))


def _harms(effect: Effect) -> Iterable[Harm]:
    if effect.data in (Data.LOST, Data.AT_RISK):
        yield Harm.DATA_LOSS
    if effect.down_for_long:
        yield Harm.DOWNTIME
    if effect.replaces:
        yield Harm.REPLACEMENT
    if effect.unknown:
        yield Harm.UNKNOWN
    if effect.kind is EffectKind.PROTECTION_REMOVED:
        yield Harm.PROTECTION
    if effect.kind in FAILURES:
        yield Harm.FAILURE
