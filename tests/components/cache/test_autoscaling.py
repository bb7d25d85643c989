"""A cache that scales: its metrics, its alarms, its room and its bill."""

from __future__ import annotations

from typing import Any

import pytest

from components.cache import CacheReplicationGroup
from dolmen.engine.plan import Plan, Resource
from dolmen.review.cost.estimate import estimate
from dolmen.review.cost.price_file import shipped
from tests.components.cache.programs import GROUP, SEVERE, WARNINGS, plan_of

SHARDS = {"minimum": 1, "maximum": 4, "memory_percent": 70}
REPLICAS = {"minimum": 1, "maximum": 2, "cpu_percent": 60, "scale_in": False}


def planned(autoscaling: dict[str, Any] | None, **changes: Any) -> Plan:
    alarms = {"warnings_topic_arn": WARNINGS, "severe_topic_arn": SEVERE}
    args: Any = {**GROUP, "shards": 1, "alarms": alarms, "autoscaling": autoscaling, **changes}
    return plan_of(lambda: CacheReplicationGroup("chat-prod-cache", args))


def of_type(plan: Plan, kind: str) -> list[Resource]:
    return [resource for resource in plan if resource.type.endswith(f":{kind}")]


def test_shards_and_replicas_have_a_target_and_a_policy_each() -> None:
    plan = planned({"shards": SHARDS, "replicas": REPLICAS})
    found: dict[Any, Any] = {}
    for one in of_type(plan, "Policy"):
        tracking: Any = one.inputs["targetTrackingScalingPolicyConfiguration"]
        metric = tracking["predefinedMetricSpecification"]["predefinedMetricType"]
        found[one.name] = (one.inputs["scalableDimension"], metric, tracking["targetValue"], tracking["disableScaleIn"])
    memory = "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage"
    assert found == {
        "chat-prod-cache-shards": ("elasticache:replication-group:NodeGroups", memory, 70, False),
        "chat-prod-cache-replicas": (
            "elasticache:replication-group:Replicas",
            "ElastiCacheReplicaEngineCPUUtilization",
            60,
            True,
        ),
    }
    (group,) = of_type(plan, "ReplicationGroup")
    assert {"numNodeGroups", "replicasPerNodeGroup"} <= {*group.options.ignore_changes}


def test_what_does_not_scale_stays_the_programs() -> None:
    (group,) = of_type(planned({"shards": SHARDS}), "ReplicationGroup")
    assert "replicasPerNodeGroup" not in group.options.ignore_changes
    (group,) = of_type(planned(None), "ReplicationGroup")
    assert "numNodeGroups" not in group.options.ignore_changes


def test_nodes_with_data_tiering_scale_by_memory_and_disk_together() -> None:
    plan = planned({"shards": SHARDS}, node_type="cache.r6gd.xlarge", durability="snapshots")
    (policy,) = of_type(plan, "Policy")
    tracking: Any = policy.inputs["targetTrackingScalingPolicyConfiguration"]
    assert tracking["predefinedMetricSpecification"]["predefinedMetricType"].startswith("ElastiCacheDatabaseCapacity")


def test_every_member_that_may_come_is_watched_and_missed_only_where_it_always_is() -> None:
    plan = planned({"shards": SHARDS, "replicas": REPLICAS})
    cpu: dict[str, Any] = {
        one.name.removeprefix("chat-prod-cache-").removesuffix("-cpu"): one.inputs["treatMissingData"]
        for one in of_type(plan, "MetricAlarm")
        if one.name.endswith("-cpu")
    }
    members = {f"{shard:04}-{member:03}" for shard in range(1, 5) for member in range(1, 4)}
    assert set(cpu) == members, "a shard that the load made is not watched"
    missed = {member for member, silence in cpu.items() if silence == "breaching"}
    assert missed == {"0001-001", "0001-002"}, "somebody is woken because the load went down"


@pytest.mark.parametrize("durability", ["async", "sync"])
def test_the_bill_has_a_range_from_the_fewest_to_the_most_nodes(durability: str) -> None:
    def cost(plan: Plan) -> dict[str, Any]:
        lines = estimate(plan, shipped()).lines
        return {line.part: line.monthly for line in lines if line.part in ("nodes", "durability")}

    config = {"aws:region": "ap-northeast-2"}
    scaled, fewest, most = (
        cost(Plan(**{**{key: getattr(plan, key) for key in plan.__slots__}, "config": config}))
        for plan in (
            planned({"shards": SHARDS, "replicas": REPLICAS}, durability=durability),
            planned(None, durability=durability),
            planned(None, durability=durability, shards=4, replicas=2),
        )
    )
    assert scaled.keys() == fewest.keys() and "nodes" in scaled
    for part, amount in scaled.items():
        assert amount.low == pytest.approx(fewest[part].low) and amount.high == pytest.approx(most[part].high), part
