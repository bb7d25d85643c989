"""When snapshots are taken and how long they are kept."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import Problem, between, check, given_or, known, plain_list
from ..outputs import register
from . import tables
from .backup_copies import AtlasBackupCopy, CopySetting, copy_problems, copy_settings
from .weekdays import WEEKDAYS, weekday_problems

DEFAULT_HOUR, DEFAULT_MINUTE = 3, 0
DEFAULT_CONTINUOUS = True
DEFAULT_RESTORE_WINDOW_DAYS = 1
DEFAULT_EVERY = 6
DEFAULT_DAY = "sunday"
DEFAULT_DAY_OF_MONTH = DEFAULT_MONTH = 1
LONGEST_RESTORE_WINDOW_DAYS = 365
LAST_DAY_OF_MONTH = 40
"""Atlas's number for the last day of a month."""
DAY_OF_MONTH = (
    "A monthly snapshot is taken on a day from 1 to 28, or on the last one: not every month has more.",
    "Write a day from 1 to 28, or last.",
)
"""Rule and remedy."""


class _Retention(NamedTuple):
    argument: str
    """How many units a kind of snapshot is kept, among its arguments."""
    default: int
    longest: int
    unit: str
    days: int
    """Of the unit: Atlas takes a month for 31 days at least, and a year for twelve months."""


RETENTION: Mapping[str, _Retention] = {
    "hourly": _Retention("keep_days", 2, 1000, "days", 1),
    "daily": _Retention("keep_days", 7, 1000, "days", 1),
    "weekly": _Retention("keep_weeks", 4, 520, "weeks", 7),
    "monthly": _Retention("keep_months", 12, 120, "months", 31),
    "yearly": _Retention("keep_years", 1, 30, "years", 372),
}
"""Kinds of snapshots, the most frequent first."""


class AtlasHourlySnapshots(TypedDict):
    every: NotRequired[int | None]
    """Hours between snapshots: 1, 2, 4, 6, 8 or 12, which is the only choice for NVMe sizes. Default 6."""
    keep_days: NotRequired[int | None]
    """Days that each is kept. Default 2."""


class AtlasDailySnapshots(TypedDict):
    keep_days: NotRequired[int | None]
    """Days that each is kept. Default 7."""


class AtlasWeeklySnapshots(TypedDict):
    day: NotRequired[str | None]
    """The day of the week, in UTC. Default `sunday`."""
    keep_weeks: NotRequired[int | None]
    """Weeks that each is kept. Default 4."""


class AtlasMonthlySnapshots(TypedDict):
    day: NotRequired[int | None]
    """The day of the month, 1 to 28, or 40 for the last one. Default 1."""
    keep_months: NotRequired[int | None]
    """Months that each is kept. Default 12."""


class AtlasYearlySnapshots(TypedDict):
    month: NotRequired[int | None]
    """The month whose first day has the snapshot, 1 to 12. Default 1."""
    keep_years: NotRequired[int | None]
    """Years that each is kept. Default 1."""


class AtlasBackupScheduleArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    cluster_name: pulumi.Input[str]
    """The cluster's name, as an output of the cluster, whose backups must be on."""
    instance_size: NotRequired[pulumi.Input[str] | None]
    """The cluster's size, by which Atlas allows intervals. Default: not checked."""
    hour: NotRequired[int | None]
    """The hour of daily and rarer snapshots, in UTC. Default 3."""
    minute: NotRequired[int | None]
    """The minute of that hour. Default 0."""
    continuous: NotRequired[bool | None]
    """Whether any second of the restore window can be restored, which needs hourly snapshots. Default: yes."""
    restore_window_days: NotRequired[int | None]
    """How many days back any second can be restored, at most the days that hourly snapshots are kept. Default 1."""
    hourly: NotRequired[AtlasHourlySnapshots | None]
    """Snapshots every few hours. Default: none are taken."""
    daily: NotRequired[AtlasDailySnapshots | None]
    """Daily snapshots. Default: none are taken."""
    weekly: NotRequired[AtlasWeeklySnapshots | None]
    """Weekly snapshots. Default: none are taken."""
    monthly: NotRequired[AtlasMonthlySnapshots | None]
    """Monthly snapshots. Default: none are taken."""
    yearly: NotRequired[AtlasYearlySnapshots | None]
    """Yearly snapshots. Default: none are taken."""
    copies: NotRequired[Sequence[pulumi.Input[AtlasBackupCopy]] | None]
    """Other regions that hold copies; needs `zone_id`. Default: none."""
    zone_id: NotRequired[pulumi.Input[str] | None]
    """The cluster's zone, as an output of the cluster. Only copies need it."""
    cluster_regions: NotRequired[Sequence[str] | None]
    """AWS regions of the cluster itself, in which a copy protects against nothing. Default: not checked."""


