"""What MongoDB Atlas bills for a cluster: nodes, disks, uplifts.

https://www.mongodb.com/docs/atlas/billing/cluster-configuration-costs/
https://www.mongodb.com/docs/atlas/billing/additional-services/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.review.cost.atlas_backup import backup
from dolmen.review.cost.lines import Counting, Line, listed, mapping, number, uplift
from dolmen.review.cost.price import NOTHING
from dolmen.review.diff.values import is_unknown
from dolmen.review.effects.conditions import gathered
from dolmen.review.regions import aws_region

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
_AUDITING = "mongodbatlas:index/auditing:Auditing"
_NODES = {
    "electableSpecs": ("electable", "autoScaling"),
    "readOnlySpecs": ("read-only", "autoScaling"),
    "analyticsSpecs": ("analytics", "analyticsAutoScaling"),
}
_LISTED_NODES = 3
"""A list price is that of three nodes; each further one costs a third of it."""


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
    for number_, config in enumerate(region_configs(inputs)):
        if not isinstance(config, Mapping):
            lines.append(counting.unknown(f"nodes {number_}", "nodes", "the nodes are known after apply"))
        elif (provider := config.get("providerName", "AWS")) != "AWS":
            lines.append(counting.unknown(f"nodes {number_}", f"nodes on {provider}", "prices of AWS alone are known"))
        else:
            lines += _region(counting, config, number_, found)
    if inputs.get("clusterType") in ("SHARDED", "GEOSHARDED"):
        lines.append(counting.unknown("config servers", "config servers", "no price is known"))
    if any(number(mapping(one).get("numShards", 1)) != 1 for one in listed(inputs.get("replicationSpecs"))):
        lines.append(counting.unknown("shards", "shards by their number", "each is counted once here"))
    yield from lines
    rules = counting.prices.rules
    if inputs.get("encryptionAtRestProvider") == "AWS":
        yield uplift(counting, "customer key", f"customer key, {rules.customer_key:g} %", rules.customer_key, lines)
    if any(one.type == _AUDITING and one.inputs.get("enabled") is True for one in counting.plan.resources):
        yield uplift(counting, "auditing", f"auditing, {rules.auditing:g} %", rules.auditing, lines)
    region = found[0].region if found else counting.region
    disks = [number(one.disk) or one.included(counting) for one in found if one.called == "electable"]
    yield from backup(counting, region, next(iter(disks), None))
    said = counting.share(counting.usage.transfer_gb, CLUSTER)
    if said is None:
        yield counting.by_use("data transfer", "atlas data transfer", "depends on where clients are", region)
    else:
        yield counting.line("data transfer", "atlas data transfer", said, f"{said:g} GB from the cluster", region)


def region_configs(inputs: Mapping[str, Any]) -> Iterator[Any]:
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
    where = (
        f" in {nodes.region}"
        if nodes.region is not None and len(list(region_configs(counting.resource.inputs))) > 1
        else ""
    )
    what = f"{number_} × {nodes.size if least == most else f'{least} to {most}'} {nodes.called}{where}"
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
        nodes.part,
        what,
        price,
        low,
        f"autoscaling {least} to {most}",
        high,
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
            line = counting.priced(part, what, price, NOTHING, rule, line.monthly)
        yield line


def _iops(counting: Counting, nodes: _Nodes, specs: Mapping[str, Any]) -> Iterator[Line]:
    iops = specs.get("diskIops")
    if iops is not None and specs.get("ebsVolumeType") == "PROVISIONED" and "NVME" not in nodes.size:
        amount = number(iops)
        part = nodes.part.replace("nodes", "IOPS")
        quantity = None if amount is None or nodes.count is None else amount * nodes.count
        what = f"{'?' if amount is None else f'{amount:g}'} provisioned IOPS for each {nodes.called} node"
        yield counting.line(part, "atlas provisioned IOPS", quantity, what, nodes.region)
