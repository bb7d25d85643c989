"""Which alarms a cache needs, with what thresholds: pure arithmetic over its topology and node type."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from . import catalog

NODE_ID = "0001"
"""The one node of a member cluster."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What about the cache decides which alarms exist."""

    node_type: str
    cluster_mode: bool
    shards: int
    replicas: int
    durability: str


@dataclass(frozen=True, slots=True)
class Limits:
    memory_percent: int = 80
    connections_percent: int = 80
    cpu_percent: int = 90
    replication_lag_seconds: int = 10


@dataclass(frozen=True, slots=True)
class Alarm:
    key: str
    metric: str
    per_node: bool
    """Whether the metric wants `CacheNodeId` beside `CacheClusterId`."""
    statistic: str
    comparison: str
    threshold: float
    period: int
    evaluate: int
    breach: int
    missing_data: str
    severe: bool
    description: str


def member_suffixes(watched: Watched) -> tuple[str, ...]:
    """What follows the group's id in each member's: `001` …, or `0001-001` … in cluster mode.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Redis-RedisCluster.html
    """
    members = [f"{member:03d}" for member in range(1, watched.replicas + 2)]
    if not watched.cluster_mode:
        return tuple(members)
    return tuple(f"{shard:04d}-{member}" for shard in range(1, watched.shards + 1) for member in members)


def alarms(watched: Watched, limits: Limits) -> Iterator[Alarm]:
    """The alarms of each member."""
    node = catalog.node_type(watched.node_type)
    holds = {
        "always": True,
        "replicas": watched.replicas > 0,
        "smallNodes": node.vcpu <= 2,
        "largeNodes": node.vcpu > 2,
        "durable": watched.durability in ("sync", "async"),
        "async": watched.durability == "async",
    }
    named = {
        "memoryPercent": float(limits.memory_percent),
        "connectionsPercentOfLimit": float(node.connections * limits.connections_percent // 100),
        "replicationLagSeconds": float(limits.replication_lag_seconds),
        "cpuPercent": float(limits.cpu_percent),
        "cpuPercentOfOneCore": limits.cpu_percent / node.vcpu,
    }
    for row in _rows():
        if holds[row["where"]]:
            yield _alarm(row, named)


def _alarm(row: Mapping[str, Any], named: Mapping[str, float]) -> Alarm:
    threshold = row["threshold"]
    return Alarm(
        key=row["key"],
        metric=row["metric"],
        per_node=row["dimensions"] == "node",
        statistic=row["statistic"],
        comparison=row["comparison"],
        threshold=named[threshold] if isinstance(threshold, str) else float(threshold),
        period=row["period"],
        evaluate=row["evaluate"],
        breach=row["breach"],
        missing_data=row["missingData"],
        severe=row["severity"] == "severe",
        description=row["description"],
    )


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    path = Path(__file__).parent / "data" / "alarms.json"
    return tuple(json.loads(path.read_text(encoding="utf-8"))["alarms"])
