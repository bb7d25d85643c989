"""Small programs around the cache's components, and what they register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# Imported here, once: every plan is made in a forked child of this process, which then has them already.
from components.cache import CacheAccess, CacheAlarmTopics, CacheReplicationGroup
from dolmen.engine import Plan, evaluate_program
from dolmen.engine.plan import Resource

GROUP: dict[str, Any] = {
    "replication_group_id": "chat-prod-cache",
    "engine": "valkey",
    "version": "9.0",
    "node_type": "cache.r7g.large",
    "cluster_mode": True,
    "shards": 2,
    "replicas": 1,
    "multi_az": True,
    "durability": "async",
    "user_group_id": "chat-prod-cache",
    "vpc_id": "vpc-1",
    "private_subnet_ids": ["subnet-1", "subnet-2"],
    "client_security_group_ids": {"clients": "sg-clients"},
    "maintenance_window": "sun:17:00-sun:18:00",
    "snapshot_window": "19:00-20:00",
    "snapshot_retention_days": 7,
    "final_snapshot": True,
    "minor_upgrades": False,
    "apply_immediately": True,
    "slow_log": True,
    "engine_log": True,
    "log_retention_days": 30,
    "protect_data": True,
    "tags": {"team": "chat"},
}
SINGLE: dict[str, Any] = GROUP | {
    "cluster_mode": False,
    "shards": 1,
    "replicas": 0,
    "multi_az": False,
    "durability": "snapshots",
    "protect_data": False,
    "final_snapshot": False,
}
WARNINGS = "arn:aws:sns:ap-northeast-2:123456789012:warnings"
SEVERE = "arn:aws:sns:ap-northeast-2:123456789012:severe"
KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/11111111-2222-3333-4444-555555555555"


_PLANS: dict[str, Plan] = {}
"""Plans that tests share: the same arguments make the same plan."""


def _shared(key: object, program: Callable[[], Any]) -> Plan:
    name = repr(key)
    if name not in _PLANS:
        _PLANS[name] = plan_of(program)
    return _PLANS[name]


def plan_of(program: Callable[[], Any], **options: Any) -> Plan:
    plan = evaluate_program(program, **options)
    assert plan.failure is None, plan.failure
    return plan


def group_plan(**changes: Any) -> Plan:
    def program() -> None:
        CacheReplicationGroup("cache", {**GROUP, **changes})  # pyright: ignore

    return _shared(("group", changes), program)


def access_plan(users: Mapping[str, Mapping[str, Any]], engine: str = "valkey") -> Plan:
    def program() -> None:
        CacheAccess("access", {"platform": "chat-prod", "engine": engine, "users": users})  # pyright: ignore

    return _shared(("access", users, engine), program)


def alarms_plan(limits: Mapping[str, int] | None = None, **changes: Any) -> Plan:
    """A cache that is watched."""
    return group_plan(alarms={"warnings_topic_arn": WARNINGS, "severe_topic_arn": SEVERE, **(limits or {})}, **changes)


def topics_plan(**changes: Any) -> Plan:
    def program() -> None:
        CacheAlarmTopics("alarms", {"platform": "chat-prod", **changes})  # pyright: ignore

    return _shared(("topics", changes), program)


def of_type(plan: Plan, suffix: str) -> list[Resource]:
    return [resource for resource in plan if resource.type.endswith(suffix)]


def one(plan: Plan, suffix: str) -> Resource:
    found = of_type(plan, suffix)
    assert len(found) == 1, f"expected one {suffix}, found {[r.name for r in found]}"
    return found[0]
