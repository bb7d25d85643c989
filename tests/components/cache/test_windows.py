"""Windows: minutes of a week and of a day, counted one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cache.windows import (
    DAY,
    WEEK,
    Window,
    maintenance_window,
    overlap,
    snapshot_window,
    window_problems,
)

weekly = st.builds(Window, st.integers(0, WEEK - 1), st.integers(60, 26 * 60))
daily = st.builds(Window, st.integers(0, DAY - 1), st.integers(60, DAY - 1))


def minutes(start: int, length: int) -> set[int]:
    return {minute % WEEK for minute in range(start, start + length)}


@given(weekly, daily)
def test_windows_overlap_exactly_when_they_share_a_minute(maintenance: Window, snapshot: Window) -> None:
    taken = minutes(maintenance.start, maintenance.length)
    shared = any(taken & minutes(snapshot.start + day * DAY, snapshot.length) for day in range(7))
    assert overlap(maintenance, snapshot) == shared


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("mon:00:00-mon:01:00", 0, 60),
        ("sun:23:00-mon:00:30", 6 * DAY + 23 * 60, 90),
        ("sat:22:00-sun:02:00", 5 * DAY + 22 * 60, 240),
    ],
)
def test_a_weekly_window_may_run_past_midnight_and_past_sunday(text: str, start: int, length: int) -> None:
    assert maintenance_window(text) == Window(start, length)


@pytest.mark.parametrize(
    "text", ["", "sun:5:00-sun:6:00", "SUN:05:00-SUN:06:00", "sun:24:00-mon:01:00", "05:00-06:00", "sun:05:00"]
)
def test_what_aws_would_not_read_is_no_window(text: str) -> None:
    assert maintenance_window(text) is None


def test_a_daily_window_may_run_past_midnight() -> None:
    assert snapshot_window("23:30-00:30") == Window(23 * 60 + 30, 60)
    assert snapshot_window("7:00-8:00") is None


@given(st.text(max_size=25), st.text(max_size=15), st.integers(-5, 50))
def test_any_text_is_a_window_or_a_problem(maintenance: str, snapshot: str, days: int) -> None:
    named = {problem.argument for problem in window_problems(maintenance, snapshot, days)}
    assert (maintenance_window(maintenance) is None) <= (("maintenance_window",) in named)
    assert (snapshot_window(snapshot) is None) <= (("snapshot_window",) in named)


def test_without_snapshots_their_window_is_in_nobodys_way() -> None:
    assert not list(window_problems("sun:19:00-sun:20:00", "19:00-20:00", 0))
