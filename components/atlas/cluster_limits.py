"""What Atlas refuses of a cluster: sizes, disks, nodes, versions, autoscaling.

Remedies spell arguments as stack files do, and all languages but Python.
"""

import re
from collections.abc import Iterator

from ..arguments import Place, Problem, between, closest, given_or, known, one_of
from . import tables
from .cluster_arguments import AtlasAutoscaling, AtlasClusterArgs
from .cluster_regions import region_arguments_problems

LONGEST_NAME = 23
"""Only the first 23 characters enter the host names, and those must be unique in a project.
https://www.mongodb.com/docs/atlas/tutorial/create-new-cluster/"""
SMALLEST_STORAGE_GB = 10
FEWEST_IOPS, MOST_IOPS = 100, 64_000
SMALLEST_WITH_PROVISIONED_IOPS = 8
"""GB of memory: provisioned volumes begin with M30."""
LONGEST_OPLOG_HOURS = 720
TLS_VERSIONS = ("TLS1_2", "TLS1_3")
_SHARED = ("M0", "M2", "M5", "FLEX", "M0S")


def problems(args: AtlasClusterArgs) -> Iterator[Problem]:
    """What Atlas would refuse of a cluster."""
    if (name := known(args.get("cluster_name"))) is not None:
        yield from _name_problems(name)
    yield from size_problems(("instance_size",), known(args.get("instance_size")))
    yield from region_arguments_problems(args)
    if (version := known(args.get("mongodb_version"))) is not None:
        yield from _version_problems(version)
    yield from one_of(("minimum_tls",), known(args.get("minimum_tls")), TLS_VERSIONS)
    yield from between(("oplog_hours",), known(args.get("oplog_hours")), 1, LONGEST_OPLOG_HOURS)
    yield from between(("provisioned_iops",), known(args.get("provisioned_iops")), FEWEST_IOPS, MOST_IOPS)
    size = tables.instance_sizes().get(known(args.get("instance_size")) or "")
    yield from _storage_problems(args, size)
    yield from _analytics_problems(args, size)
    yield from _autoscaling_problems(args, size)
    yield from _backup_problems(args, size)


def size_problems(argument: Place, size: str | None) -> Iterator[Problem]:
    """What is wrong with the name of an instance size."""
    sizes = tables.instance_sizes()
    if size is None or size in sizes:
        return
    if size.upper() in _SHARED:
        yield Problem(
            argument,
            "The smallest size here is M10: shared and flex clusters have no private network, no continuous backup "
            "and no autoscaling.",
            "Write M10, or M20 and up for production.",
        )
    else:
        near = closest(size, sizes)
        yield Problem(
            argument,
            "Atlas has no dedicated size of this name on AWS.",
            f"Did you mean {near}?" if near else f"One of {', '.join(sizes)}.",
        )


def _name_problems(name: str) -> Iterator[Problem]:
    if not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9-]*", name) or name.endswith("-"):
        yield Problem(
            ("cluster_name",),
            "A cluster's name has letters, digits and hyphens, and neither begins nor ends with a hyphen.",
            "Write a name such as chat-prod.",
        )
    elif len(name) > LONGEST_NAME:
        yield Problem(
            ("cluster_name",),
            f"A cluster's name has at most {LONGEST_NAME} characters: the rest would not enter its host names, and two "
            "clusters that differ only there collide.",
            f"Shorten it, such as to {name[:LONGEST_NAME].rstrip('-')}.",
        )


def _version_problems(version: str) -> Iterator[Problem]:
    versions, ended = tables.mongodb_versions(), tables.ended_versions()
    if version in versions:
        return
    rule, remedy = f"Atlas deploys MongoDB {' and '.join(versions)} on dedicated clusters.", versions[-1]
    if version in ended:
        rule = f"MongoDB {version} reached the end of its life in {ended[version]}."
    elif re.fullmatch(r"\d+\.\d+\.\d+", version):
        rule = "Atlas chooses the patch release itself: a major version is expected here."
        remedy = ".".join(version.split(".")[:2])
    yield Problem(("mongodb_version",), rule, f'Write "{remedy}".')


def _storage_problems(args: AtlasClusterArgs, size: tables.InstanceSize | None) -> Iterator[Problem]:
    storage, iops = known(args.get("storage_gb")), known(args.get("provisioned_iops"))
    if size is not None and size.nvme:
        if storage not in (None, size.maximum_storage_gb):
            yield Problem(
                ("storage_gb",),
                f"The local disks of {size.name} come in one size: {size.maximum_storage_gb} GB.",
                "Remove storageGb, or choose a size without NVMe.",
            )
        if iops is not None:
            yield Problem(
                ("provisioned_iops",),
                "Local NVMe disks have no provisioned volume.",
                "Remove provisionedIops, or choose a size without NVMe.",
            )
        return
    yield from between(("storage_gb",), storage, SMALLEST_STORAGE_GB)
    if size is None:
        return
    if storage is not None and storage > size.maximum_storage_gb:
        larger = next(
            (
                other.name
                for other in tables.instance_sizes().values()
                if other.family == size.family and other.maximum_storage_gb >= storage
            ),
            None,
        )
        yield Problem(
            ("storage_gb",),
            f"The disks of {size.name} have {size.minimum_storage_gb} to {size.maximum_storage_gb} GB.",
            f"Write at most {size.maximum_storage_gb}" + (f", or choose {larger}." if larger else "."),
        )
    if iops is not None and size.ram_gb < SMALLEST_WITH_PROVISIONED_IOPS:
        yield Problem(
            ("provisioned_iops",),
            f"{size.name} takes standard volumes only; provisioned ones begin with M30.",
            "Remove provisionedIops, or write instanceSize: M30.",
        )


