"""Maintenance and snapshots come at night where the platform is, unless somebody chose otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from components import nights
from components.atlas import tables
from components.cache.windows import maintenance_window, overlap, snapshot_window
from components.platform import atlas, cache
from tests.components.platform.files import load_values, values_of

REGIONS = sorted(nights.hours_ahead())
CLOCKS = {
    "us-east-1": "America/New_York",
    "us-west-2": "America/Los_Angeles",
    "sa-east-1": "America/Sao_Paulo",
    "eu-west-1": "Europe/Dublin",
    "eu-central-1": "Europe/Berlin",
    "me-central-1": "Asia/Dubai",
    "ap-south-1": "Asia/Kolkata",
    "ap-southeast-1": "Asia/Singapore",
    "ap-northeast-2": "Asia/Seoul",
    "ap-southeast-2": "Australia/Sydney",
    "ap-southeast-6": "Pacific/Auckland",
}
"""Some regions, by the clocks of their cities."""


def test_every_region_of_atlas_has_its_night() -> None:
    assert not set(tables.atlas_regions()) - set(REGIONS), "a platform there is patched at noon"


@pytest.mark.parametrize("region", REGIONS)
def test_the_windows_of_a_region_are_windows_and_do_not_meet(region: str) -> None:
    weekly = maintenance_window(nights.cache_maintenance(region) or "")
    daily = snapshot_window(nights.cache_snapshots(region) or "")
    assert weekly and daily and not overlap(weekly, daily), "ElastiCache would refuse the group"


@pytest.mark.parametrize(("region", "zone"), CLOCKS.items())
def test_it_is_night_there_summer_and_winter(region: str, zone: str) -> None:
    day, hour = nights.atlas_maintenance(region) or ("", 0)
    for week in (datetime(2026, 1, 4, tzinfo=UTC), datetime(2026, 7, 5, tzinfo=UTC)):  # Sundays
        days = (week + timedelta(days=number, hours=hour) for number in range(7))
        at = next(one for one in days if f"{one:%A}".lower() == day).astimezone(ZoneInfo(zone))
        assert at.strftime("%A") == "Monday" and 2 <= at.hour <= 4, f"nodes restart on {at:%A at %H:%M} of their users"


def test_a_stack_elsewhere_is_maintained_in_its_own_night() -> None:
    values = values_of("development") | {"aws:region": "us-east-1"}
    values["dolmen:network"].pop("subnetZones")
    stack = load_values(values)
    group = cache.cache_replication_group_args(
        cache.cache_part(stack) or pytest.fail("no cache"), user_group_id="users"
    )
    project = atlas.project_args(atlas.atlas_part(stack) or pytest.fail("no Atlas"))
    assert group.get("maintenance_window") == "mon:07:00-mon:08:00"
    assert group.get("snapshot_window") == "09:00-10:00"
    window = project.get("maintenance") or {}
    assert (window.get("day"), window.get("hour")) == ("monday", 8)


def test_what_is_chosen_counts() -> None:
    values = values_of("development") | {"aws:region": "us-east-1"}
    values["dolmen:network"].pop("subnetZones")
    values["dolmen:cache"]["maintenanceWindow"] = "tue:10:00-tue:11:30"
    stack = load_values(values)
    group = cache.cache_replication_group_args(
        cache.cache_part(stack) or pytest.fail("no cache"), user_group_id="users"
    )
    assert group.get("maintenance_window") == "tue:10:00-tue:11:30"