class AtlasBackupSchedule(pulumi.ComponentResource):
    """The cluster's snapshot schedule. It owns the whole schedule: what it does not name is not taken."""

    description: pulumi.Output[str]
    """The schedule in words, for a plan to show."""

    def __init__(self, name: str, args: AtlasBackupScheduleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasBackupScheduleArgs, problems(args))
        super().__init__("dolmen:index:AtlasBackupSchedule", name, {}, opts)
        hourly, daily, weekly = args.get("hourly"), args.get("daily"), args.get("weekly")
        monthly, yearly = args.get("monthly"), args.get("yearly")
        mongodbatlas.CloudBackupSchedule(
            name,
            project_id=args["project_id"],
            cluster_name=args["cluster_name"],
            reference_hour_of_day=given_or(args.get("hour"), DEFAULT_HOUR),
            reference_minute_of_hour=given_or(args.get("minute"), DEFAULT_MINUTE),
            restore_window_days=_restore_window_days(args),
            policy_item_hourly=None if hourly is None else _item("hourly", hourly, _every(hourly)),
            policy_item_daily=None if daily is None else _item("daily", daily, 1),
            policy_item_weeklies=None if weekly is None else [_item("weekly", weekly, _weekday(weekly))],
            policy_item_monthlies=None if monthly is None else [_item("monthly", monthly, _day_of_month(monthly))],
            policy_item_yearlies=None if yearly is None else [_item("yearly", yearly, _month(yearly))],
            copy_settings=_copies(args),
            update_snapshots=False,
            use_org_and_group_names_in_export_prefix=False,
            auto_export_enabled=False,
            # The provider's update writes to the cluster that the schedule was made for: another cluster needs another
            # schedule.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["clusterName"]),
        )
        self.description = pulumi.Output.from_input(described(args))
        register(self)


def _taken(args: AtlasBackupScheduleArgs) -> list[str]:
    """The kinds of snapshots that are taken, the most frequent first."""
    return [kind for kind in RETENTION if args.get(kind) is not None]


def _copies(args: AtlasBackupScheduleArgs) -> list[CopySetting] | None:
    copies, zone = plain_list("copies", args.get("copies")), args.get("zone_id")
    if not copies or zone is None:
        return None
    return copy_settings(
        copies, zone_id=zone, taken=_taken(args), continuous=given_or(args.get("continuous"), DEFAULT_CONTINUOUS)
    )


def _restore_window_days(args: AtlasBackupScheduleArgs) -> int | None:
    continuous = given_or(args.get("continuous"), DEFAULT_CONTINUOUS)
    return int(given_or(args.get("restore_window_days"), DEFAULT_RESTORE_WINDOW_DAYS)) if continuous else None


def _every(hourly: AtlasHourlySnapshots) -> int:
    return int(given_or(hourly.get("every"), DEFAULT_EVERY))


def _weekday(weekly: AtlasWeeklySnapshots) -> int:
    """Atlas: 1 is Monday, 7 is Sunday."""
    return WEEKDAYS.index(given_or(weekly.get("day"), DEFAULT_DAY).lower()) or 7


def _day_of_month(monthly: AtlasMonthlySnapshots) -> int:
    return int(given_or(monthly.get("day"), DEFAULT_DAY_OF_MONTH))


def _month(yearly: AtlasYearlySnapshots) -> int:
    return int(given_or(yearly.get("month"), DEFAULT_MONTH))


def _kept(kind: str, asked: Mapping[str, object]) -> int | None:
    """Units that snapshots of a kind are kept; `None` where that is unknown."""
    value = given_or(asked.get(RETENTION[kind].argument), RETENTION[kind].default)
    return int(value) if isinstance(value, int | float) else None


def _item(
    kind: str, asked: Mapping[str, object], interval: int
) -> mongodbatlas.CloudBackupSchedulePolicyItemHourlyArgsDict:
    """A policy item; those of all kinds have the same shape."""
    return {
        "frequency_interval": interval,
        "retention_unit": RETENTION[kind].unit,
        "retention_value": _kept(kind, asked) or RETENTION[kind].default,
    }


def described(args: AtlasBackupScheduleArgs) -> str:
    """`any second of the last 24 h · every 6 h 2 d · daily 03:00 UTC 7 d · weekly Sunday 4 w · monthly 1st 12 m`"""
    parts: list[str] = []
    if (window := _restore_window_days(args)) is not None:
        parts.append(f"any second of the last {'24 h' if window == 1 else f'{window} d'}")
    if (hourly := args.get("hourly")) is not None:
        parts.append(f"every {_every(hourly)} h {_kept('hourly', hourly)} d")
    if (daily := args.get("daily")) is not None:
        hour, minute = int(given_or(args.get("hour"), DEFAULT_HOUR)), int(given_or(args.get("minute"), DEFAULT_MINUTE))
        parts.append(f"daily {hour:02}:{minute:02} UTC {_kept('daily', daily)} d")
    if (weekly := args.get("weekly")) is not None:
        parts.append(f"weekly {given_or(weekly.get('day'), DEFAULT_DAY).capitalize()} {_kept('weekly', weekly)} w")
    if (monthly := args.get("monthly")) is not None:
        parts.append(f"monthly {_ordinal(_day_of_month(monthly))} {_kept('monthly', monthly)} m")
    if (yearly := args.get("yearly")) is not None:
        parts.append(f"yearly in {calendar.month_name[_month(yearly)]} {_kept('yearly', yearly)} y")
    parts += (f"copied to {copy['region']}" for copy in plain_list("copies", args.get("copies")))
    return " · ".join(parts) or "no snapshots"


