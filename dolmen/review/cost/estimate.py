"""What each resource costs a month: pure counting over its inputs.

A line is priced (so much a month), dependent on use (a unit price and the assumption that is missing) or not priced
(with the reason). Nothing is ever counted as zero for want of a price.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.engine.plan import Plan, Resource
from dolmen.knowledge.loader import type_knowledge
from dolmen.review.cost.prices import NOTHING, Amount, Price, Table, table
from dolmen.review.diff.values import MISSING, has_unknown
from dolmen.review.effects.conditions import gathered


@dataclass(frozen=True, slots=True)
class Line:
    urn: str
    resource: str
    """Type and name, for people."""
    item: str
    monthly: Amount | None = None
    """`None`: dependent on use, or not priced."""
    usage: str = ""
    """What it depends on, with the unit price."""
    reason: str = ""
    """Why it is not priced."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    lines: tuple[Line, ...]

    @property
    def priced(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.monthly is not None)

    @property
    def total(self) -> Amount:
        return sum((line.monthly for line in self.lines if line.monthly is not None), NOTHING)

    @property
    def not_priced(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.reason)

    @property
    def by_use(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.usage)


def estimate(plan: Plan) -> Estimate:
    counting = _Counting(table(), _region(plan))
    lines = [
        line
        for resource in plan.resources
        if resource.custom and not resource.read and not resource.type.startswith("pulumi:")
        for line in _lines(resource, counting)
    ]
    return Estimate(tuple(lines))


def _region(plan: Plan) -> str | None:
    region = plan.config.get("aws:region")
    return region if isinstance(region, str) else None


def _lines(resource: Resource, counting: _Counting) -> Iterator[Line]:
    cost = type_knowledge(resource.type).cost
    if cost is None:
        yield counting.unpriced(resource, "the whole resource", "no price is known for this type of resource")
    elif cost.not_priced:
        for item, reason in cost.not_priced.items():
            yield counting.unpriced(resource, item, reason)
    elif not cost.free:
        region = resource.inputs.get("region")
        here = _Counting(counting.table, region) if isinstance(region, str) and not region.isupper() else counting
        yield from COUNTERS[resource.type](resource, here)


@dataclass(frozen=True, slots=True)
class _Counting:
    table: Table
    region: str | None

    def line(
        self, resource: Resource, item: str, quantity: float | None, *, what: str = "", region: str | None = None
    ) -> Line:
        """`quantity` times the price of a month; `None` where the quantity is not known."""
        where = region or self.region
        price = self.table.find(item, where)
        what = what or item
        if quantity is None:
            return self.unpriced(resource, what, "how many there are is known after apply")
        if quantity == 0:
            return Line(resource.urn, _named(resource), what, NOTHING)
        if price is None:
            known = (
                f"no price is known in {where}"
                if where and item in self.table.items
                else f"no price of {item} is known"
            )
            return self.unpriced(resource, what, known)
        factor = quantity * (self.table.hours if price.unit == "hour" else 1)
        return Line(resource.urn, _named(resource), what, price.amount.times(factor), source=_source(price))

    def by_use(self, resource: Resource, item: str, assumption: str, region: str | None = None) -> Line:
        price = self.table.find(item, region or self.region)
        if price is None:
            return self.unpriced(resource, item, f"depends on use, and no price is known: {assumption}")
        amount = price.amount
        each = f"{amount.low:g}" if amount.low == amount.high else f"{amount.low:g}–{amount.high:g}"
        usage = f"{each} USD per {price.unit}; {assumption}"
        return Line(resource.urn, _named(resource), item, usage=usage, source=_source(price))

    def unpriced(self, resource: Resource, item: str, reason: str) -> Line:
        return Line(resource.urn, _named(resource), item, reason=reason)


def _named(resource: Resource) -> str:
    return f"{resource.type.rsplit(':', 1)[-1]} {resource.name}"


def _source(price: Price) -> str:
    return f"{price.source}, {price.date}"


# ---- one counter per type


def _cluster(resource: Resource, counting: _Counting) -> Iterator[Line]:
    inputs = resource.inputs
    factor = counting.table.customer_key_factor if inputs.get("encryptionAtRestProvider") == "AWS" else 1.0
    region = counting.region
    for config in gathered(inputs, "replicationSpecs.regionConfigs"):
        for one in config if isinstance(config, list) else [config]:
            if not isinstance(one, Mapping):
                yield counting.unpriced(resource, "nodes", "the nodes are known after apply")
                continue
            region = _aws_region(one) or region
            for block, called in (
                ("electableSpecs", "electable"),
                ("readOnlySpecs", "read-only"),
                ("analyticsSpecs", "analytics"),
            ):
                yield from _nodes(resource, counting, one.get(block), called, region, factor)
    if inputs.get("backupEnabled") is True:
        yield counting.by_use(resource, "atlas snapshot storage", "depends on the data and the retention", region)
    if inputs.get("pitEnabled") is True:
        yield counting.by_use(
            resource,
            "atlas continuous backup 5-100 GB",
            "the first 5 GB of oplog are free, above 100 GB it is cheaper",
            region,
        )


