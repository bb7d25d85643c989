"""A backup schedule against Atlas's own rules: continuous backup, its window, and longer retention for rarer snapshots.

Source: https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dolmen.engine.plan import Resource
from dolmen.knowledge.effects import Data, Source
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.effects.context.sides import Sides, touches
from dolmen.review.effects.model import Effect, EffectKind

_SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
_COMPLIANCE = "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy"
_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
_SOURCE = Source("www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling", "2026-11-30")
_ITEMS = ("policyItemHourly", "policyItemDaily", "policyItemWeeklies", "policyItemMonthlies", "policyItemYearlies")
_DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 366}
_PATHS = ("restoreWindowDays", "pitEnabled", *_ITEMS)


def effects(change: ResourceChange, sides: Sides) -> Iterator[Effect]:
    new = change.new
    if new is None:
        return
    if new.type in (_SCHEDULE, _COMPLIANCE) and touches(change, *_PATHS):
        yield from _window(new, _continuous(new, sides))
        yield from _ladder(new)
    elif new.type == _CLUSTER and touches(change, "pitEnabled") and new.inputs.get("pitEnabled") is True:
        schedule = next((one for one in sides.managed() if _of(one, new, sides)), None)
        if schedule is not None and _scheduled(schedule) and "policyItemHourly" not in schedule.inputs:
            yield _no_hourly("pitEnabled")


def _of(schedule: Resource, cluster: Resource, sides: Sides) -> bool:
    return schedule.type == _SCHEDULE and bool(sides.target(schedule, "clusterName") & sides.words_for(cluster))


def _continuous(schedule: Resource, sides: Sides) -> bool:
    if schedule.type == _COMPLIANCE:
        return schedule.inputs.get("pitEnabled") is True
    clusters = (one for one in sides.managed() if one.type == _CLUSTER and _of(schedule, one, sides))
    cluster = next(clusters, None)
    return cluster is not None and cluster.inputs.get("pitEnabled") is True


def _scheduled(schedule: Resource) -> bool:
    return any(schedule.inputs.get(name) for name in _ITEMS)


def _window(schedule: Resource, continuous: bool) -> Iterator[Effect]:
    hourly, window = schedule.inputs.get("policyItemHourly"), schedule.inputs.get("restoreWindowDays")
    if hourly is None:
        if continuous and _scheduled(schedule):
            yield _no_hourly("policyItemHourly")
        return
    days = _retention(hourly)
    if isinstance(window, int | float) and days is not None and window > days:
        why = f"`restoreWindowDays` ({window:g}) is longer than the hourly snapshots are kept ({days} days): Atlas refuses it."
        safe = "Keep hourly snapshots for at least as many days."
        yield _refused(why, safe, "restoreWindowDays", "policyItemHourly.retentionValue")


def _ladder(schedule: Resource) -> Iterator[Effect]:
    """Snapshots that are taken more rarely must be kept at least as long."""
    kept: list[tuple[str, int]] = []
    for name in _ITEMS:
        found = schedule.inputs.get(name)
        items = found if isinstance(found, list) else [found] if found is not None else []
        days = [number for item in items if (number := _retention(item)) is not None]
        if not days:
            continue
        longer = next(((other, most) for other, most in kept if most > min(days)), None)
        if longer is not None:
            why = f"`{name}` is kept for {min(days)} days, shorter than the more frequent `{longer[0]}` ({longer[1]} days): Atlas refuses it."
            yield _refused(
                why, "Keep rarer snapshots at least as long as more frequent ones.", f"{name}.retentionValue"
            )
        kept.append((name, max(days)))


def _retention(item: Any) -> int | None:
    if not isinstance(item, Mapping):
        return None
    value, unit = item.get("retentionValue"), item.get("retentionUnit")
    if isinstance(value, bool) or not isinstance(value, int | float) or not isinstance(unit, str) or unit not in _DAYS:
        return None
    return int(value) * _DAYS[unit]


def _no_hourly(path: str) -> Effect:
    why = "Continuous backup (`pitEnabled`) needs an hourly item in the backup schedule, which has none: Atlas refuses it."
    safe = "Give the schedule a `policyItemHourly` that is kept for at least `restoreWindowDays`, or switch `pitEnabled` off first."
    return _refused(why, safe, path)


def _refused(why: str, safe: str, *paths: str) -> Effect:
    return Effect(EffectKind.FAILS_AT_APPLY, why, paths, data=Data.KEPT, safe_path=safe, source=_SOURCE)
