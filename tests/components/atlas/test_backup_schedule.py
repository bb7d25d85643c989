"""The schedule: complete, tied to its cluster, and said in words."""

from __future__ import annotations

from typing import Any

import pytest

from components.atlas.backup_schedule import described
from dolmen.engine.plan import Resource
from tests.components.atlas.programs import PROJECT, only, outputs, plan_of

GUIDE: Any = {
    "restore_window_days": 1,
    "hourly_interval": 6,
    "hourly_retention_days": 2,
    "daily_retention_days": 7,
    "weekly_retention_weeks": 4,
    "monthly_retention_months": 12,
}


def schedule(**settings: Any) -> Resource:
    def program() -> None:
        from components.atlas.backup_schedule import AtlasBackupSchedule

        AtlasBackupSchedule("chat", {"project_id": PROJECT, "cluster_name": "chat", **settings})

    plan = plan_of(program)
    assert outputs(plan, "chat")["description"]
    return only(plan, "CloudBackupSchedule")


def item(interval: int, unit: str, value: int) -> dict[str, int | str]:
    return {"frequencyInterval": interval, "retentionUnit": unit, "retentionValue": value}


def test_the_guide_s_schedule() -> None:
    inputs = schedule(**GUIDE).inputs
    assert inputs["policyItemHourly"] == item(6, "days", 2), "without an hourly item Atlas refuses continuous backup"
    assert inputs["policyItemDaily"] == item(1, "days", 7)
    assert inputs["policyItemWeeklies"] == [item(7, "weeks", 4)], "7 is Sunday in a backup schedule"
    assert inputs["policyItemMonthlies"] == [item(1, "months", 12)]
    assert "policyItemYearlies" not in inputs
    assert (inputs["referenceHourOfDay"], inputs["referenceMinuteOfHour"]) == (3, 0)
    assert inputs["restoreWindowDays"] == 1


def test_another_cluster_gets_another_schedule() -> None:
    assert "clusterName" in schedule(**GUIDE).options.replace_on_changes, (
        "the provider would write the new cluster's schedule to the old cluster"
    )


def test_what_is_not_named_is_not_taken() -> None:
    inputs = schedule(daily_retention_days=3).inputs
    assert not {"policyItemHourly", "policyItemWeeklies", "policyItemMonthlies", "restoreWindowDays"} & inputs.keys()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            GUIDE,
            "any second of the last 24 h · every 6 h 2 d · daily 03:00 UTC 7 d · weekly Sunday 4 w · monthly 1st 12 m",
        ),
        (
            {"restore_window_days": 3, "hourly_interval": 1, "hourly_retention_days": 5},
            "any second of the last 3 d · every 1 h 5 d",
        ),
        ({"daily_retention_days": 7, "hour_of_day": 18, "minute_of_hour": 5}, "daily 18:05 UTC 7 d"),
        ({"weekly_day": 1, "weekly_retention_weeks": 2}, "weekly Monday 2 w"),
        ({"monthly_day": 40, "monthly_retention_months": 6}, "monthly last day 6 m"),
        ({"monthly_day": 22, "monthly_retention_months": 6}, "monthly 22nd 6 m"),
        ({"monthly_day": 11, "monthly_retention_months": 6}, "monthly 11th 6 m"),
        ({"yearly_month": 12, "yearly_retention_years": 5}, "yearly in December 5 y"),
        ({}, "no snapshots"),
    ],
)
def test_the_schedule_is_said_in_words(settings: Any, words: str) -> None:
    assert described(settings) == words
