"""What MongoDB Atlas bills: clusters, their disks and backups, private endpoints.

https://www.mongodb.com/docs/atlas/billing/cluster-configuration-costs/
https://www.mongodb.com/docs/atlas/billing/additional-services/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.review.cost.lines import Counting, Line, mapping, number, uplift
from dolmen.review.cost.prices import NOTHING, Amount, Kind
from dolmen.review.diff.values import is_unknown
from dolmen.review.effects.conditions import gathered

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ENDPOINT = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
_AUDITING = "mongodbatlas:index/auditing:Auditing"
_NODES = {
    "electableSpecs": ("electable", "autoScaling"),
    "readOnlySpecs": ("read-only", "autoScaling"),
    "analyticsSpecs": ("analytics", "analyticsAutoScaling"),
}
_LISTED_NODES = 3
"""A list price is that of three nodes; each further one costs a third of it."""
_FREE_BACKUP_GB = 5
_BANDS = (("5-100 GB", 5, 100), ("100-250 GB", 100, 250), ("250-500 GB", 250, 500), ("over 500 GB", 500, None))


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Nodes of one kind in one region."""

    part: str
    called: str
    region: str | None
    size: str
    sizes: tuple[str, str]
    """The smallest and the largest that autoscaling may choose."""
    count: float | None
    disk: Any

    def included(self, counting: Counting) -> float | None:
        return counting.prices.rules.included_storage.get(self.size)


def cluster(counting: Counting) -> Iterator[Line]:
    inputs = counting.resource.inputs
    if inputs.get("paused") is True:
        yield counting.unknown("nodes", "a paused cluster", "its storage is billed alone; no price is known")
        return
    found: list[_Nodes] = []
    lines: list[Line] = []
    for number_, config in enumerate(_configs(inputs)):
        if not isinstance(config, Mapping):
            lines.append(counting.unknown(f"nodes {number_}", "nodes", "the nodes are known after apply"))
        elif (provider := config.get("providerName", "AWS")) != "AWS":
            lines.append(counting.unknown(f"nodes {number_}", f"nodes on {provider}", "prices of AWS alone are known"))
        else:
            lines += _region(counting, config, number_, found)
    if inputs.get("clusterType") in ("SHARDED", "GEOSHARDED"):
        lines.append(counting.unknown("config servers", "config servers", "no price is known"))
    yield from lines
    rules = counting.prices.rules
    if inputs.get("encryptionAtRestProvider") == "AWS":
        yield uplift(counting, "customer key", f"customer key, {rules.customer_key:g} %", rules.customer_key, lines)
    if any(one.type == _AUDITING and one.inputs.get("enabled") is True for one in counting.plan.resources):
        yield uplift(counting, "auditing", f"auditing, {rules.auditing:g} %", rules.auditing, lines)
    yield from _backup(counting, found)
    region = found[0].region if found else counting.region
    said = counting.share(counting.usage.transfer_gb, CLUSTER)
    if said is None:
        yield counting.by_use("data transfer", "atlas data transfer", "depends on where clients are", region)
    else:
        yield counting.line("data transfer", "atlas data transfer", said, f"{said:g} GB from the cluster", region)


def _configs(inputs: Mapping[str, Any]) -> Iterator[Any]:
    for config in gathered(inputs, "replicationSpecs.regionConfigs"):
        yield from config if isinstance(config, list) else [config]


def _region(counting: Counting, config: Mapping[str, Any], place: int, found: list[_Nodes]) -> Iterator[Line]:
    region = aws_region(config.get("regionName"))
    for block, (called, scaling) in _NODES.items():
        specs = config.get(block)
        if specs is None or number(mapping(specs).get("nodeCount")) == 0:
            continue
        part = f"{called} nodes" if place == 0 else f"{called} nodes {place}"
        size = mapping(specs).get("instanceSize")
        if not isinstance(size, str) or is_unknown(size):
            yield counting.unknown(part, f"{called} nodes", "the size is known after apply")
            continue
        sizes = _sizes(size, mapping(config.get(scaling)))
        nodes = _Nodes(part, called, region, size, sizes, number(specs.get("nodeCount")), specs.get("diskSizeGb"))
        found.append(nodes)
        yield _priced(counting, nodes)
        yield from _disk(counting, nodes)
        yield from _iops(counting, nodes, specs)


