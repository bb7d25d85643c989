"""The schedule: complete, tied to its cluster, and said in words."""

from __future__ import annotations

from typing import Any

import pytest

from components.atlas.backup_schedule import described
from dolmen.engine.plan import Resource
from tests.components.atlas.programs import PROJECT, only, outputs, plan_of

GUIDE: Any = {
    "hourly": {},
    "daily": {},
    "weekly": {},
    "monthly": {},
}


SNAPSHOTS_ONLY: Any = {"continuous": False}


def schedule(**settings: Any) -> Resource:
    def program() -> None:
        from components.atlas import AtlasBackupSchedule

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
    inputs = schedule(continuous=False, daily={"keep_days": 3}).inputs
    assert not {"policyItemHourly", "policyItemWeeklies", "policyItemMonthlies", "restoreWindowDays"} & inputs.keys()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            GUIDE,
            "any second of the last 24 h · every 6 h 2 d · daily 03:00 UTC 7 d · weekly Sunday 4 w · monthly 1st 12 m",
        ),
        (
            {"restore_window_days": 3, "hourly": {"every": 1, "keep_days": 5}},
            "any second of the last 3 d · every 1 h 5 d",
        ),
        ({**SNAPSHOTS_ONLY, "daily": {"keep_days": 7}, "hour": 18, "minute": 5}, "daily 18:05 UTC 7 d"),
        ({**SNAPSHOTS_ONLY, "weekly": {"day": "monday", "keep_weeks": 2}}, "weekly Monday 2 w"),
        ({**SNAPSHOTS_ONLY, "monthly": {"day": 40, "keep_months": 6}}, "monthly last day 6 m"),
        ({**SNAPSHOTS_ONLY, "monthly": {"day": 22, "keep_months": 6}}, "monthly 22nd 6 m"),
        ({**SNAPSHOTS_ONLY, "monthly": {"day": 11, "keep_months": 6}}, "monthly 11th 6 m"),
        ({**SNAPSHOTS_ONLY, "yearly": {"month": 12, "keep_years": 5}}, "yearly in December 5 y"),
        (SNAPSHOTS_ONLY, "no snapshots"),
        ({"hourly": {"every": 6.0, "keep_days": 2.0}}, "any second of the last 24 h · every 6 h 2 d"),
    ],
)
def test_the_schedule_is_said_in_words(settings: Any, words: str) -> None:
    assert described(settings) == words
