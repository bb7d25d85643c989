"""What ElastiCache bills: nodes, durability, snapshots.

https://aws.amazon.com/elasticache/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dolmen.review.cost.lines import Counting, Line, mapping, number
from dolmen.review.diff.values import MISSING

SCALABLE_TARGET = "aws:appautoscaling/target:Target"
REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def replication_group(counting: Counting) -> Iterator[Line]:
    inputs = counting.resource.inputs
    node_type, engine = inputs.get("nodeType"), inputs.get("engine", "redis")
    count = _nodes(inputs)
    scaled = _scaled(counting)
    if isinstance(node_type, str) and isinstance(engine, str) and scaled is not None and "‹" not in node_type + engine:
        yield from _autoscaled(counting, f"{node_type} {engine}", scaled)
    elif isinstance(node_type, str) and isinstance(engine, str) and "‹" not in node_type + engine:
        what = f"{'?' if count is None else f'{count:g}'} × {node_type} ({engine})"
        yield counting.line("nodes", f"{node_type} {engine}", count, what)
        yield from _durability(counting, f"{node_type} {engine}", count)
    else:
        yield counting.unknown("nodes", "nodes", "the node type is known after apply")
    yield from _snapshots(counting)


def _scaled(counting: Counting) -> tuple[float, float] | None:
    """The fewest and the most nodes, where Application Auto Scaling adds and removes them."""
    inputs, urn = counting.resource.inputs, counting.resource.urn
    ends = {"NodeGroups": _or(inputs.get("numNodeGroups"), 1), "Replicas": _or(inputs.get("replicasPerNodeGroup"), 0)}
    found = {part: (number(value), number(value)) for part, value in ends.items()}
    scaled = False
    for one in counting.plan.resources:
        part = str(one.inputs.get("scalableDimension", "")).rpartition(":")[2]
        if one.type == SCALABLE_TARGET and part in found and urn in one.property_dependencies.get("resourceId", ()):
            found[part] = (number(one.inputs.get("minCapacity")), number(one.inputs.get("maxCapacity")))
            scaled = True
    low, high = ([ends[side] for ends in found.values()] for side in (0, 1))
    if not scaled or None in (*low, *high):
        return None
    return (low[0] or 0) * (1 + (low[1] or 0)), (high[0] or 0) * (1 + (high[1] or 0))


def _autoscaled(counting: Counting, item: str, scaled: tuple[float, float]) -> Iterator[Line]:
    """Nodes whose number the load decides, and the log of each where durability is synchronous."""
    least, most = scaled
    price = counting.prices.find(item, counting.region)
    what = f"{least:g} to {most:g} × {item.replace(' ', ' (', 1)})"
    if price is None:
        yield counting.unknown("nodes", what, counting.why_not(item))
        yield from _durability(counting, item, None)
        return
    low, high = (price.amount.times(count * counting.months(price)) for count in scaled)
    yield counting.priced("nodes", what, price, low, f"autoscaling {least:g} to {most:g} nodes", high)
    logs = [[*_durability(counting, item, count)] for count in scaled]
    for first, last in zip(*logs, strict=True):
        if first.monthly is None or last.monthly is None:
            yield first
        else:
            percent = f"{counting.prices.rules.synchronous_durability:g} % of the node, as in six readings of 2026"
            yield counting.priced("durability", first.item, price, first.monthly, percent, last.monthly)


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
