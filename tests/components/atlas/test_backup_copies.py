"""Copies of snapshots in other regions."""

from __future__ import annotations

from typing import Any

import pytest

from dolmen.engine.plan import Plan
from tests.components.atlas.programs import PROJECT, failure_of, only, outputs, plan_of

ZONE = "5f00000000000000000000aa"
TAKEN: dict[str, Any] = {"hourly": {}, "daily": {}, "weekly": {}}


def schedule(**settings: Any) -> None:
    from components.atlas import AtlasBackupSchedule

    args: Any = {"project_id": PROJECT, "cluster_name": "chat", "cluster_regions": ["ap-northeast-2"], **settings}
    AtlasBackupSchedule("chat", args)


def planned(**settings: Any) -> Plan:
    return plan_of(lambda: schedule(**{**TAKEN, "zone_id": ZONE, **settings}))


def test_every_snapshot_that_is_taken_is_copied_and_the_oplog_with_it() -> None:
    plan = planned(
        copies=[{"region": "ap-southeast-1"}, {"region": "ap-northeast-1", "kinds": ["daily"], "oplogs": False}]
    )
    assert only(plan, "CloudBackupSchedule").inputs["copySettings"] == [
        {
            "cloudProvider": "AWS",
            "regionName": "AP_NORTHEAST_1",
            "zoneId": ZONE,
            "frequencies": ["DAILY"],
            "shouldCopyOplogs": False,
        },
        {
            "cloudProvider": "AWS",
            "regionName": "AP_SOUTHEAST_1",
            "zoneId": ZONE,
            "frequencies": ["HOURLY", "DAILY", "WEEKLY"],
            "shouldCopyOplogs": True,
        },
    ], "the order of a list in a file would show as a change, or a kind of snapshot is lost with the region"
    assert "copied to ap-southeast-1" in str(outputs(plan, "chat")["description"])


def test_without_continuous_backup_there_is_no_oplog_to_copy() -> None:
    (copy,) = only(planned(copies=[{"region": "ap-northeast-1"}], continuous=False), "CloudBackupSchedule").inputs[
        "copySettings"
    ]
    assert copy["shouldCopyOplogs"] is False, "Atlas refuses it"


def test_nothing_is_copied_unless_asked() -> None:
    assert "copySettings" not in only(planned(), "CloudBackupSchedule").inputs


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"copies": [{"region": "ap-northeast-2"}]}, "copies[0].region: The cluster itself is in this region"),
        ({"copies": [{"region": "ap-northeast-9"}]}, "copies[0].region: Atlas has no dedicated clusters"),
        ({"copies": [{"region": "ap-northeast-1"}] * 2}, "copies[1].region: This region stands in the list twice"),
        (
            {"copies": [{"region": "ap-northeast-1", "kinds": ["yearly"]}]},
            "copies[0].kinds[0]: One of hourly, daily or",
        ),
        ({"copies": [{"region": "ap-northeast-1", "kinds": []}]}, "copies[0].kinds: A copy has at least one kind"),
        (
            {"copies": [{"region": "ap-northeast-1", "oplogs": True}], "continuous": False},
            "copies[0].oplogs: Only continuous backup",
        ),
        ({"copies": [{"region": "ap-northeast-1"}], "zone_id": None}, "zone_id: Copies are made of a cluster's zone"),
    ],
)
def test_a_copy_that_atlas_refuses_or_that_protects_against_nothing_is_refused(
    settings: dict[str, Any], says: str
) -> None:
    assert says in failure_of(lambda: schedule(**{**TAKEN, "zone_id": ZONE, **settings}))
