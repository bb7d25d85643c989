"""Atlas: the backup schedule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .atlas_cluster import shared
from .framework.resources import Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .framework.values import UNKNOWN, View
from .types import ATLAS_BACKUP_SCHEDULE, ATLAS_CLUSTER, ATLAS_CLUSTERS

DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 372}
ITEMS = {
    "hourly": "policyItemHourly",
    "daily": "policyItemDaily",
    "weekly": "policyItemWeeklies",
    "monthly": "policyItemMonthlies",
    "yearly": "policyItemYearlies",
}
"""From frequent to rare."""
HOURLY_INTERVALS = (1, 2, 4, 6, 8, 12)


def days_kept(item: View) -> float | None:
    unit, value = item.known("retentionUnit"), item.number("retentionValue")
    return value * DAYS[unit] if value is not None and unit in DAYS else None


def kept(schedule: Resource, frequency: str) -> float | None:
    """The longest that a kind of snapshot is kept; `None` where there is none or it is not known."""
    found = [days for item in schedule.views(ITEMS[frequency]) if (days := days_kept(item)) is not None]
    return max(found, default=None)


@resource_rule("atlas-backup-ladder", ATLAS_BACKUP_SCHEDULE)
def ladder(schedule: Resource, settings: Settings) -> Iterator[str]:
    steps = [(frequency, days) for frequency in ITEMS if (days := kept(schedule, frequency)) is not None]
    for (often, short), (seldom, long) in pairwise(steps):
        if long < short:
            yield f"{seldom} snapshots are kept for {long:g} days and {often} ones for {short:g}: Atlas refuses that."
    if not any(schedule.given(key) for key in ITEMS.values()):
        yield "It has no item: nothing is ever taken."
    for item in schedule.views(ITEMS["hourly"]):
        interval = item.number("frequencyInterval")
        if interval is not None and interval not in HOURLY_INTERVALS:
            yield f"Hourly snapshots every {interval:g} hours: Atlas knows 1, 2, 4, 6, 8 and 12."


@resource_rule("atlas-restore-window", ATLAS_BACKUP_SCHEDULE)
def restore_window(schedule: Resource, settings: Settings) -> Iterator[str]:
    window = schedule.number("restoreWindowDays")
    if schedule.raw("restoreWindowDays") is UNKNOWN or schedule.raw(ITEMS["hourly"]) is UNKNOWN:
        return
    hourly = kept(schedule, "hourly")
    minimum = settings.number("minimumDays", schedule)
    if window is not None and not schedule.given(ITEMS["hourly"]):
        yield "A restore window needs hourly snapshots, and there are none: Atlas drops the schedule."
    elif window is not None and hourly is not None and window > hourly:
        yield f"The restore window of {window:g} days is longer than hourly snapshots are kept ({hourly:g})."
    if window is not None and window < minimum:
        yield f"Any second of the last {window:g} days can be restored: at least {minimum:g} here."


@resource_rule("atlas-backup-retention", ATLAS_BACKUP_SCHEDULE)
def retention(schedule: Resource, settings: Settings) -> Iterator[str]:
    for frequency in ("daily", "weekly", "monthly"):
        minimum = settings.number(f"{frequency}Days", schedule)
        if not minimum or schedule.raw(ITEMS[frequency]) is UNKNOWN:
            continue
        if not schedule.given(ITEMS[frequency]):
            yield f"There are no {frequency} snapshots."
        elif (days := kept(schedule, frequency)) is not None and days < minimum:
            yield f"{frequency} snapshots are kept for {days:g} days: at least {minimum:g} here."


def schedules_of(stack: Stack, cluster: Resource) -> list[Resource]:
    return [one for one in stack.of(ATLAS_BACKUP_SCHEDULE) if stack.points_at(one, "clusterName", cluster, "name")]


@stack_rule("atlas-backup-schedule")
def schedule_of_cluster(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for cluster in stack.of(*ATLAS_CLUSTERS):
        key = "backupEnabled" if cluster.type == ATLAS_CLUSTER else "cloudBackup"
        if shared(cluster, settings):
            continue
        schedules = schedules_of(stack, cluster)
        if not schedules:
            yield cluster, "It has no backup schedule of its own: Atlas's default one is nobody's decision."
        for schedule in schedules:
            if cluster.flag(key, default=False) is False:
                yield schedule, f"The backups of {cluster.name} are off: the schedule takes nothing."
            continuous = cluster.flag("pitEnabled", default=False)
            if continuous and not schedule.given(ITEMS["hourly"]):
                yield schedule, f"{cluster.name} has continuous backup, which needs hourly snapshots: there are none."
            if continuous and not schedule.given("restoreWindowDays"):
                yield schedule, "restoreWindowDays is absent: nobody decided how far back any second can be restored."
