"""ElastiCache: what is watched."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.policy import Settings, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .resource_types import METRIC_ALARM, REPLICATION_GROUP


@stack_policy("elasticache-alarms", severity="medium", enforcement="from-staging-growing")
@words(
    title="A cache's memory, CPU, connections, evictions and lag are watched.",
    rationale="A cache that is full evicts keys or refuses writes, and says so in metrics only.",
    remedy="Make the alarms (CacheAlarms).",
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