def _ordinal(day: int) -> str:
    if day == LAST_DAY_OF_MONTH:
        return "last day"
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
    return f"{day}{suffix}"


def problems(args: AtlasBackupScheduleArgs) -> Iterator[Problem]:
    """What Atlas would refuse of a schedule.

    https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/"""
    yield from between(("hour",), known(args.get("hour")), 0, 23)
    yield from between(("minute",), known(args.get("minute")), 0, 59)
    hourly: AtlasHourlySnapshots = known(args.get("hourly")) or {}
    yield from _interval_problems(
        known(hourly.get("every")), args.get("hourly") is not None, known(args.get("instance_size"))
    )
    weekly: AtlasWeeklySnapshots = known(args.get("weekly")) or {}
    yield from weekday_problems(("weekly", "day"), known(weekly.get("day")))
    monthly: AtlasMonthlySnapshots = known(args.get("monthly")) or {}
    day = known(monthly.get("day"))
    if day is not None and not 1 <= day <= 28 and day != LAST_DAY_OF_MONTH:
        yield Problem(("monthly", "day"), *DAY_OF_MONTH)
    yearly: AtlasYearlySnapshots = known(args.get("yearly")) or {}
    yield from between(("yearly", "month"), known(yearly.get("month")), 1, 12)
    yield from _window_problems(args)
    yield from _retention_problems(args)
    yield from copy_problems(
        args.get("copies"),
        zone_id=args.get("zone_id"),
        cluster_regions=known(args.get("cluster_regions")) or (),
        taken=_taken(args) or list(RETENTION),
        continuous=known(given_or(args.get("continuous"), DEFAULT_CONTINUOUS)),
    )


def _interval_problems(every: int | None, hourly: bool, instance_size: str | None) -> Iterator[Problem]:
    place, size = ("hourly", "every"), tables.instance_sizes().get(instance_size or "")
    intervals = tables.hourly_intervals()
    if every is not None and every not in intervals:
        allowed = f"{', '.join(map(str, intervals[:-1]))} or {intervals[-1]}"
        yield Problem(place, f"Atlas takes hourly snapshots every {allowed} hours.", f"Write {DEFAULT_EVERY}.")
    elif hourly and size is not None and (every or DEFAULT_EVERY) not in size.hourly_intervals:
        allowed = " or ".join(map(str, size.hourly_intervals))
        yield Problem(
            place,
            f"Atlas takes hourly snapshots of {size.name} every {allowed} hours.",
            f"Write every: {allowed}, or choose a size without NVMe.",
        )


def _window_problems(args: AtlasBackupScheduleArgs) -> Iterator[Problem]:
    place, window = (
        ("restore_window_days",),
        known(given_or(args.get("restore_window_days"), DEFAULT_RESTORE_WINDOW_DAYS)),
    )
    wrong = list(between(place, window, 1, LONGEST_RESTORE_WINDOW_DAYS))
    yield from wrong
    if known(given_or(args.get("continuous"), DEFAULT_CONTINUOUS)) is not True:
        return
    hourly = args.get("hourly")
    if hourly is None:
        yield Problem(
            ("hourly",),
            "Continuous backup needs an hourly item; without one Atlas refuses it.",
            "Write hourly: {}, or continuous: false.",
        )
    elif window is not None and not wrong and (hourly := known(hourly)) is not None:
        days = _kept("hourly", hourly)
        if days is not None and window > days:
            yield Problem(
                place,
                f"The restore window reaches no further back than hourly snapshots are kept ({days} days).",
                f"Write restoreWindowDays: {days}, or hourly: {{keepDays: {window}}}.",
            )


def _retention_problems(args: AtlasBackupScheduleArgs) -> Iterator[Problem]:
    asked_for = {kind: known(args.get(kind)) for kind in RETENTION if args.get(kind) is not None}
    if not asked_for:
        yield Problem((), "A schedule has at least one kind of snapshot.", "Write daily: {}, or turn backups off.")
    days: dict[str, int] = {}
    for kind, asked in asked_for.items():
        kept = _kept(kind, asked) if isinstance(asked, Mapping) else None
        wrong = list(between((kind, RETENTION[kind].argument), kept, 1, RETENTION[kind].longest))
        yield from wrong
        if kept is not None and not wrong:
            days[kind] = kept * RETENTION[kind].days
    for often, kind in pairwise(days):
        if days[kind] < days[often]:
            label = f"keep{RETENTION[kind].unit.capitalize()}"
            yield Problem(
                (kind, RETENTION[kind].argument),
                f"A rarer snapshot is kept at least as long as a more frequent one: {kind} here {days[kind]} days, "
                f"{often} {days[often]}.",
                f"Raise {kind}.{label}, or lower what {often} keeps.",
            )
