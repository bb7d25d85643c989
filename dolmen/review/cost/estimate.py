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
    configured = plan.config.get("aws:region")
    region = configured if isinstance(configured, str) else None
    billed = (one for one in plan.resources if one.custom and not one.read and not one.type.startswith("pulumi:"))
    return Estimate(tuple(line for resource in billed for line in _lines(resource, region)))


def _lines(resource: Resource, region: str | None) -> Iterator[Line]:
    own = resource.inputs.get("region")
    counting = _Counting(resource, table(), own if isinstance(own, str) and not own.isupper() else region)
    cost = type_knowledge(resource.type).cost
    if cost is None:
        yield counting.unpriced("the whole resource", "no price is known for this type of resource")
    elif cost.not_priced:
        for item, reason in cost.not_priced.items():
            yield counting.unpriced(item, reason)
    elif not cost.free:
        yield from COUNTERS[resource.type](counting)


@dataclass(frozen=True, slots=True)
class _Counting:
    """Counts one resource."""

    resource: Resource
    table: Table
    region: str | None

    def line(self, item: str, quantity: float | None, *, what: str = "", region: str | None = None) -> Line:
        """`quantity` times the price of a month; `None` where the quantity is not known."""
        where = region or self.region
        price = self.table.find(item, where)
        what = what or item
        if quantity is None:
            return self.unpriced(what, "how many there are is known after apply")
        if quantity == 0:
            return self._line(what, NOTHING)
        if price is None:
            known = (
                f"no price is known in {where}"
                if where and item in self.table.items
                else f"no price of {item} is known"
            )
            return self.unpriced(what, known)
        factor = quantity * (self.table.hours if price.unit == "hour" else 1)
        return self._line(what, price.amount.times(factor), source=_source(price))

    def by_use(self, item: str, assumption: str, region: str | None = None) -> Line:
        price = self.table.find(item, region or self.region)
        if price is None:
            return self.unpriced(item, f"depends on use, and no price is known: {assumption}")
        amount = price.amount
        each = f"{amount.low:g}" if amount.low == amount.high else f"{amount.low:g}–{amount.high:g}"
        usage = f"{each} USD per {price.unit}; {assumption}"
        return self._line(item, usage=usage, source=_source(price))

    def unpriced(self, item: str, reason: str) -> Line:
        return self._line(item, reason=reason)

    def _line(self, item: str, monthly: Amount | None = None, **said: str) -> Line:
        name = f"{self.resource.type.rsplit(':', 1)[-1]} {self.resource.name}"
        return Line(self.resource.urn, name, item, monthly, **said)


def _source(price: Price) -> str:
    return f"{price.source}, {price.date}"


# ---- one counter per type


def _cluster(counting: _Counting) -> Iterator[Line]:
    inputs = counting.resource.inputs
    factor = counting.table.customer_key_factor if inputs.get("encryptionAtRestProvider") == "AWS" else 1.0
    region = counting.region
    for config in gathered(inputs, "replicationSpecs.regionConfigs"):
        for one in config if isinstance(config, list) else [config]:
            if not isinstance(one, Mapping):
                yield counting.unpriced("nodes", "the nodes are known after apply")
                continue
            region = _aws_region(one) or region
            for block, called in (
                ("electableSpecs", "electable"),
                ("readOnlySpecs", "read-only"),
                ("analyticsSpecs", "analytics"),
            ):
                yield from _nodes(counting, one.get(block), called, region, factor)
    if inputs.get("backupEnabled") is True:
        yield counting.by_use("atlas snapshot storage", "depends on the data and the retention", region)
    if inputs.get("pitEnabled") is True:
        yield counting.by_use(
            "atlas continuous backup 5-100 GB", "the first 5 GB of oplog are free, above 100 GB it is cheaper", region
        )


