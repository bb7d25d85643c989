"""Atlas: what a cluster can be restored from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .atlas_cluster import shared
from .framework.policy import Settings, resource_policy, setting, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.values import UNKNOWN, View
from .resource_types import ANY_ATLAS_CLUSTER, ATLAS_BACKUP_SCHEDULE, ATLAS_CLUSTERS, ATLAS_LEGACY_CLUSTER

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


def backup_switch(cluster: Resource) -> str:
    return "cloudBackup" if cluster.type == ATLAS_LEGACY_CLUSTER else "backupEnabled"


def backed_up(cluster: Resource) -> bool | None:
    """Whether snapshots are taken; `None` where it is not known."""
    return cluster.flag(backup_switch(cluster), default=False)


@resource_policy("atlas-backup", *ANY_ATLAS_CLUSTER, severity="critical", enforcement="beyond-development")
@words(
    title="A cluster has backups.",
    rationale="Replicas protect from failures, not from a wrong command.",
    remedy="Set backupEnabled: true; in a stack file, remove backup.enabled: false.",
    source="https://www.mongodb.com/docs/atlas/backup/cloud-backup/overview/",
)
def backup(cluster: Resource, settings: Settings) -> Iterator[str]:
    """Flex and serverless clusters have backups of Atlas's own choice."""
    if cluster.type in ATLAS_CLUSTERS and not shared(cluster) and backed_up(cluster) is False:
        yield f"{backup_switch(cluster)} is not on: there is nothing to restore from."


@resource_policy("atlas-continuous-backup", *ATLAS_CLUSTERS, severity="high", enforcement="production")
@words(
    title="Any second of the recent past can be restored.",
    rationale="Without it, everything since the last snapshot is lost.",
    remedy="Set pitEnabled: true, with hourly snapshots in the schedule; in a stack file, remove backup.continuous: false.",
    source="https://www.mongodb.com/docs/atlas/recover-pit-continuous-cloud-backup/",
)
def continuous_backup(cluster: Resource, settings: Settings) -> Iterator[str]:
    """Where there are no backups at all, `atlas-backup` says so."""
    if not shared(cluster) and backed_up(cluster) is not False and cluster.flag("pitEnabled", default=False) is False:
        yield "pitEnabled is not on: everything since the last snapshot is lost."


@resource_policy("atlas-retain-backups", *ATLAS_CLUSTERS, severity="high", enforcement="production")
@words(
    title="A cluster's backups outlive it.",
    rationale="Otherwise deleting the cluster deletes what it could be restored from.",
    remedy="Set retainBackupsEnabled: true; in a stack file, remove retainBackups: false.",
    source="https://www.mongodb.com/docs/atlas/backup/cloud-backup/overview/",
)
def retain_backups(cluster: Resource, settings: Settings) -> Iterator[str]:
    if not shared(cluster) and cluster.flag("retainBackupsEnabled", default=False) is False:
        yield "retainBackupsEnabled is not on: the backups go with the cluster."


def schedules_of(stack: Stack, cluster: Resource) -> list[Resource]:
    return [one for one in stack.of(ATLAS_BACKUP_SCHEDULE) if stack.points_at(one, "clusterName", cluster, "name")]


@stack_policy("atlas-backup-schedule", severity="high", enforcement="production")
@words(
    title="A cluster with backups has a schedule that fits it.",
    rationale="Atlas's default schedule is nobody's decision; continuous backup without hourly snapshots is dropped.",
    remedy="Make a CloudBackupSchedule for the cluster (AtlasBackupSchedule).",
    source="https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/",
)
def schedule_of_cluster(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for cluster in stack.of(*ATLAS_CLUSTERS):
        if shared(cluster):
            continue
        schedules = schedules_of(stack, cluster)
        if not schedules and backed_up(cluster) is not False:
            yield cluster, "It has no backup schedule of its own: Atlas's default one is nobody's decision."
        for schedule in schedules:
            if backed_up(cluster) is False:
                yield schedule, f"The backups of {cluster.name} are off: the schedule takes nothing."
            continuous = cluster.flag("pitEnabled", default=False)
            if continuous and not schedule.given(ITEMS["hourly"]):
                yield schedule, f"{cluster.name} has continuous backup, which needs hourly snapshots: there are none."
            if continuous and not schedule.given("restoreWindowDays"):
                yield schedule, "restoreWindowDays is absent: nobody decided how far back any second can be restored."


def days_kept(item: View) -> float | None:
    unit, value = item.known("retentionUnit"), item.number("retentionValue")
    return value * DAYS[unit] if value is not None and unit in DAYS else None


def kept(schedule: Resource, frequency: str) -> float | None:
    """The longest that a kind of snapshot is kept; `None` where there is none or it is not known."""
    found = [days for item in schedule.views(ITEMS[frequency]) if (days := days_kept(item)) is not None]
    return max(found, default=None)


@resource_policy("atlas-backup-ladder", ATLAS_BACKUP_SCHEDULE, severity="medium", enforcement="always")
@words(
    title="Rarer snapshots are kept at least as long as frequent ones.",
    rationale="Atlas refuses a schedule whose weekly snapshots end before its daily ones.",
    remedy="Raise the retention of the rarer item.",
    source="https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/",
)
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


@resource_policy("atlas-restore-window", ATLAS_BACKUP_SCHEDULE, severity="high", enforcement="beyond-development")
@setting("minimumDays", "Days of which any second can be restored.", 1)
@words(
    title="The restore window is backed by hourly snapshots.",
    rationale="Atlas replays the oplog from the nearest snapshot; without one it drops the schedule.",
    remedy="Keep hourly snapshots at least as long as restoreWindowDays.",
    source="https://www.mongodb.com/docs/atlas/recover-pit-continuous-cloud-backup/",
)
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


@resource_policy("atlas-backup-retention", ATLAS_BACKUP_SCHEDULE, severity="medium", enforcement="production")
@setting(
    "dailyDays", "Days that daily snapshots are kept; 0 for none.", {"development": 1, "staging": 7, "production": 7}
)
@setting(
    "weeklyDays",
    "Days that weekly snapshots are kept; 0 for none.",
    {"development": 0, "staging": 28, "production": 28},
)
@setting(
    "monthlyDays",
    "Days that monthly snapshots are kept; 0 for none.",
    {"development": 0, "staging": 0, "production": 372},
)
@words(
    title="Snapshots are kept as long as the guide asks.",
    rationale="A mistake is noticed days, weeks or months later. The guide keeps 7 days, 4 weeks and 12 months.",
    remedy="Raise the retention, or change the minimum in the policy's configuration.",
    source="https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/",
)
def retention(schedule: Resource, settings: Settings) -> Iterator[str]:
    for frequency in ("daily", "weekly", "monthly"):
        minimum = settings.number(f"{frequency}Days", schedule)
        if not minimum or schedule.raw(ITEMS[frequency]) is UNKNOWN:
            continue
        if not schedule.given(ITEMS[frequency]):
            yield f"There are no {frequency} snapshots."
        elif (days := kept(schedule, frequency)) is not None and days < minimum:
            yield f"{frequency} snapshots are kept for {days:g} days: at least {minimum:g} here."
