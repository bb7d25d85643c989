"""From the stack file to the components' arguments: pure, complete, and in each side's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.atlas import catalogue
from components.atlas.access_list import AtlasIpAccessListArgs
from components.atlas.alerts import AlertDefinition, AtlasAlertsArgs
from components.atlas.backup_schedule import AtlasBackupScheduleArgs, described
from components.atlas.cluster import AtlasClusterArgs
from components.atlas.database_access import AtlasDatabaseAccessArgs
from components.atlas.encryption_key import AtlasEncryptionKeyArgs
from components.atlas.network_container import AtlasNetworkContainerArgs
from components.atlas.peering import AtlasPeeringArgs
from components.atlas.private_link import AtlasPrivateLinkArgs
from components.atlas.project import AtlasProjectArgs
from components.platform.arguments import atlas
from components.platform.model.atlas.project import DAYS
from tests.components.platform.atlas_files import ABSENT, configuration

PEERING = {
    "network.routeTableIds": ["rtb-0bbbbbbbbbbbbbbb1"],
    "atlas.connectivity": {"peering": {"atlasCidr": "192.168.248.0/21", "access": "securityGroups"}},
}
FROM_OTHERS = {"project_id", "cluster_name", "container_id", "connection_string", "created_after"}
"""Arguments that other components give."""


@pytest.mark.parametrize(
    ("mapping", "arguments", "change"),
    [
        (atlas.project, AtlasProjectArgs, {}),
        (atlas.cluster, AtlasClusterArgs, {}),
        (
            atlas.cluster,
            AtlasClusterArgs,
            {"atlas.cluster.autoscaling": {"compute": {"minimum": "M20", "maximum": "M40"}}},
        ),
        (atlas.private_link, AtlasPrivateLinkArgs, {}),
        (atlas.network_container, AtlasNetworkContainerArgs, PEERING),
        (atlas.peering, AtlasPeeringArgs, PEERING),
        (
            atlas.access_list,
            AtlasIpAccessListArgs,
            {"tier": "staging", "atlas.connectivity": {"ipAccessList": ["203.0.113.10"]}},
        ),
        (atlas.backup_schedule, AtlasBackupScheduleArgs, {"atlas.backup": {"yearly": {}}}),
        (atlas.alerts, AtlasAlertsArgs, {}),
        (atlas.encryption_key, AtlasEncryptionKeyArgs, {"atlas.encryptionKey": {"create": True}}),
        (lambda stack: atlas.database_access(stack, "chat-app"), AtlasDatabaseAccessArgs, {}),
    ],
)
def test_a_mapping_gives_what_the_component_asks_for(
    mapping: Callable[[Any], Mapping[str, Any]], arguments: Any, change: Mapping[str, Any]
) -> None:
    given_arguments = set(mapping(configuration(change)))
    assert given_arguments <= set(arguments.__annotations__), "the component would ignore it in silence"
    missing = arguments.__required_keys__ - given_arguments - FROM_OTHERS
    assert not missing, f"the component cannot be made without {missing}"


def test_a_maintenance_day_counts_from_sunday_and_a_snapshot_s_from_monday() -> None:
    for index, day in enumerate(DAYS):
        stack = configuration(
            {
                "atlas.project": {
                    "create": {"organizationId": "5f0000000000000000000001", "maintenance": {"day": day}}
                },
                "atlas.backup": {"weekly": {"day": day}},
            }
        )
        schedule: Any = atlas.backup_schedule(stack)
        assert atlas.project(stack)["maintenance_day_of_week"] == index + 1  # type: ignore[typeddict-item]
        assert f"weekly {day.capitalize()} " in described(schedule), "snapshots would be taken on another day"


def test_the_last_day_of_the_month_has_atlas_s_number() -> None:
    stack = configuration({"atlas.backup": {"monthly": {"day": "last"}}})
    assert atlas.backup_schedule(stack)["monthly_day"] == 40  # type: ignore[index,typeddict-item]


def test_the_guide_s_schedule_is_the_default() -> None:
    schedule: Any = atlas.backup_schedule(configuration({"atlas.backup": ABSENT}))
    assert described(schedule) == (
        "any second of the last 24 h · every 6 h 2 d · daily 03:00 UTC 7 d · weekly Sunday 4 w · monthly 1st 12 m"
    )


def test_without_a_disk_size_the_size_s_own_is_said() -> None:
    assert atlas.cluster(configuration({"atlas.cluster.storageGb": ABSENT}))["storage_gb"] == 20  # type: ignore[typeddict-item]


def test_the_access_list_is_canonical() -> None:
    stack = configuration(
        {"tier": "staging", "atlas.connectivity": {"ipAccessList": ["203.0.113.10", "2001:0db8::/64"]}}
    )
    assert atlas.access_list(stack) == {"entries": ["203.0.113.10/32", "2001:db8::/64"]}


def test_the_platform_s_name_is_the_cluster_s_and_the_project_s() -> None:
    stack = configuration({})
    assert atlas.cluster(stack)["cluster_name"] == "chat-prod"
    assert atlas.project(stack)["project_name"] == "chat-prod"  # type: ignore[typeddict-item]
    assert atlas.cluster(configuration({"atlas.cluster.name": "main"}))["cluster_name"] == "main"


def test_names_of_users_begin_with_the_platform_and_the_application() -> None:
    assert atlas.database_access(configuration({}), "chat-app")["user_prefix"] == "chat-prod-chat-app", (
        "two platforms in one project would share users"
    )


def acceptable(alert: AlertDefinition | Any) -> None:
    """Atlas takes the definition."""
    assert alert["severity"] in ("INFO", "WARNING", "ERROR", "CRITICAL")
    if "metric" in alert:
        metric = catalogue.alert_metrics()[alert["metric"]]
        fields, units, wants = metric.matcher_fields, metric.units, True
    else:
        event = catalogue.alert_events()[alert["event"]]
        fields, units, wants = event.matcher_fields, event.units, event.operator is not None
        assert alert.get("operator", event.operator) == event.operator, "Atlas compares it the other way"
    assert ("threshold" in alert) == wants, f"{alert['name']}: Atlas refuses it"
    if wants:
        assert alert["units"] in units
    for matcher in alert.get("matchers", []):
        assert matcher["field"] in fields, f"{alert['name']}: Atlas has no such matcher here"


def test_atlas_takes_every_alert_of_ours() -> None:
    alerts: Any = atlas.alerts(configuration({}))
    names = [alert["name"] for alert in alerts["alerts"]]
    assert len(names) == len(set(names)) == 10
    for alert in alerts["alerts"]:
        acceptable(alert)
    assert alerts["slack_channel"] == "#alerts"


@settings(max_examples=120, deadline=None)
@given(
    subject=st.sampled_from([("metric", name) for name in catalogue.alert_metrics()])
    | st.sampled_from([("event", name) for name in catalogue.alert_events()]),
    above=st.none() | st.floats(0, 1000),
    below=st.none() | st.floats(0, 1000),
    field=st.none() | st.sampled_from(["HOSTNAME", "CLUSTER_NAME", "REPLICA_SET_NAME", "SHARD_NAME", "PORT"]),
)
def test_an_alert_of_one_s_own_is_refused_or_acceptable_to_atlas(
    subject: tuple[str, str], above: float | None, below: float | None, field: str | None
) -> None:
    from components.platform.model.atlas.alerts import CustomAlert

    given_alert: dict[str, Any] = {subject[0]: subject[1], "above": above, "below": below}
    if field is not None:
        given_alert["matchers"] = ({"field": field, "value": "x"},)
    alert = CustomAlert.model_validate(given_alert)
    if not list(alert.problems()):
        acceptable(atlas._custom("own", alert))
