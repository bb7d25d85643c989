"""When snapshots are taken and how long they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from dolmen.stackfile import Problem

from ..base import Section, broken
from .project import DayOfWeek

_DAYS_PER = {"days": 1, "weeks": 7, "months": 31, "years": 372}
"""Atlas takes a month for 31 days at least, and a year for twelve months."""
HOURLY_INTERVALS = (1, 2, 4, 6, 8, 12)


def _interval(value: int) -> int:
    if value not in HOURLY_INTERVALS:
        raise broken(
            f"Atlas takes hourly snapshots every {', '.join(map(str, HOURLY_INTERVALS[:-1]))} or 12 hours.", "Write 6."
        )
    return value


def _day_of_month(value: Any) -> Any:
    if value == "last" or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 28):
        return value
    raise broken(
        "A monthly snapshot is taken on a day from 1 to 28, or on the last one: not every month has more.",
        "Write a day from 1 to 28, or last.",
    )


class HourlySnapshots(Section):
    """Continuous backup needs them: it replays the oplog from the nearest snapshot."""

    every: Annotated[int, AfterValidator(_interval), Field(json_schema_extra={"enum": list(HOURLY_INTERVALS)})] = 6
    """Hours between snapshots; 12 is the only choice for NVMe sizes."""
    keep_days: Annotated[int, Field(ge=1, le=1000)] = 2
    """Days that each is kept."""

    @property
    def days(self) -> int:
        return self.keep_days


class DailySnapshots(Section):
    """One a day, at the schedule's hour."""

    keep_days: Annotated[int, Field(ge=1, le=1000)] = 7
    """Days that each is kept."""

    @property
    def days(self) -> int:
        return self.keep_days


class WeeklySnapshots(Section):
    """One a week."""

    day: DayOfWeek = "sunday"
    """The day of the week, in UTC."""
    keep_weeks: Annotated[int, Field(ge=1, le=520)] = 4
    """Weeks that each is kept."""

    @property
    def days(self) -> int:
        return self.keep_weeks * _DAYS_PER["weeks"]


class MonthlySnapshots(Section):
    """One a month."""

    day: Annotated[int | Literal["last"], BeforeValidator(_day_of_month)] = 1
    """The day of the month, 1 to 28, or `last`."""
    keep_months: Annotated[int, Field(ge=1, le=120)] = 12
    """Months that each is kept."""

    @property
    def days(self) -> int:
        return self.keep_months * _DAYS_PER["months"]


class YearlySnapshots(Section):
    """One a year, on the first day of a month."""

    month: Annotated[int, Field(ge=1, le=12)] = 1
    """The month, 1 to 12."""
    keep_years: Annotated[int, Field(ge=1, le=30)] = 1
    """Years that each is kept."""

    @property
    def days(self) -> int:
        return self.keep_years * _DAYS_PER["years"]


class Backup(Section):
    """Cloud backups. `{}` is the guide's schedule: any second of the last day, 7 days, 4 weeks, 12 months."""

    enabled: bool = True
    """Whether there are backups at all."""
    continuous: bool = True
    """Whether any second of the restore window can be restored, not only snapshots."""
    restore_window_days: Annotated[int, Field(ge=1, le=365)] = 1
    """How many days back any second can be restored."""
    hour: Annotated[int, Field(ge=0, le=23)] = 3
    """The hour of daily, weekly, monthly and yearly snapshots, in UTC."""
    minute: Annotated[int, Field(ge=0, le=59)] = 0
    """The minute of that hour."""
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

    def problems(self) -> Iterator[Problem]:
        if not self.enabled:
            return
        if self.continuous and self.hourly is None:
            yield Problem(
                ("hourly",),
                "Continuous backup needs an hourly item; without one Atlas refuses it.",
                "Write hourly: {}, or continuous: false.",
            )
        if self.continuous and self.hourly is not None and self.restore_window_days > self.hourly.keep_days:
            yield Problem(
                ("restoreWindowDays",),
                f"The restore window reaches no further back than hourly snapshots are kept ({self.hourly.keep_days} days).",
                f"Write restoreWindowDays: {self.hourly.keep_days}, or hourly: {{keepDays: {self.restore_window_days}}}.",
            )
        items = [
            (key, label, item.days)
            for key, label, item in (
                ("hourly", "keepDays", self.hourly),
                ("daily", "keepDays", self.daily),
                ("weekly", "keepWeeks", self.weekly),
                ("monthly", "keepMonths", self.monthly),
                ("yearly", "keepYears", self.yearly),
            )
            if item is not None
        ]
        if not items:
            yield Problem((), "A schedule has at least one kind of snapshot.", "Write daily: {}, or enabled: false.")
        for (often, _, kept), (key, label, days) in pairwise(items):
            if days < kept:
                yield Problem(
                    (key, label),
                    f"A rarer snapshot is kept at least as long as a more frequent one: {key} here {days} days, {often} {kept}.",
                    f"Raise {key}.{label}, or lower what {often} keeps.",
                )
