"""The Atlas section: arithmetic on addresses, ladders, relaxations."""

from __future__ import annotations

from ipaddress import IPv4Network

from hypothesis import given, settings
from hypothesis import strategies as st

from components.atlas import AtlasBackupScheduleArgs, addresses, backup_schedule


@settings(max_examples=200, deadline=None)
@given(
    st.tuples(*(st.integers(1, limit) for limit in (40, 60, 20, 30, 5))),
    st.integers(1, 40),
)
def test_a_schedule_that_passes_is_one_that_atlas_takes(kept: tuple[int, ...], window: int) -> None:
    hours, days, weeks, months, years = kept
    schedule: AtlasBackupScheduleArgs = {
        "project_id": "5f0000000000000000000002",
        "cluster_name": "chat",
        "restore_window_days": window,
        "hourly": {"keep_days": hours},
        "daily": {"keep_days": days},
        "weekly": {"keep_weeks": weeks},
        "monthly": {"keep_months": months},
        "yearly": {"keep_years": years},
    }
    ladder = [hours, days, weeks * 7, months * 31, years * 372]
    takes = ladder == sorted(ladder) and window <= hours
    assert (not list(backup_schedule.problems(schedule))) == takes, "Atlas would refuse it, or it would be refused here"


@given(st.integers(21, 24), st.integers(0, 2**21 - 1))
@settings(max_examples=200, deadline=None)
def test_an_overlap_with_any_range_of_the_vpc_is_found(prefix: int, start: int) -> None:
    atlas = IPv4Network((int(IPv4Network("10.0.0.0/8")[0]) + (start << 3), prefix), strict=False)
    vpc = [IPv4Network("10.20.0.0/16"), IPv4Network("10.64.0.0/10")]
    found = addresses.overlapping(atlas, vpc)
    expected = int(atlas[0]) <= int(vpc[0][-1]) and int(vpc[0][0]) <= int(atlas[-1])
    expected = expected or (int(atlas[0]) <= int(vpc[1][-1]) and int(vpc[1][0]) <= int(atlas[-1]))
    assert (found is not None) == expected, "AWS would refuse the peering half an hour into an `up`"


def test_a_remedy_names_a_range_that_is_free() -> None:
    taken = [IPv4Network("192.168.0.0/16"), IPv4Network("172.16.0.0/12")]
    free = addresses.free_range(21, taken)
    assert free == IPv4Network("10.255.248.0/21")
    assert addresses.free_range(21, list(addresses.PRIVATE)) is None
