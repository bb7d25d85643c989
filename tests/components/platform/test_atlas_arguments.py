"""From the stack file to the components' arguments: pure, complete, and in each side's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.arguments import check
from components.atlas import (
    AtlasAlertsArgs,
    AtlasBackupScheduleArgs,
    AtlasClusterArgs,
    AtlasDatabaseAccessArgs,
    AtlasEncryptionKeyArgs,
    AtlasIpAccessListArgs,
    AtlasNetworkContainerArgs,
    AtlasPeeringArgs,
    AtlasPrivateLinkArgs,
    AtlasProjectArgs,
    alert_limits,
    tables,
)
from components.atlas.alerts import _threshold
from components.atlas.backup_schedule import described
from components.atlas.standing_alerts import THRESHOLDS
from components.atlas.weekdays import WEEKDAYS
from components.keys import EncryptionKeyArgs
from components.platform import atlas, atlas_connectivity, atlas_doors
from components.platform.model.atlas.alerts import Thresholds
from components.platform.parts import AtlasPart
from dolmen.stackfile import StackFileError
from tests.components.platform.atlas_files import ABSENT, atlas_of

PEERING = {
    "network.routeTableIds": ["rtb-0bbbbbbbbbbbbbbb1"],
    "atlas.connectivity": {"peering": {"access": "securityGroups"}},
    "atlas.networkContainer": {"atlasCidr": "192.168.248.0/21"},
}
PUBLIC = {"tier": "staging", "atlas.connectivity": {"ipAccessList": ["203.0.113.10"]}}
IN_PROJECT = {"project_id": "5f0000000000000000000002"}
OF_CLUSTER = {**IN_PROJECT, "cluster_name": "chat"}


def secret(key: str) -> str:
    return f"<{key}>"


def cluster_of(stack: AtlasPart) -> Any:
    return atlas.cluster_args(stack, network_container_id=None, encryption_key_ready=None, **IN_PROJECT)


def schedule_of(stack: AtlasPart) -> Any:
    return atlas.backup_schedule_args(stack, **OF_CLUSTER, zone_id="5f00000000000000000000aa")


def alerts_of(stack: AtlasPart) -> Any:
    return atlas.alerts_args(stack, secret=secret, **IN_PROJECT)


def access_of(stack: AtlasPart) -> Any:
    return atlas.database_access_args(stack, "chat-app", connection_string="mongodb+srv://chat", **OF_CLUSTER)


@pytest.mark.parametrize(
    ("builder", "shape", "change"),
    [
        (atlas.project_args, AtlasProjectArgs, {}),
        (atlas.project_args, AtlasProjectArgs, {"atlas.project": {"adopt": "5f0000000000000000000009"}}),
        (cluster_of, AtlasClusterArgs, {}),
        (
            cluster_of,
            AtlasClusterArgs,
            {"atlas.cluster.autoscaling": {"compute": {"minimum": "M20", "maximum": "M40"}}},
        ),
        (lambda stack: atlas_doors.private_link_args(stack, **OF_CLUSTER), AtlasPrivateLinkArgs, {}),
        (
            lambda stack: atlas_connectivity.network_container_args(stack, **IN_PROJECT),
            AtlasNetworkContainerArgs,
            PEERING,
        ),
        (
            lambda stack: atlas_connectivity.peering_args(stack, container_id="c", **OF_CLUSTER),
            AtlasPeeringArgs,
            PEERING,
        ),
        (lambda stack: atlas_connectivity.access_list_args(stack, **IN_PROJECT), AtlasIpAccessListArgs, PUBLIC),
        (schedule_of, AtlasBackupScheduleArgs, {"atlas.backup": {"yearly": {}}}),
        (alerts_of, AtlasAlertsArgs, {}),
        (
            lambda stack: atlas.created_key_args(stack, "policy"),
            EncryptionKeyArgs,
            {"atlas.encryptionKey": {"create": True}},
        ),
        (
            lambda stack: atlas.encryption_key_args(stack, created_key_arn="arn", **IN_PROJECT),
            AtlasEncryptionKeyArgs,
            {"atlas.encryptionKey": {"create": True}},
        ),
        (access_of, AtlasDatabaseAccessArgs, {}),
    ],
)
def test_a_builder_gives_all_that_the_component_asks_for_in_its_types(
    builder: Callable[[AtlasPart], Mapping[str, object]], shape: type, change: Mapping[str, Any]
) -> None:
    check("built", builder(atlas_of(change)), shape)


@pytest.mark.parametrize("day", WEEKDAYS)
def test_a_day_keeps_its_name_on_the_way_to_the_components(day: str) -> None:
    stack = atlas_of(
        {
            "atlas.project": {"create": {"organizationId": "5f0000000000000000000001", "maintenance": {"day": day}}},
            "atlas.backup": {"weekly": {"day": day}},
        }
    )
    project: Any = atlas.project_args(stack)
    assert project["maintenance"]["day"] == day
    assert f"weekly {day.capitalize()} " in described(schedule_of(stack)), "snapshots would be taken on another day"


def test_the_last_day_of_the_month_has_atlas_s_number() -> None:
    stack = atlas_of({"atlas.backup": {"monthly": {"day": "last"}}})
    assert schedule_of(stack)["monthly"]["day"] == 40


@pytest.mark.parametrize("day", [40, 31, "first", True])
def test_a_day_of_the_month_is_a_number_or_last(day: object) -> None:
    with pytest.raises(StackFileError, match="1 to 28"):
        atlas_of({"atlas.backup": {"monthly": {"day": day}}})


def test_the_guide_s_schedule_is_the_default() -> None:
    assert described(schedule_of(atlas_of({"atlas.backup": ABSENT}))) == (
        "any second of the last 24 h · every 6 h 2 d · daily 03:00 UTC 7 d · weekly Sunday 4 w · monthly 1st 12 m"
    )


def test_the_platform_s_name_is_the_cluster_s_and_the_project_s() -> None:
    stack = atlas_of({})
    assert cluster_of(stack)["cluster_name"] == "chat-prod"
    assert atlas.project_args(stack).get("project_name") == "chat-prod"
    assert cluster_of(atlas_of({"atlas.cluster.name": "main"}))["cluster_name"] == "main"


def test_a_principal_s_name_stands_in_no_name_of_a_resource() -> None:
    arn = "arn:aws:iam::123456789012:user/jin@company.com"
    (key,) = access_of(atlas_of({"atlas.users": {"iam": {"chat-app": [arn]}}}))["iam"]
    assert "jin" not in key, "a person's address would stand in every plan and state"


def test_every_threshold_can_be_changed_in_a_stack_file_and_says_its_default() -> None:
    from components.platform.model.descriptions import description

    assert set(Thresholds.model_fields) == set(THRESHOLDS)
    for word, threshold in THRESHOLDS.items():
        assert description(Thresholds, word).endswith(f"Default {threshold.default}."), (
            f"an editor shows another {word}"
        )


def acceptable(name: str, alert: Any) -> None:
    """Atlas takes the definition."""
    threshold = _threshold(alert)
    if alert.get("metric") is not None:
        metric = tables.alert_metrics()[alert["metric"]]
        fields, units, wants = metric.matcher_fields, metric.units, True
    else:
        event = tables.alert_events()[alert["event"]]
        fields, units, wants = event.matcher_fields, event.units, event.operator is not None
        assert threshold is None or threshold.get("operator") == event.operator, "Atlas compares it the other way"
    assert (threshold is not None) == wants, f"{name}: Atlas refuses it"
    if threshold is not None:
        assert threshold.get("units") in units
    for matcher in alert.get("matchers", []):
        assert matcher["field"] in fields, f"{name}: Atlas has no such matcher here"


def test_atlas_takes_every_alert_of_ours() -> None:
    alerts = alerts_of(atlas_of({}))
    assert len(alerts["alerts"]) == 10
    for name, alert in alerts["alerts"].items():
        acceptable(name, alert)
    assert list(alert_limits.problems(alerts)) == []


@settings(max_examples=120, deadline=None)
@given(
    subject=st.sampled_from([("metric", name) for name in tables.alert_metrics()])
    | st.sampled_from([("event", name) for name in tables.alert_events()]),
    above=st.none() | st.floats(0, 1000),
    below=st.none() | st.floats(0, 1000),
    field=st.none() | st.sampled_from(["HOSTNAME", "CLUSTER_NAME", "REPLICA_SET_NAME", "SHARD_NAME", "PORT"]),
)
def test_an_alert_of_one_s_own_is_refused_or_acceptable_to_atlas(
    subject: tuple[str, str], above: float | None, below: float | None, field: str | None
) -> None:
    alert: Any = {subject[0]: subject[1], "above": above, "below": below}
    if field is not None:
        alert["matchers"] = [{"field": field, "value": "x"}]
    args: Any = {**IN_PROJECT, "alerts": {"own": alert}, "email": ["ops@company.com"]}
    if not list(alert_limits.problems(args)):
        acceptable("own", alert)