def _nodes(counting: _Counting, specs: Any, called: str, region: str | None, factor: float) -> Iterator[Line]:
    if not isinstance(specs, Mapping):
        return
    size, count = specs.get("instanceSize"), _number(specs.get("nodeCount"))
    if count == 0:
        return
    what = f"{'?' if count is None else f'{count:g}'} × {size} {called}"
    if not isinstance(size, str):
        yield counting.unpriced(f"{called} nodes", "the size is known after apply")
        return
    # The list price is that of three nodes; each further node costs a third of it.
    quantity = None if count is None else count / 3 * factor
    yield counting.line(f"atlas cluster {size}", quantity, what=what, region=region)
    if (disk := _number(specs.get("diskSizeGb"))) is not None:
        yield counting.unpriced(
            f"{disk:g} GB of disk for each {called} node",
            "storage above the size's own bills in full; no price is known",
        )


def _aws_region(config: Mapping[str, Any]) -> str | None:
    name = config.get("regionName")
    if not isinstance(name, str) or config.get("providerName", "AWS") != "AWS":
        return None
    return name.lower().replace("_", "-")


def _cache(counting: _Counting) -> Iterator[Line]:
    inputs = counting.resource.inputs
    node_type, engine = inputs.get("nodeType"), inputs.get("engine", "redis")
    count = _cache_nodes(inputs)
    if isinstance(node_type, str) and isinstance(engine, str):
        what = f"{'?' if count is None else f'{count:g}'} × {node_type} ({engine})"
        yield counting.line(f"{node_type} {engine}", count, what=what)
    else:
        yield counting.unpriced("nodes", "the node type is known after apply")
    if inputs.get("durability") in ("sync", "async"):
        yield counting.unpriced("durability", "the multi-zone log bills apart; no price is known")
    if _number(inputs.get("snapshotRetentionLimit")) != 0:
        yield counting.by_use("cache backup storage", "depends on the keys and the retention")


def _cache_nodes(inputs: Mapping[str, Any]) -> float | None:
    if "numCacheClusters" in inputs:
        return _number(inputs["numCacheClusters"])
    shards = _number(inputs.get("numNodeGroups", 1))
    replicas = _number(inputs.get("replicasPerNodeGroup", 0))
    return None if shards is None or replicas is None else shards * (1 + replicas)


def _atlas_endpoint(counting: _Counting) -> Iterator[Line]:
    region = counting.resource.inputs.get("region")
    where = region.lower().replace("_", "-") if isinstance(region, str) else None
    yield counting.line("atlas private endpoint", 1, region=where)
    yield counting.by_use("atlas private endpoint capacity unit", "depends on the traffic", where)


def _aws_endpoint(counting: _Counting) -> Iterator[Line]:
    if counting.resource.inputs.get("vpcEndpointType") != "Interface":
        return
    subnets = counting.resource.inputs.get("subnetIds")
    zones = len(subnets) if isinstance(subnets, list) else None
    yield counting.line("interface endpoint", zones, what=f"interface endpoint in {zones or '?'} zones")
    yield counting.by_use("interface endpoint traffic", "depends on the traffic")


def _secret(counting: _Counting) -> Iterator[Line]:
    replicas = counting.resource.inputs.get("replicas")
    yield counting.line("secret", 1 + (len(replicas) if isinstance(replicas, list) else 0))
    yield counting.by_use("secret calls", "depends on how often it is read")


def _key(counting: _Counting) -> Iterator[Line]:
    yield counting.line("kms key", 1)


def _alarm(counting: _Counting) -> Iterator[Line]:
    queries = counting.resource.inputs.get("metricQueries")
    metrics = 1
    if isinstance(queries, list):
        metrics = sum(1 for query in queries if isinstance(query, Mapping) and query.get("metric") is not None)
    yield counting.line("alarm metric", max(1, metrics))


def _number(value: Any) -> float | None:
    if value is MISSING or has_unknown(value) or isinstance(value, bool):
        return None
    return float(value) if isinstance(value, int | float) else None


COUNTERS: Mapping[str, Callable[[_Counting], Iterator[Line]]] = {
    "mongodbatlas:index/advancedCluster:AdvancedCluster": _cluster,
    "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint": _atlas_endpoint,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _aws_endpoint,
    "aws:elasticache/replicationGroup:ReplicationGroup": _cache,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:kms/key:Key": _key,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
}
"""One for each type whose file says `cost: priced`."""