def _analytics_problems(args: AtlasClusterArgs, size: tables.InstanceSize | None) -> Iterator[Problem]:
    """What is wrong with a size of the analytics nodes' own: Atlas has one size of disks for a cluster."""
    place: Place = ("analytics_instance_size",)
    if (name := known(args.get("analytics_instance_size"))) is None:
        return
    yield from size_problems(place, name)
    regions = [known(one) for one in known(args.get("regions")) or ()]
    counts = [
        known(args.get("analytics_nodes")),
        *(None if one is None else one.get("analytics_nodes") for one in regions),
    ]
    if None not in regions and not any(counts):
        yield Problem(place, "There are no analytics nodes.", "Ask for analyticsNodes, or remove this.")
        return
    if size is None or (own := tables.instance_sizes().get(name)) is None:
        return
    storage = given_or(known(args.get("storage_gb")), size.default_storage_gb)
    if own.nvme != size.nvme:
        yield Problem(
            place,
            "Local NVMe disks have all nodes of a cluster, or none.",
            f"Choose a size {'with' if size.nvme else 'without'} NVMe, as {size.name} is.",
        )
    elif not size.nvme and not own.minimum_storage_gb <= storage <= own.maximum_storage_gb:
        yield Problem(
            place,
            f"All nodes have one size of disks, {storage} GB here; those of {own.name} have {own.minimum_storage_gb} to "
            f"{own.maximum_storage_gb} GB.",
            "Choose a size of the analytics nodes that is nearer to the others', or another storageGb.",
        )
    elif known(args.get("provisioned_iops")) is not None and own.ram_gb < SMALLEST_WITH_PROVISIONED_IOPS:
        yield Problem(
            place, f"{own.name} takes standard volumes only; provisioned ones begin with M30.", "Write M30 or more."
        )


def _autoscaling_problems(args: AtlasClusterArgs, size: tables.InstanceSize | None) -> Iterator[Problem]:
    asked: AtlasAutoscaling = known(args.get("autoscaling")) or {}
    storage = known(asked.get("storage"))
    if storage and size is not None and not size.storage_autoscaling:
        yield Problem(
            ("autoscaling", "storage"),
            f"The local disks of {size.name} cannot grow.",
            "Write storage: false, or choose a size without NVMe.",
        )
    grows = given_or(asked.get("storage"), size is None or size.storage_autoscaling)
    if known(args.get("oplog_hours")) is not None and grows is False:
        yield Problem(
            ("oplog_hours",),
            "A minimum age of the oplog needs storage autoscaling: the oplog may grow.",
            "Turn storage autoscaling on, or remove oplogHours.",
        )
    if (compute := known(asked.get("compute"))) is None:
        return
    place: Place = ("autoscaling", "compute")
    names = {end: known(compute.get(end)) for end in ("minimum", "maximum")}
    for end, name in names.items():
        yield from size_problems((*place, end), name)
    low, high = (tables.instance_sizes().get(name or "") for name in names.values())
    if low is None or high is None:
        return
    if low.family != high.family:
        yield Problem(
            (*place, "maximum"),
            f"Autoscaling stays within one class of sizes: {low.name} is {low.family}, {high.name} is {high.family}.",
            "Choose both of one class (M30 to M60, R40 to R80, M40_NVME to M80_NVME).",
        )
    elif low.rank > high.rank:
        yield Problem(
            (*place, "minimum"),
            f"The minimum is above the maximum ({high.name}).",
            f"Write minimum: {high.name} and maximum: {low.name}.",
        )
    elif size is not None and not (size.family == low.family and low.rank <= size.rank <= high.rank):
        yield Problem(
            ("instance_size",),
            f"The size to begin with lies outside the range of autoscaling ({low.name} to {high.name}).",
            f"Write instanceSize: {low.name}, or widen the range.",
        )


def _backup_problems(args: AtlasClusterArgs, size: tables.InstanceSize | None) -> Iterator[Problem]:
    if known(args.get("backups")) is not False:
        return
    if size is not None and size.nvme:
        yield Problem(
            ("backups",),
            "Clusters on local NVMe disks always have backups.",
            "Turn backups on, or choose a size without NVMe.",
        )
    if known(args.get("continuous_backup")):
        yield Problem(
            ("continuous_backup",), "Continuous backup needs backups.", "Turn backups on, or continuous backup off."
        )