def _nodes(
    resource: Resource, counting: _Counting, specs: Any, called: str, region: str | None, factor: float
) -> Iterator[Line]:
    if not isinstance(specs, Mapping):
        return
    size, count = specs.get("instanceSize"), _number(specs.get("nodeCount"))
    if count == 0:
        return
    what = f"{'?' if count is None else f'{count:g}'} × {size} {called}"
    if not isinstance(size, str):
        yield counting.unpriced(resource, f"{called} nodes", "the size is known after apply")
        return
    # The list price is that of three nodes; each further node costs a third of it.
    quantity = None if count is None else count / 3 * factor
    yield counting.line(resource, f"atlas cluster {size}", quantity, what=what, region=region)
    if (disk := _number(specs.get("diskSizeGb"))) is not None:
        yield counting.unpriced(
            resource,
            f"{disk:g} GB of disk for each {called} node",
            "storage above the size's own bills in full; no price is known",
        )


def _aws_region(config: Mapping[str, Any]) -> str | None:
    name = config.get("regionName")
    if not isinstance(name, str) or config.get("providerName", "AWS") != "AWS":
        return None
    return name.lower().replace("_", "-")


def _cache(resource: Resource, counting: _Counting) -> Iterator[Line]:
    inputs = resource.inputs
    node_type, engine = inputs.get("nodeType"), inputs.get("engine", "redis")
    count = _cache_nodes(inputs)
    if isinstance(node_type, str) and isinstance(engine, str):
        what = f"{'?' if count is None else f'{count:g}'} × {node_type} ({engine})"
        yield counting.line(resource, f"{node_type} {engine}", count, what=what)
    else:
        yield counting.unpriced(resource, "nodes", "the node type is known after apply")
    if inputs.get("durability") in ("sync", "async"):
        yield counting.unpriced(resource, "durability", "the multi-zone log bills apart; no price is known")
    if _number(inputs.get("snapshotRetentionLimit")) != 0:
        yield counting.by_use(resource, "cache backup storage", "depends on the keys and the retention")


def _cache_nodes(inputs: Mapping[str, Any]) -> float | None:
    if "numCacheClusters" in inputs:
        return _number(inputs["numCacheClusters"])
    shards = _number(inputs.get("numNodeGroups", 1))
    replicas = _number(inputs.get("replicasPerNodeGroup", 0))
    return None if shards is None or replicas is None else shards * (1 + replicas)


def _atlas_endpoint(resource: Resource, counting: _Counting) -> Iterator[Line]:
    region = resource.inputs.get("region")
    where = region.lower().replace("_", "-") if isinstance(region, str) else None
    yield counting.line(resource, "atlas private endpoint", 1, region=where)
    yield counting.by_use(resource, "atlas private endpoint capacity unit", "depends on the traffic", where)


def _aws_endpoint(resource: Resource, counting: _Counting) -> Iterator[Line]:
    if resource.inputs.get("vpcEndpointType") != "Interface":
        return
    subnets = resource.inputs.get("subnetIds")
    zones = len(subnets) if isinstance(subnets, list) else None
    yield counting.line(resource, "interface endpoint", zones, what=f"interface endpoint in {zones or '?'} zones")
    yield counting.by_use(resource, "interface endpoint traffic", "depends on the traffic")


def _secret(resource: Resource, counting: _Counting) -> Iterator[Line]:
    replicas = resource.inputs.get("replicas")
    yield counting.line(resource, "secret", 1 + (len(replicas) if isinstance(replicas, list) else 0))
    yield counting.by_use(resource, "secret calls", "depends on how often it is read")


def _key(resource: Resource, counting: _Counting) -> Iterator[Line]:
    yield counting.line(resource, "kms key", 1)


def _alarm(resource: Resource, counting: _Counting) -> Iterator[Line]:
    queries = resource.inputs.get("metricQueries")
    metrics = 1
    if isinstance(queries, list):
        metrics = sum(1 for query in queries if isinstance(query, Mapping) and query.get("metric") is not None)
    yield counting.line(resource, "alarm metric", max(1, metrics))


def _number(value: Any) -> float | None:
    if value is MISSING or has_unknown(value) or isinstance(value, bool):
        return None
    return float(value) if isinstance(value, int | float) else None


COUNTERS: Mapping[str, Callable[[Resource, _Counting], Iterator[Line]]] = {
    "mongodbatlas:index/advancedCluster:AdvancedCluster": _cluster,
    "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint": _atlas_endpoint,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _aws_endpoint,
    "aws:elasticache/replicationGroup:ReplicationGroup": _cache,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:kms/key:Key": _key,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
}
"""One for each type whose file says `cost: priced`."""
