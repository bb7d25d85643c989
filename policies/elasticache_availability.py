"""ElastiCache: what is watched, and what a failure or a mistake takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .elasticache import engine, in_group, snapshots_exist
from .framework.policy import Settings, resource_policy, setting, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .framework.values import UNKNOWN
from .resource_types import (
    ANY_CACHE,
    CACHE_CLUSTER,
    METRIC_ALARM,
    NODE_BASED_CACHES,
    PARAMETER_GROUP,
    REPLICATION_GROUP,
)


@stack_policy("elasticache-alarms", severity="medium", enforcement="from-staging-growing")
@words(
    title="A cache's memory, CPU, connections, evictions and lag are watched.",
    rationale="A cache that is full evicts keys or refuses writes, and says so in metrics only.",
    remedy="Give the replication group alarms; in a stack file, alarms: { email: [ops@company.com] }.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
)
def cache_alarms(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for cache in stack.of(REPLICATION_GROUP):
        watched = {
            alarm.known("metricName")
            for alarm in stack.of(METRIC_ALARM)
            if alarm.known("namespace") == "AWS/ElastiCache" and _is_about(stack, alarm, cache)
        }
        single = (cache.number("numCacheClusters", default=2) or 2) < 2
        wanted = table("alarms")["cacheAlarms"]
        missing = [
            subject
            for subject, metrics in wanted.items()
            if not watched & set(metrics) and not (single and subject == "replication lag")
        ]
        if missing:
            yield cache, f"No alarm watches: {', '.join(missing)}."


def _is_about(stack: Stack, alarm: Resource, cache: Resource) -> bool:
    if cache.urn in alarm.depends("dimensions"):
        return True
    identifier = cache.known("replicationGroupId")
    dimensions = alarm.view("dimensions")
    named = [dimensions.known(key) for key in ("CacheClusterId", "ReplicationGroupId")] if dimensions else []
    return bool(identifier) and any(one == identifier or one.startswith(f"{identifier}-") for one in named)


@resource_policy(
    "elasticache-automatic-failover", REPLICATION_GROUP, severity="medium", enforcement="from-staging-growing"
)
@words(
    title="A replica takes over by itself.",
    rationale="Without it, a failed primary is an outage until somebody acts.",
    remedy="Set automaticFailoverEnabled: true, with at least one replica.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
)
def automatic_failover(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.flag("automaticFailoverEnabled", default=False) is False:
        yield "automaticFailoverEnabled is off: when the primary fails, somebody has to promote a replica by hand."


@resource_policy("elasticache-multi-az", *NODE_BASED_CACHES, severity="medium", enforcement="from-staging-growing")
@words(
    title="A cache stands in several zones.",
    rationale="Otherwise one zone's failure takes primary and replicas together.",
    remedy="Set multiAzEnabled: true, with automatic failover and subnets in two zones; in a stack file, remove multiAz: false.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
)
def multi_az(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.type == CACHE_CLUSTER:
        several = engine(cache) == "memcached" and (cache.number("numCacheNodes", default=1) or 1) > 1
        if several and cache.known("azMode") != "cross-az":
            yield "azMode is not cross-az: one zone's failure takes every node."
        return
    if cache.flag("multiAzEnabled", default=False) is False:
        yield "multiAzEnabled is off: all nodes may stand in one zone, and fail with it."


@resource_policy("elasticache-replicas", REPLICATION_GROUP, severity="medium", enforcement="from-staging-growing")
@words(
    title="Each shard has a replica.",
    rationale="A shard without one loses its keys with its node.",
    remedy="Set replicasPerNodeGroup: 1, or numCacheClusters: 2 with cluster mode disabled.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/FaultTolerance.html",
)
def replicas(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.given("globalReplicationGroupId"):
        return
    shards = cache.views("nodeGroupConfigurations")
    if any(shard.number("replicaCount", default=0) == 0 for shard in shards):
        yield "A shard has no replica: its keys are gone with its node."
    elif not shards and cache.raw("nodeGroupConfigurations") is not UNKNOWN:
        per_shard = cache.number("replicasPerNodeGroup")
        nodes = cache.number("numCacheClusters")
        known = cache.raw("replicasPerNodeGroup") is not UNKNOWN and cache.raw("numCacheClusters") is not UNKNOWN
        if known and (per_shard or 0) < 1 and (nodes or 1) < 2:
            yield "There is no replica: the keys are gone with the node."


@resource_policy("elasticache-backup", *ANY_CACHE, severity="high", enforcement="production")
@setting("minimumDays", "Days that snapshots are kept at least.", {"development": 1, "staging": 3, "production": 7})
@words(
    title="Snapshots of a cache are taken, and kept long enough.",
    rationale="Durability protects from failures of nodes, not from a wrong command or program.",
    remedy="Set snapshotRetentionLimit: 7; in a stack file, snapshots.retentionDays: 7.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html",
)
def backup(cache: Resource, settings: Settings) -> Iterator[str]:
    if not snapshots_exist(cache) or in_group(cache) or engine(cache) == "memcached":
        return
    days = cache.number("snapshotRetentionLimit", default=0)
    minimum = settings.number("minimumDays", cache)
    if days is not None and days < minimum:
        kept = "No snapshots are taken" if days == 0 else f"Snapshots are kept for {days:g} days"
        yield f"{kept}: at least {minimum:g} days here."


@resource_policy("elasticache-final-snapshot", *NODE_BASED_CACHES, severity="medium", enforcement="production-only")
@words(
    title="A production cache leaves a snapshot when it is deleted.",
    rationale="The automatic snapshots go with the cache.",
    remedy="Give finalSnapshotIdentifier; in a stack file, remove snapshots.final: false.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-final.html",
)
def final_snapshot(cache: Resource, settings: Settings) -> Iterator[str]:
    if snapshots_exist(cache) and not in_group(cache) and not cache.given("finalSnapshotIdentifier"):
        yield "finalSnapshotIdentifier is absent: deleting the cache keeps nothing of it."


@resource_policy("elasticache-durability", REPLICATION_GROUP, severity="low", enforcement="advice-in-production")
@words(
    title="A production cache that can keep its writes does so.",
    rationale="With durability disabled, a failure loses every write since the last snapshot.",
    remedy="Set durability: async (at most 10 s are lost) or sync.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Durability.html",
)
def durability(cache: Resource, settings: Settings) -> Iterator[str]:
    """Only where the engine can: Valkey 9.0 in cluster mode, and only for a choice that was written down."""
    if cache.known("durability").lower() == "disabled":
        yield "durability is disabled: a failure loses every write since the last snapshot."


@resource_policy("elasticache-burstable-nodes", *NODE_BASED_CACHES, severity="medium", enforcement="production-only")
@words(
    title="A production cache's nodes keep their speed under lasting load.",
    rationale="A t node that has spent its CPU credits answers at a fraction of its speed until it has earned new ones.",
    remedy="Choose an m7g or r7g node in nodeType.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
)
def burstable_nodes(cache: Resource, settings: Settings) -> Iterator[str]:
    if re.match(r"cache\.t\d", cache.known("nodeType")):
        yield f"{cache.known('nodeType')} slows down when its CPU credits are spent."


@resource_policy("elasticache-reserved-memory", PARAMETER_GROUP, severity="medium", enforcement="production-only")
@setting("lowest", "Percent of a node's memory that keys never take, at least.", 20)
@setting("highest", "Percent of a node's memory that keys never take, at most.", 30)
@words(
    title="A production cache leaves 20 to 30 % of its memory to snapshots and failovers.",
    rationale="Snapshots and failovers need it: with less the node swaps, with more it is paid for and not used.",
    remedy="Set the parameter reserved-memory-percent to 20 to 30; its default is 25.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html",
)
def reserved_memory(group: Resource, settings: Settings) -> Iterator[str]:
    lowest, highest = settings.number("lowest", group), settings.number("highest", group)
    for parameter in group.views("parameters"):
        percent = parameter.number("value") if parameter.known("name") == "reserved-memory-percent" else None
        if percent is not None and not lowest <= percent <= highest:
            yield f"reserved-memory-percent is {percent:g}: {lowest:g} to {highest:g} here."


@resource_policy("elasticache-node-quota", REPLICATION_GROUP, severity="low", enforcement="always")
@setting("mostNodes", "Nodes of a cache in cluster mode, at most.", 90)
@words(
    title="A cache has no more nodes than AWS allows without asking.",
    rationale="Beyond the quota AWS refuses the cache, in the middle of a deployment.",
    remedy="Choose fewer shards or replicas, or have the quota raised and say when in the acceptance.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html",
)
def node_quota(cache: Resource, settings: Settings) -> Iterator[str]:
    shards = cache.number("numNodeGroups", default=1)
    replicas = cache.number("replicasPerNodeGroup", default=0)
    most = settings.number("mostNodes", cache)
    if shards is not None and replicas is not None and shards * (replicas + 1) > most:
        yield f"These are {shards * (replicas + 1):g} nodes, and AWS allows {most:g} unless the quota was raised."
