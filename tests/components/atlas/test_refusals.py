"""What Atlas would refuse is refused by the components, in a program as in a stack file, before anything is registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components import atlas
from components.arguments import ArgumentsError, unknown
from components.atlas import alert_limits, backup_schedule, cluster_limits, peering
from tests.components.atlas.programs import PROJECT, REGION, cluster_arguments, only, plan_of

KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOKYO = "ap-northeast-1"
SEOUL = {"region": REGION, "electable_nodes": 2}
OVER = {"region": None, "electable_nodes": None, "regions": [SEOUL, {"region": TOKYO, "electable_nodes": 1}]}
"""A cluster over two regions."""
NOTHING = {"vpc_id": None, "subnet_ids": None, "client_security_group_ids": None}
"""What an endpoint that exists needs."""
ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "AtlasProject": {"organization_id": "5f0000000000000000000001", "protect_data": True},
    "AtlasCluster": cluster_arguments(),
    "AtlasPrivateLink": {
        "project_id": PROJECT,
        "cluster_name": "chat",
        "region": REGION,
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-1"],
        "client_security_group_ids": ["sg-1"],
    },
    "AtlasNetworkContainer": {"project_id": PROJECT, "region": REGION, "atlas_cidr": "192.168.248.0/21"},
    "AtlasPeering": {
        "project_id": PROJECT,
        "container_id": "c",
        "atlas_cidr": "192.168.248.0/21",
        "cluster_name": "chat",
        "region": REGION,
        "vpc_id": "vpc-1",
        "vpc_cidrs": ["10.20.0.0/16"],
        "route_table_ids": {"a": "rtb-1"},
    },
    "AtlasIpAccessList": {"project_id": PROJECT, "entries": ["203.0.113.10"]},
    "AtlasBackupSchedule": {"project_id": PROJECT, "cluster_name": "chat", "hourly": {}, "daily": {}},
    "AtlasAlerts": {"project_id": PROJECT, "alerts": {"down": {"event": "HOST_DOWN"}}, "email": ["ops@company.com"]},
    "AtlasEncryptionKey": {"project_id": PROJECT, "region": REGION, "kms_key_arn": KEY},
    "AtlasDatabaseAccess": {
        "project_id": PROJECT,
        "cluster_name": "chat",
        "platform": "chat",
        "application": "web",
        "database": "web",
        "connection_string": "mongodb+srv://chat.mongodb.net",
    },
}
"""Component → arguments that it takes."""
WRONG: list[tuple[str, Mapping[str, Any], str, str]] = [
    ("AtlasProject", {"adopt": "5f0000000000000000000002"}, "", "exactly one"),
    ("AtlasProject", {"organization_id": "our-company"}, "organization_id", "24 hexadecimal digits"),
    ("AtlasProject", {"project_name": "chat prod"}, "project_name", "without spaces"),
    ("AtlasProject", {"maintenance": {"hour": 24}}, "maintenance.hour", "At most 23"),
    ("AtlasProject", {"maintenance": {"day": "someday"}}, "maintenance.day", "day of the week"),
    ("AtlasProject", {"limits": {"clusters": 3}}, "limits.clusters", "begins with atlas."),
    ("AtlasProject", {"limits": {"atlas.project.deployment.clusters": -1}}, "limits.atlas.project", "At least 0"),
    ("AtlasCluster", {"instance_size": "M0"}, "instance_size", "smallest size here is M10"),
    ("AtlasCluster", {"instance_size": "m30"}, "instance_size", "Did you mean M30?"),
    ("AtlasCluster", {"region": "ap-northeast-9"}, "region", "no dedicated clusters"),
    ("AtlasCluster", {"region": "us-gov-west-1"}, "region", "separate Atlas services"),
    ("AtlasCluster", {"cluster_name": "a" * 24}, "cluster_name", "at most 23 characters"),
    ("AtlasCluster", {"electable_nodes": 4}, "electable_nodes", "3, 5 or 7"),
    ("AtlasCluster", {"read_only_nodes": 48}, "read_only_nodes", "At most 47"),
    ("AtlasCluster", {"read_only_nodes": 30, "analytics_nodes": 30}, "read_only_nodes", "at most 50 members"),
    ("AtlasCluster", {"mongodb_version": "6.0"}, "mongodb_version", "end of its life"),
    ("AtlasCluster", {"mongodb_version": 8.0}, "mongodb_version", "Text is expected"),
    ("AtlasCluster", {"storage_gb": 5}, "storage_gb", "At least 10"),
    ("AtlasCluster", {"storage_gb": 300}, "storage_gb", "choose M30"),
    ("AtlasCluster", {"storage_gb": 20.5}, "storage_gb", "A whole number"),
    ("AtlasCluster", {"instance_size": "M40_NVME", "storage_gb": 100}, "storage_gb", "come in one size"),
    ("AtlasCluster", {"instance_size": "M40_NVME", "storage_gb": None, "backups": False}, "backups", "always have"),
    ("AtlasCluster", {"provisioned_iops": 3000}, "provisioned_iops", "begin with M30"),
    ("AtlasCluster", {"minimum_tls": "TLS1_1"}, "minimum_tls", "TLS1_2 or TLS1_3"),
    ("AtlasCluster", {"oplog_hours": 9, "autoscaling": {"storage": False}}, "oplog_hours", "needs storage"),
    ("AtlasCluster", {"backups": False, "continuous_backup": True}, "continuous_backup", "needs backups"),
    ("AtlasCluster", {"autoscaling": {"compute": {"minimum": "M60", "maximum": "M20"}}}, "autoscaling.compute.minimum", "above the maximum"),
    ("AtlasCluster", {"autoscaling": {"compute": {"minimum": "M20", "maximum": "R60"}}}, "autoscaling.compute.maximum", "one class"),
    ("AtlasCluster", {"autoscaling": {"compute": {"minimum": "M30", "maximum": "M50"}}}, "instance_size", "outside the range"),
    ("AtlasCluster", {"region": None}, "region", "A cluster lies in a region"),
    ("AtlasCluster", {**OVER, "regions": []}, "regions", "at least one region"),
    ("AtlasCluster", {**OVER, "region": REGION}, "region", "Each of the regions says this itself"),
    ("AtlasCluster", {**OVER, "electable_nodes": 3}, "electable_nodes", "Each of the regions says this itself"),
    ("AtlasCluster", {**OVER, "regions": [SEOUL, {"region": TOKYO, "electable_nodes": 2}]}, "regions", "These are 4"),
    ("AtlasCluster", {**OVER, "regions": [SEOUL, {"region": TOKYO, "electable_nodes": 8}]}, "regions[1].electable_nodes", "At most 7"),
    ("AtlasCluster", {**OVER, "regions": [SEOUL, SEOUL]}, "regions[1].region", "stands here once"),
    ("AtlasCluster", {**OVER, "regions": [SEOUL, {"region": "ap-northeast-9", "electable_nodes": 1}]}, "regions[1].region", "no dedicated clusters"),
    ("AtlasCluster", {**OVER, "regions": [SEOUL, {"region": TOKYO}]}, "regions[1]", "at least one node"),
    ("AtlasCluster", {**OVER, "regions": [{**SEOUL, "electable_nodes": 3}, {"region": TOKYO, "read_only_nodes": 30, "analytics_nodes": 20}]}, "regions", "at most 50 members"),
    ("AtlasCluster", {"analytics_instance_size": "M30"}, "analytics_instance_size", "no analytics nodes"),
    ("AtlasCluster", {"analytics_nodes": 1, "analytics_instance_size": "m30"}, "analytics_instance_size", "Did you mean M30?"),
    ("AtlasCluster", {"analytics_nodes": 1, "analytics_instance_size": "M40_NVME"}, "analytics_instance_size", "without NVMe, as M20 is"),
    ("AtlasCluster", {"storage_gb": 200, "analytics_nodes": 1, "analytics_instance_size": "M10"}, "analytics_instance_size", "one size of disks, 200 GB"),
    ("AtlasPrivateLink", {"client_security_group_ids": []}, "client_security_group_ids", "Nobody could connect"),
    ("AtlasPrivateLink", {"subnet_ids": []}, "subnet_ids", "at least one subnet"),
    ("AtlasPrivateLink", {"client_security_group_ids": None}, "client_security_group_ids", "Nobody could connect"),
    ("AtlasPrivateLink", {"security_group_ids": ["sg-2"]}, "security_group_ids", "say themselves who may connect"),
    ("AtlasPrivateLink", {"client_security_group_ids": None, "security_group_ids": []}, "security_group_ids", "default one"),
    ("AtlasPrivateLink", {"vpc_id": None}, "vpc_id", "lies in a VPC"),
    ("AtlasPrivateLink", {"subnet_ids": None}, "subnet_ids", "lies in a VPC"),
    ("AtlasPrivateLink", {"private_link_id": "vpce-svc-1"}, "private_link_id", "24 hexadecimal digits"),
    ("AtlasPrivateLink", {"service_name": "com.amazonaws.vpce.x"}, "service_name", "Give private_link_id"),
    ("AtlasPrivateLink", {**NOTHING, "endpoint_id": "pl-0a1b2c3d"}, "endpoint_id", "`vpce-`"),
    ("AtlasPrivateLink", {**NOTHING, "endpoint_id": "vpce-0a1b2c3d", "vpc_id": "vpc-1"}, "vpc_id", "nothing of AWS is made"),
    ("AtlasNetworkContainer", {"adopt": "chat-prod"}, "adopt", "24 hexadecimal digits"),
    ("AtlasNetworkContainer", {"atlas_cidr": "192.168.249.0/21"}, "atlas_cidr", "bits outside its prefix"),
    ("AtlasNetworkContainer", {"atlas_cidr": "192.168.0.0/16"}, "atlas_cidr", "/21 to /24"),
    ("AtlasNetworkContainer", {"atlas_cidr": "52.10.0.0/21"}, "atlas_cidr", "10.0.0.0/8"),
    ("AtlasNetworkContainer", {"atlas_cidr": "172.17.8.0/21"}, "atlas_cidr", "is reserved"),
    ("AtlasPeering", {"atlas_cidr": "10.20.248.0/21"}, "atlas_cidr", "overlaps the VPC's primary range"),
    ("AtlasPeering", {"vpc_cidrs": ["52.10.0.0/16"]}, "vpc_cidrs[0]", "private ranges only"),
    ("AtlasPeering", {"vpc_cidrs": ["10.20.0.1/16"]}, "vpc_cidrs[0]", "bits outside its prefix"),
    ("AtlasPeering", {"vpc_cidrs": []}, "vpc_cidrs", "at least one range"),
    ("AtlasPeering", {"route_table_ids": {}}, "route_table_ids", "needs a route"),
    ("AtlasPeering", {"aws_account_id": "12345678901"}, "aws_account_id", "12 digits"),
    ("AtlasIpAccessList", {"entries": ["0.0.0.0/0"]}, "entries[0]", "the whole internet"),
    ("AtlasIpAccessList", {"entries": ["203.0.113.10", "10.0.0.1"]}, "entries[1]", "sees public addresses"),
    ("AtlasIpAccessList", {"entries": "203.0.113.10"}, "entries", "A list is expected"),
    ("AtlasBackupSchedule", {"hourly": None}, "hourly", "needs an hourly item"),
    ("AtlasBackupSchedule", {"hourly": {"every": 3}}, "hourly.every", "1, 2, 4, 6, 8 or 12"),
    ("AtlasBackupSchedule", {"instance_size": "M40_NVME"}, "hourly.every", "every 12 hours"),
    ("AtlasBackupSchedule", {"weekly": {"keep_weeks": 1}, "daily": {"keep_days": 8}}, "weekly.keep_weeks", "Raise weekly.keepWeeks"),
    ("AtlasBackupSchedule", {"restore_window_days": 3}, "restore_window_days", "no further back"),
    ("AtlasBackupSchedule", {"monthly": {"day": 31}}, "monthly.day", "1 to 28, or last"),
    ("AtlasBackupSchedule", {"yearly": {"month": 13}}, "yearly.month", "At most 12"),
    ("AtlasBackupSchedule", {"continuous": False, "hourly": None, "daily": None}, "", "at least one kind"),
    ("AtlasAlerts", {"alerts": {"Down": {"event": "HOST_DOWN"}}}, "alerts.Down", "lower-case letters"),
    ("AtlasAlerts", {"alerts": {"x": {"event": "HOST_DWN"}}}, "alerts.x.event", "Did you mean HOST_DOWN?"),
    ("AtlasAlerts", {"alerts": {"x": {"metric": "CONNECTIONS"}}}, "alerts.x", "needs a threshold"),
    ("AtlasAlerts", {"alerts": {"x": {"event": "HOST_DOWN", "severity": "FATAL"}}}, "alerts.x.severity", "One of INFO"),
    ("AtlasAlerts", {"alerts": {"x": {"event": "CPS_SNAPSHOT_BEHIND", "below": 1}}}, "alerts.x.below", "upwards only"),
    ("AtlasAlerts", {"alerts": {"x": {"metric": "CONNECTIONS", "above": 1, "units": "HOURS"}}}, "alerts.x.units", "measured in RAW"),
    ("AtlasAlerts", {"alerts": {"x": {"event": "HOST_DOWN", "matchers": [{"field": "CLUSTER_NAME", "value": "c"}]}}}, "alerts.x.matchers[0].field", "cannot be restricted"),
    ("AtlasAlerts", {"alerts": {"x": {"event": "HOST_DOWN", "matchers": [{"field": "PORT", "operator": "IS", "value": "1"}]}}}, "alerts.x.matchers[0].operator", "One of EQUALS"),
    ("AtlasAlerts", {"email": ["ops at company.com"]}, "email[0]", "not an e-mail address"),
    ("AtlasEncryptionKey", {"kms_key_arn": KEY.replace("ap-northeast-2", "us-east-1")}, "kms_key_arn", "lies in us-east-1"),
    ("AtlasDatabaseAccess", {"database": "admin"}, "database", "MongoDB's own"),
    ("AtlasDatabaseAccess", {"database": "chat.db"}, "database", "holds none of"),
    ("AtlasDatabaseAccess", {"generation": 3}, "generation", "may not run ahead"),
    ("AtlasDatabaseAccess", {"iam": {"web": "chat-role"}}, "iam.web", "ARN of an IAM role or user"),
]  # fmt: skip
"""Component, what is changed, the argument that is named, and words of the message."""


def refused(component: str, change: Mapping[str, Any]) -> ArgumentsError:
    with pytest.raises(ArgumentsError) as caught:
        getattr(atlas, component)("chat", {**ARGUMENTS[component], **change})
    return caught.value


@pytest.mark.parametrize(("component", "change", "place", "says"), WRONG)
def test_a_wrong_argument_is_named_with_rule_and_remedy(
    component: str, change: Mapping[str, Any], place: str, says: str
) -> None:
    error = refused(component, change)
    assert len(error.problems) == 1, f"one mistake gives one message:\n{error}"
    (problem,) = error.problems
    assert problem.place.startswith(place) and bool(problem.place) == bool(place), str(error)
    assert says in str(error), "a person could not tell what to mend"
    assert problem.remedy, "a message says what to write instead"


@pytest.mark.parametrize("component", ARGUMENTS)
def test_right_arguments_are_refused_by_nothing(component: str) -> None:
    only(plan_of(lambda: getattr(atlas, component)("chat", ARGUMENTS[component])), component)


@pytest.mark.parametrize("component", ARGUMENTS)
def test_a_misspelt_argument_is_never_ignored(component: str) -> None:
    right = next(iter(ARGUMENTS[component]))
    wrong = right[:-2] + right[-1] + right[-2]
    error = refused(component, {wrong: ARGUMENTS[component][right]})
    assert f"{wrong}: There is no such argument. Did you mean {right}?" in str(error)


@pytest.mark.parametrize(
    ("component", "change", "place"),
    [
        ("AtlasBackupSchedule", {"daily": {"keepDays": 3}}, "daily.keepDays"),
        ("AtlasAlerts", {"alerts": {"down": {"evnt": "HOST_DOWN"}}}, "alerts.down.evnt"),
        ("AtlasCluster", {"autoscaling": {"compute": {"minimum": "M20", "maximun": "M30"}}}, "autoscaling.compute.maximun"),
    ],
)  # fmt: skip
def test_a_misspelt_key_inside_an_argument_is_never_ignored(component: str, change: Any, place: str) -> None:
    assert place in [problem.place for problem in refused(component, change).problems]


@pytest.mark.parametrize("component", ARGUMENTS)
def test_an_option_that_is_none_is_one_that_is_left_out(component: str) -> None:
    kind = getattr(atlas, component)
    options = getattr(atlas, f"{component}Args").__optional_keys__ - ARGUMENTS[component].keys()
    plain, none = (
        plan_of(lambda args=args: kind("chat", args))
        for args in (ARGUMENTS[component], {**ARGUMENTS[component], **dict.fromkeys(options)})
    )
    assert [(r.urn, r.inputs) for r in plain if r.custom] == [(r.urn, r.inputs) for r in none if r.custom]


def test_numbers_of_other_languages_are_whole_numbers() -> None:
    whole: dict[str, Any] = {"electable_nodes": 5, "storage_gb": 40, "read_only_nodes": 1}
    floats = {key: float(value) for key, value in whole.items()}
    (one,), (other,) = (
        [r.inputs for r in plan_of(lambda c=change: atlas.AtlasCluster("chat", cluster_arguments(**c))) if r.custom]
        for change in (whole, floats)
    )
    assert one == other, "a program in TypeScript would get another cluster"


@pytest.mark.parametrize(
    ("component", "problems"),
    [
        ("AtlasCluster", cluster_limits.problems),
        ("AtlasBackupSchedule", backup_schedule.problems),
        ("AtlasAlerts", alert_limits.problems),
        ("AtlasPeering", peering.problems),
    ],
)
def test_nothing_is_said_of_what_is_not_known_yet(component: str, problems: Callable[[Any], Any]) -> None:
    every = getattr(atlas, f"{component}Args").__annotations__
    assert list(problems(dict.fromkeys(every, unknown(str)))) == []
