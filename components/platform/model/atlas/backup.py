"""When snapshots are taken and how long they are kept."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from ....atlas import backup_schedule as schedule
from ....atlas import tables
from ....atlas.weekdays import WEEKDAYS
from ..base import Section, broken, for_editors

DayOfWeek = Annotated[str, for_editors(enum=list(WEEKDAYS))]


def _kept(kind: str) -> Any:
    return for_editors(minimum=1, maximum=schedule.RETENTION[kind].longest)


def _day_of_month(value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value == "last" or (whole and value != schedule.LAST_DAY_OF_MONTH):
        return value
    raise broken(*schedule.DAY_OF_MONTH)


class HourlySnapshots(Section):
    """Continuous backup needs them: it replays the oplog from the nearest snapshot."""

    every: Annotated[int, for_editors(enum=list(tables.hourly_intervals()))] | None = None
    """Hours between snapshots; 12 is the only choice for NVMe sizes. Default 6."""
    keep_days: Annotated[int, _kept("hourly")] | None = None
    """Days that each is kept. Default 2."""


class DailySnapshots(Section):
    """One a day, at the schedule's hour."""

    keep_days: Annotated[int, _kept("daily")] | None = None
    """Days that each is kept. Default 7."""


class WeeklySnapshots(Section):
    """One a week."""

    day: DayOfWeek | None = None
    """The day of the week, in UTC. Default: sunday."""
    keep_weeks: Annotated[int, _kept("weekly")] | None = None
    """Weeks that each is kept. Default 4."""


class MonthlySnapshots(Section):
    """One a month."""

    day: Annotated[int | Literal["last"] | None, BeforeValidator(_day_of_month)] = None
    """The day of the month, 1 to 28, or `last`. Default 1."""
    keep_months: Annotated[int, _kept("monthly")] | None = None
    """Months that each is kept. Default 12."""


class YearlySnapshots(Section):
    """One a year, on the first day of a month."""

    month: Annotated[int, for_editors(minimum=1, maximum=12)] | None = None
    """The month, 1 to 12. Default 1."""
    keep_years: Annotated[int, _kept("yearly")] | None = None
    """Years that each is kept. Default 1."""


class BackupCopy(Section):
    """A region that holds copies of the snapshots, for the day on which the cluster's own is lost."""

    region: str
    """The AWS region: ap-northeast-1."""
    kinds: tuple[Annotated[str, for_editors(enum=list(schedule.RETENTION))], ...] | None = None
    """Kinds of snapshots that are copied: hourly, daily, weekly, monthly, yearly. Default: all that are taken."""
    oplogs: bool | None = None
    """Whether any second of the restore window can be restored from there, too. Default: where `continuous` is on."""


class Backup(Section):
    """Cloud backups. `{}` is the guide's schedule: any second of the last day, 7 days, 4 weeks, 12 months."""

    enabled: bool = True
    """Whether there are backups at all."""
    continuous: bool = schedule.DEFAULT_CONTINUOUS
    """Whether any second of the restore window can be restored, not only snapshots."""
    restore_window_days: Annotated[int, for_editors(minimum=1, maximum=schedule.LONGEST_RESTORE_WINDOW_DAYS)] | None = (
        None
    )
    """How many days back any second can be restored. Default 1."""
    hour: Annotated[int, for_editors(minimum=0, maximum=23)] | None = None
    """The hour of daily, weekly, monthly and yearly snapshots, in UTC. Default 3."""
    minute: Annotated[int, for_editors(minimum=0, maximum=59)] | None = None
    """The minute of that hour. Default 0."""
    hourly: HourlySnapshots | None = HourlySnapshots()
    """Snapshots every few hours; `null` for none, which ends continuous backup too."""
    daily: DailySnapshots | None = DailySnapshots()
    """Daily snapshots; `null` for none."""
    weekly: WeeklySnapshots | None = WeeklySnapshots()
    """Weekly snapshots; `null` for none."""
    monthly: MonthlySnapshots | None = MonthlySnapshots()
    """Monthly snapshots; `null` for none."""
    yearly: YearlySnapshots | None = None
    """Yearly snapshots. Default: none."""
    copies: tuple[BackupCopy, ...] = ()
    """Other regions that hold copies, each paid for there. Default: none."""
    retain_backups: bool | None = None
    """Whether snapshots stay when the cluster is deleted; they are paid for until they expire. Default: yes."""
