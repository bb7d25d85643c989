"""Which alarms a cache needs, with what thresholds: pure arithmetic over its topology and node type."""

from collections.abc import Iterator
from dataclasses import dataclass

from . import tables

NODE_ID = "0001"
"""The one node of a member cluster."""
MEMORY_PERCENT = 80
CONNECTIONS_PERCENT = 80
CPU_PERCENT = 90
REPLICATION_LAG_SECONDS = 10
REFUSED_ATTEMPTS = 10
"""In five minutes. Some clients ask for what they can do without, such as CLIENT LIST, whenever they connect."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What about the cache decides which alarms exist."""

    node_type: str
    cluster_mode: bool
    shards: int
    """The most that there can be."""
    replicas: int
    """The same, of each shard."""
    durability: str
    steady_shards: int | None = None
    """Those that are always there, where the others come and go. Default: all."""
    steady_replicas: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is wrong."""

    memory_percent: int = MEMORY_PERCENT
    connections_percent: int = CONNECTIONS_PERCENT
    cpu_percent: int = CPU_PERCENT
    replication_lag_seconds: int = REPLICATION_LAG_SECONDS
    refused_attempts: int = REFUSED_ATTEMPTS


def member_suffixes(watched: Watched) -> tuple[str, ...]:
    """What follows the group's id in each member's: `001` …, or `0001-001` … in cluster mode.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Redis-RedisCluster.html
    """
    members = [f"{member:03d}" for member in range(1, watched.replicas + 2)]
    if not watched.cluster_mode:
        return tuple(members)
    return tuple(f"{shard:04d}-{member}" for shard in range(1, watched.shards + 1) for member in members)


def comes_and_goes(watched: Watched, suffix: str) -> bool:
    """Whether a member is there under load only: of it silence is no trouble."""
    *shard, member = (int(part) for part in suffix.split("-"))
    steady = watched.steady_replicas
    beyond = watched.steady_shards is not None and bool(shard) and shard[0] > watched.steady_shards
    return beyond or (steady is not None and member > 1 + steady)


def alarms(watched: Watched) -> Iterator[tables.AlarmRow]:
    """The alarms of each member. A key names one alarm, whatever metric the node type makes it watch."""
    small = tables.node_type(watched.node_type).vcpu <= 2
    holds = {
        "always": True,
        "replicas": watched.replicas > 0,
        "smallNodes": small,
        "largeNodes": not small,
        "durable": watched.durability in ("sync", "async"),
        "async": watched.durability == "async",
    }
    return (row for row in tables.alarm_rows() if holds[row["where"]])


def threshold(row: tables.AlarmRow, node_type: str, limits: Limits) -> float:
    """The number that a row gives, or the limit that it names."""
    node = tables.node_type(node_type)
    named = {
        "memoryPercent": float(limits.memory_percent),
        "connectionsPercentOfLimit": float(node.connections * limits.connections_percent // 100),
        "replicationLagSeconds": float(limits.replication_lag_seconds),
        "refusedAttempts": float(limits.refused_attempts),
        "cpuPercent": float(limits.cpu_percent),
        "cpuPercentOfOneCore": limits.cpu_percent / node.vcpu,
    }
    given = row["threshold"]
    return named[given] if isinstance(given, str) else float(given)
