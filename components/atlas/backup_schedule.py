"""When snapshots are taken and how long they are kept."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

LAST_DAY_OF_MONTH = 40
"""Atlas's number for the last day of a month."""


class AtlasBackupScheduleArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    cluster_name: pulumi.Input[str]
    """The cluster's name, as an output of the cluster, whose backups must be on."""
    hour_of_day: NotRequired[int]
    """The hour of daily and rarer snapshots, in UTC. Default 3."""
    minute_of_hour: NotRequired[int]
    """The minute of that hour. Default 0."""
    restore_window_days: NotRequired[int]
    """How many days back any second can be restored, at most the days that hourly snapshots are kept. Default: no
    continuous backup."""
    hourly_interval: NotRequired[int]
    """Hours between snapshots: 1, 2, 4, 6, 8 or 12. Continuous backup needs it. Default: none."""
    hourly_retention_days: NotRequired[int]
    """Days that hourly snapshots are kept. Default 2."""
    daily_retention_days: NotRequired[int]
    """Days that daily snapshots are kept. Default: none are taken."""
    weekly_day: NotRequired[int]
    """1 is Monday, 7 is Sunday (maintenance windows count from Sunday). Default 7."""
    weekly_retention_weeks: NotRequired[int]
    """Weeks that weekly snapshots are kept. Default: none are taken."""
    monthly_day: NotRequired[int]
    """1 to 28, or 40 for the last day of the month. Default 1."""
    monthly_retention_months: NotRequired[int]
    """Months that monthly snapshots are kept. Default: none are taken."""
    yearly_month: NotRequired[int]
    """The month whose first day has the yearly snapshot. Default 1."""
    yearly_retention_years: NotRequired[int]
    """Years that yearly snapshots are kept. Default: none are taken."""


class AtlasBackupSchedule(pulumi.ComponentResource):
    """The cluster's snapshot schedule. It owns the whole schedule: what it does not name is not taken."""

    description: pulumi.Output[str]
    """The schedule in words, for a plan to show."""

    def __init__(self, name: str, args: AtlasBackupScheduleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasBackupSchedule", name, {}, opts)
        items: dict[str, Any] = {}
        if "hourly_interval" in args:
            items["policy_item_hourly"] = _item(args["hourly_interval"], "days", args.get("hourly_retention_days", 2))
        if "daily_retention_days" in args:
            items["policy_item_daily"] = _item(1, "days", args["daily_retention_days"])
        if "weekly_retention_weeks" in args:
            items["policy_item_weeklies"] = [_item(args.get("weekly_day", 7), "weeks", args["weekly_retention_weeks"])]
        if "monthly_retention_months" in args:
            items["policy_item_monthlies"] = [
                _item(args.get("monthly_day", 1), "months", args["monthly_retention_months"])
            ]
        if "yearly_retention_years" in args:
            items["policy_item_yearlies"] = [
                _item(args.get("yearly_month", 1), "years", args["yearly_retention_years"])
            ]
        if "restore_window_days" in args:
            items["restore_window_days"] = args["restore_window_days"]
        mongodbatlas.CloudBackupSchedule(
            f"{name}-schedule",
            project_id=args["project_id"],
            cluster_name=args["cluster_name"],
            reference_hour_of_day=args.get("hour_of_day", 3),
            reference_minute_of_hour=args.get("minute_of_hour", 0),
            update_snapshots=False,
            use_org_and_group_names_in_export_prefix=False,
            auto_export_enabled=False,
            **items,
            # The provider's update writes to the cluster that the schedule was made for: another cluster needs another
            # schedule.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["clusterName"]),
        )
        self.description = pulumi.Output.from_input(described(args))
        self.register_outputs({"description": self.description})


def _item(interval: int, unit: str, value: int) -> Mapping[str, int | str]:
    return {"frequency_interval": interval, "retention_unit": unit, "retention_value": value}


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def described(args: AtlasBackupScheduleArgs) -> str:
    """`any second of the last 24 h · every 6 h 2 d · daily 03:00 UTC 7 d · weekly Sunday 4 w · monthly 1st 12 m`"""
    parts: list[str] = []
    if "restore_window_days" in args:
        days = args["restore_window_days"]
        parts.append(f"any second of the last {'24 h' if days == 1 else f'{days} d'}")
    if "hourly_interval" in args:
        parts.append(f"every {args['hourly_interval']} h {args.get('hourly_retention_days', 2)} d")
    at = f"{args.get('hour_of_day', 3):02}:{args.get('minute_of_hour', 0):02} UTC"
    if "daily_retention_days" in args:
        parts.append(f"daily {at} {args['daily_retention_days']} d")
    if "weekly_retention_weeks" in args:
        parts.append(f"weekly {_WEEKDAYS[args.get('weekly_day', 7) - 1]} {args['weekly_retention_weeks']} w")
    if "monthly_retention_months" in args:
        parts.append(f"monthly {_ordinal(args.get('monthly_day', 1))} {args['monthly_retention_months']} m")
    if "yearly_retention_years" in args:
        parts.append(f"yearly in {_MONTHS[args.get('yearly_month', 1) - 1]} {args['yearly_retention_years']} y")
    return " · ".join(parts) or "no snapshots"


def _ordinal(day: int) -> str:
    if day == LAST_DAY_OF_MONTH:
        return "last day"
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
    return f"{day}{suffix}"
