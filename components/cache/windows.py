"""ElastiCache's windows: the weekly one for maintenance, the daily one for snapshots. All in UTC.

Format and least length (60 minutes): https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..arguments import Problem

DAY = 24 * 60
WEEK = 7 * DAY
SHORTEST = 60
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_MAINTENANCE = re.compile(rf"({'|'.join(_DAYS)}):{_TIME}-({'|'.join(_DAYS)}):{_TIME}")
_SNAPSHOT = re.compile(rf"{_TIME}-{_TIME}")


@dataclass(frozen=True, slots=True)
class Window:
    start: int
    """Minutes since Monday 00:00 (weekly) or midnight (daily)."""
    length: int
    """Minutes; a window may run past the end of the week or the day."""


def maintenance_window(text: str) -> Window | None:
    """`sun:18:00-sun:19:00`; `None` when the text is not such a window."""
    match = _MAINTENANCE.fullmatch(text)
    if match is None:
        return None
    first, h1, m1, last, h2, m2 = match.groups()
    start = _DAYS.index(first) * DAY + int(h1) * 60 + int(m1)
    end = _DAYS.index(last) * DAY + int(h2) * 60 + int(m2)
    return Window(start, (end - start) % WEEK)


def snapshot_window(text: str) -> Window | None:
    """`19:00-20:00`; `None` when the text is not such a window."""
    match = _SNAPSHOT.fullmatch(text)
    if match is None:
        return None
    h1, m1, h2, m2 = match.groups()
    start = int(h1) * 60 + int(m1)
    return Window(start, (int(h2) * 60 + int(m2) - start) % DAY)


def overlap(maintenance: Window, snapshot: Window) -> bool:
    """Whether the daily window meets the weekly one on any day; both may run past the end of the week."""
    starts = (snapshot.start + day * DAY for day in range(7))
    return any(
        (start - maintenance.start) % WEEK < maintenance.length or (maintenance.start - start) % WEEK < snapshot.length
        for start in starts
    )


def window_problems(maintenance: str | None, snapshot: str | None, retention_days: int | None) -> Iterator[Problem]:
    """The snapshot window counts only where snapshots are kept (`retention_days` above 0)."""
    weekly = maintenance_window(maintenance or "")
    daily = snapshot_window(snapshot or "")
    for argument, text, window, example in (
        ("maintenance_window", maintenance, weekly, "sun:18:00-sun:19:00"),
        ("snapshot_window", snapshot, daily, "19:00-20:00"),
    ):
        if text is not None and window is None:
            yield Problem((argument,), "A window is two times in UTC, in lower case.", f"Write it as in {example}.")
        elif window and window.length < SHORTEST:
            yield Problem((argument,), f"A window lasts at least {SHORTEST} minutes.", "Make it longer.")
    if weekly and daily and retention_days and overlap(weekly, daily):
        yield Problem(
            ("snapshot_window",),
            f"Snapshot and maintenance windows cannot overlap, and this one meets {maintenance}.",
            "Move one of the two.",
        )
