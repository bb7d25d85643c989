"""What ElastiCache bills: nodes, durability, snapshots.

https://aws.amazon.com/elasticache/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dolmen.review.cost.lines import Counting, Line, mapping, number
from dolmen.review.diff.values import MISSING

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def replication_group(counting: Counting) -> Iterator[Line]:
    inputs = counting.resource.inputs
    node_type, engine = inputs.get("nodeType"), inputs.get("engine", "redis")
    count = _nodes(inputs)
    if isinstance(node_type, str) and isinstance(engine, str) and "‹" not in node_type + engine:
        what = f"{'?' if count is None else f'{count:g}'} × {node_type} ({engine})"
        yield counting.line("nodes", f"{node_type} {engine}", count, what)
        yield from _durability(counting, f"{node_type} {engine}", count)
    else:
        yield counting.unknown("nodes", "nodes", "the node type is known after apply")
    yield from _snapshots(counting)


def _nodes(inputs: Mapping[str, Any]) -> float | None:
    if inputs.get("numCacheClusters") is not None:
        return number(inputs["numCacheClusters"])
    groups = inputs.get("nodeGroupConfigurations")
    if isinstance(groups, list) and inputs.get("numNodeGroups") is None:
        replicas = [
            number(_or(mapping(one).get("replicaCount"), inputs.get("replicasPerNodeGroup"), 0)) for one in groups
        ]
        return None if None in replicas else sum(1 + one for one in replicas if one is not None)
    shards, each = number(_or(inputs.get("numNodeGroups"), 1)), number(_or(inputs.get("replicasPerNodeGroup"), 0))
    return None if shards is None or each is None else shards * (1 + each)


def _or(*values: Any) -> Any:
    """The first that is given."""
    return next((one for one in values if one is not None), None)


def _durability(counting: Counting, item: str, count: float | None) -> Iterator[Line]:
    """Synchronous writes bill each node's log; asynchronous ones cost nothing more.

    https://aws.amazon.com/about-aws/whats-new/2026/10/elasticache-changing-durability/
    """
    chosen = counting.resource.inputs.get("durability", MISSING)
    if chosen in (MISSING, None, "async", "disabled", "default"):
        return
    if chosen != "sync":
        yield counting.unknown("durability", "durability", "which one is known after apply")
        return
    price, percent = counting.prices.find(item, counting.region), counting.prices.rules.synchronous_durability
    what = "log of synchronous durability"
    if price is None or count is None:
        reason = "how many nodes there are is known after apply" if count is None else counting.why_not(item)
        yield counting.unknown("durability", what, reason)
        return
    amount = price.amount.times(count * counting.months(price) * percent / 100)
    yield counting.priced("durability", what, price, amount, f"{percent:g} % of the node, as in six readings of 2026")


def _snapshots(counting: Counting) -> Iterator[Line]:
    """One snapshot is free: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups.html"""
    kept = counting.resource.inputs.get("snapshotRetentionLimit", 0)
    days = number(kept)
    if kept is None or (days is not None and days <= 1):
        return
    said = counting.share(counting.usage.cache_gb, REPLICATION_GROUP)
    if said is None:
        yield counting.by_use("cache snapshots", "cache backup storage", "depends on the keys; the first one is free")
    else:
        quantity = None if days is None else (days - 1) * said
        what = f"{'?' if days is None else f'{days - 1:g}'} snapshots of {said:g} GB"
        yield counting.line("cache snapshots", "cache backup storage", quantity, what)