def _sizes(size: str, scaling: Mapping[str, Any]) -> tuple[str, str]:
    if scaling.get("computeEnabled") is not True:
        return size, size
    least = scaling.get("computeMinInstanceSize") if scaling.get("computeScaleDownEnabled") is True else None
    most = scaling.get("computeMaxInstanceSize")
    return least if isinstance(least, str) else size, most if isinstance(most, str) else size


def _priced(counting: Counting, nodes: _Nodes) -> Line:
    least, most = nodes.sizes
    number_ = "?" if nodes.count is None else f"{nodes.count:g}"
    what = f"{number_} × {nodes.size if least == most else f'{least} to {most}'} {nodes.called}"
    if nodes.region is None:
        return counting.unknown(nodes.part, what, "the region is known after apply")
    quantity = None if nodes.count is None else nodes.count / _LISTED_NODES
    if least == most:
        return counting.line(nodes.part, f"atlas cluster {nodes.size}", quantity, what, nodes.region)
    lines = [counting.line(nodes.part, f"atlas cluster {one}", quantity, what, nodes.region) for one in nodes.sizes]
    low, high = (line.monthly for line in lines)
    if low is None or high is None:
        return next(line for line in lines if line.monthly is None)
    price = counting.prices.find(f"atlas cluster {most}", nodes.region)
    assert price is not None, "the largest size has an amount"
    return counting.priced(
        nodes.part, what, price, Amount(low.low, high.high), f"autoscaling {least} to {most}", "load"
    )


def _disk(counting: Counting, nodes: _Nodes) -> Iterator[Line]:
    """A disk of another size than the node's own bills in full, says the documentation."""
    if nodes.disk is None or "NVME" in nodes.size:
        return
    part, disk, included = nodes.part.replace("nodes", "disks"), number(nodes.disk), nodes.included(counting)
    if disk is None or included is None:
        reason = "the size is known after apply" if disk is None else f"the disk of {nodes.size} itself is not known"
        yield counting.unknown(part, f"disks of the {nodes.called} nodes", reason)
    elif disk != included:
        what = f"{disk:g} GB of disk for each {nodes.called} node"
        quantity = None if nodes.count is None else nodes.count * disk
        line = counting.line(part, "atlas storage", quantity, what, nodes.region)
        if disk < included and line.monthly is not None:
            price = counting.prices.find("atlas storage", nodes.region)
            assert price is not None, "the line has an amount"
            rule = f"at most; {included:g} GB are included, and whether less is billed is not said"
            line = counting.priced(part, what, price, Amount(0.0, line.monthly.high), rule)
        yield line


def _iops(counting: Counting, nodes: _Nodes, specs: Mapping[str, Any]) -> Iterator[Line]:
    iops = specs.get("diskIops")
    if iops is not None and specs.get("ebsVolumeType") == "PROVISIONED" and "NVME" not in nodes.size:
        amount = number(iops)
        part = nodes.part.replace("nodes", "IOPS")
        quantity = None if amount is None or nodes.count is None else amount * nodes.count
        what = f"{'?' if amount is None else f'{amount:g}'} provisioned IOPS for each {nodes.called} node"
        yield counting.line(part, "atlas provisioned IOPS", quantity, what, nodes.region)


