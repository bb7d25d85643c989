"""What a gate can stop for, and what an acceptance can accept."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from dolmen.knowledge.effects import Data
from dolmen.review.effects.model import FAILURES, LONGEST_FAILOVER, Effect, EffectKind


class Harm(StrEnum):
    DATA_LOSS = "data-loss"
    """Data is lost or at risk."""
    DOWNTIME = "downtime"
    """Clients cannot work for longer than a failover takes, or for a time that nobody knows."""
    REPLACEMENT = "replacement"
    UNKNOWN = "unknown"
    """Dolmen does not know what happens."""
    FAILURE = "failure"
    """It cannot be applied as it is meant: it fails, or writes to the wrong object. Every gate stops for it."""


HARMS = tuple(harm.value for harm in Harm)


def harms(effects: Iterable[Effect]) -> frozenset[Harm]:
    return frozenset(harm for effect in effects for harm in _harms(effect))


def _harms(effect: Effect) -> Iterable[Harm]:
    if effect.data in (Data.LOST, Data.AT_RISK):
        yield Harm.DATA_LOSS
    if down_for_long(effect):
        yield Harm.DOWNTIME
    if effect.replaces:
        yield Harm.REPLACEMENT
    if effect.kind is EffectKind.UNKNOWN or effect.data is Data.UNKNOWN:
        yield Harm.UNKNOWN
    if effect.kind in FAILURES:
        yield Harm.FAILURE


def down_for_long(effect: Effect) -> bool:
    """An unknown downtime counts only where the resource goes away; in place it may be none at all."""
    if effect.downtime is None:
        return effect.replaces
    return effect.downtime[1] > LONGEST_FAILOVER