def _backup(counting: Counting, found: list[_Nodes]) -> Iterator[Line]:
    """Snapshots and the oplog are one sum, and MongoDB bills either rate, never both.

    https://www.mongodb.com/docs/atlas/billing/cluster-configuration-costs/#backup
    """
    inputs = counting.resource.inputs
    continuous = inputs.get("pitEnabled") is True
    if inputs.get("backupEnabled") is not True and not continuous:
        return
    region = found[0].region if found else counting.region
    what = "continuous backup" if continuous else "snapshots"
    disks = [number(one.disk) or one.included(counting) for one in found if one.called == "electable"]
    said = counting.share(counting.usage.backup_gb, CLUSTER)
    if said is not None:
        volume, told, rule = (said, said), f"{said:g} GB", ""
    elif disks and disks[0] is not None:
        volume, told = (0.0, disks[0]), f"0–{disks[0]:g} GB"
        rule = "assumed: from nothing to a full disk; `usage.backupGb` says more"
    else:
        yield counting.by_use("backup", "atlas snapshot storage", "depends on the data and the retention", region)
        return
    if continuous:
        yield _continuous(counting, f"{what}, {told}", volume, rule, region)
    else:
        yield _volume(counting, "atlas snapshot storage", f"{what}, {told}", volume, rule, region)


def _volume(
    counting: Counting, item: str, what: str, volume: tuple[float, float], rule: str, region: str | None
) -> Line:
    price = counting.prices.find(item, region)
    if price is None:
        return counting.unknown("backup", what, counting.why_not(item, region))
    return counting.priced("backup", what, price, price.amount.times(*volume), rule, "volume" if rule else "")


def _continuous(counting: Counting, what: str, volume: tuple[float, float], rule: str, region: str | None) -> Line:
    total = NOTHING
    rule = "; ".join(one for one in (f"the first {_FREE_BACKUP_GB} GB are free", rule) if one)
    price = None
    for name, start, end in _BANDS:
        inside = tuple(max(0.0, min(gb, gb if end is None else end) - start) for gb in volume)
        price = counting.prices.find(f"atlas continuous backup {name}", region)
        if price is None:
            return counting.unknown("backup", what, counting.why_not(f"atlas continuous backup {name}", region))
        total += price.amount.times(inside[0], inside[1])
    assert price is not None, "there are bands"
    kind = Kind.LIST if total.low == total.high else Kind.ESTIMATE
    source = f"{price.source}, {price.date}"
    return counting.amount("backup", what, total, kind, rule, source, f"backup volume in {region}")


def endpoint(counting: Counting) -> Iterator[Line]:
    region = aws_region(counting.resource.inputs.get("region"))
    if region is None:
        yield counting.unknown("hours", "atlas private endpoint", "the region is known after apply")
        return
    yield counting.line("hours", "atlas private endpoint", 1, region=region)
    remote = _remote(counting, region)
    if remote:
        what = f"{len(remote)} further region{'s' if len(remote) > 1 else ''} of the private endpoint"
        yield counting.line("further regions", "atlas private endpoint remote region", len(remote), what, region)
    item = "atlas private endpoint capacity unit"
    said, price = counting.share(counting.usage.transfer_gb, ENDPOINT), counting.prices.find(item, region)
    if said is None or price is None:
        yield counting.by_use("data transfer", item, "one for each GB an hour", region)
        return
    most = max(said, float(counting.prices.rules.hours)) if said else 0.0
    rule = "one unit for each GB, at most one in every hour without much traffic"
    what = f"{said:g} GB through the private endpoint"
    yield counting.priced("data transfer", what, price, price.amount.times(said, most), rule, "volume")


def _remote(counting: Counting, region: str) -> set[str]:
    """Regions of clusters that no endpoint of their own stands in."""
    here = {aws_region(one.inputs.get("region")) for one in counting.plan.resources if one.type == ENDPOINT}
    clusters = (one for one in counting.plan.resources if one.type == CLUSTER)
    configs = (mapping(config) for one in clusters for config in _configs(one.inputs))
    found = {aws_region(one.get("regionName")) for one in configs if one.get("providerName", "AWS") == "AWS"}
    return {one for one in found if one is not None} - here - {region}


def aws_region(name: Any) -> str | None:
    """`us-east-1` for Atlas's `US_EAST_1`; `None` where it is not known."""
    return name.lower().replace("_", "-") if isinstance(name, str) and "‹" not in name else None
