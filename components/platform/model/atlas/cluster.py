"""The cluster: sizes, disks, autoscaling."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from dolmen.stackfile import Problem

from ....atlas import catalogue
from ..base import Section, broken

LONGEST_NAME = 23
"""Only the first 23 characters enter the host names, and those must be unique in a project.
https://www.mongodb.com/docs/atlas/tutorial/create-new-cluster/"""
MOST_NODES = 50
SMALLEST_WITH_PROVISIONED_IOPS = 8
"""GB of memory: provisioned volumes begin with M30."""


def _instance_size(value: str) -> str:
    sizes = catalogue.instance_sizes()
    if value not in sizes:
        if value.upper() in ("M0", "M2", "M5", "FLEX", "M0S"):
            raise broken(
                "The smallest size here is M10: shared and flex clusters have no private network, no continuous backup "
                "and no autoscaling.",
                "Write M10, or M20 and up for production.",
            )
        near = difflib.get_close_matches(value.upper(), sizes, n=1)
        raise broken(
            "Atlas has no dedicated size of this name on AWS.",
            f"Did you mean {near[0]}?" if near else f"One of {', '.join(sizes)}.",
        )
    return value


def _electable_nodes(value: int) -> int:
    if value not in (3, 5, 7):
        raise broken(
            "Electable nodes are 3, 5 or 7: an election needs a majority.",
            "Write 3 (one zone may fail) or 5 (two may fail).",
        )
    return value


def _unquoted(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        version = f"{float(value):.1f}"
        raise broken("A version is text: as a number, 8.0 and 8 would be the same.", f'Quote it: "{version}".')
    return value


def _version(value: str) -> str:
    versions = catalogue.mongodb_versions()
    if value not in versions:
        if value in (ended := catalogue.ended_versions()):
            raise broken(f"MongoDB {value} reached the end of its life in {ended[value]}.", f'Write "{versions[-1]}".')
        if re.fullmatch(r"\d+\.\d+\.\d+", value):
            raise broken(
                "Atlas chooses the patch release itself: a major version is expected here.",
                f'Write "{".".join(value.split(".")[:2])}".',
            )
        raise broken(
            f"Atlas deploys MongoDB {' and '.join(versions)} on dedicated clusters.", f'Write "{versions[-1]}".'
        )
    return value


def _cluster_name(value: str) -> str:
    if not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9-]*", value) or value.endswith("-"):
        raise broken(
            "A cluster's name has letters, digits and hyphens, and neither begins nor ends with a hyphen.",
            "Write a name such as chat-prod.",
        )
    if len(value) > LONGEST_NAME:
        raise broken(
            f"A cluster's name has at most {LONGEST_NAME} characters: the rest would not enter its host names, and two "
            "clusters that differ only there collide.",
            f"Shorten it, such as to {value[:LONGEST_NAME].rstrip('-')}.",
        )
    return value


ClusterName = Annotated[str, AfterValidator(_cluster_name)]
InstanceSize = Annotated[
    str, AfterValidator(_instance_size), Field(json_schema_extra={"enum": list(catalogue.instance_sizes())})
]


class ComputeAutoscaling(Section):
    """Let Atlas change the instance size under load, within a range."""

    minimum: InstanceSize
    """The smallest size."""
    maximum: InstanceSize
    """The largest size: what the bill can grow to."""

    def problems(self) -> Iterator[Problem]:
        low, high = (catalogue.instance_sizes()[size] for size in (self.minimum, self.maximum))
        if low.family != high.family:
            yield Problem(
                ("maximum",),
                f"Autoscaling stays within one class of sizes: {low.name} is {low.family}, {high.name} is {high.family}.",
                "Choose both of one class (M30 to M60, R40 to R80, M40_NVME to M80_NVME).",
            )
        elif low.rank > high.rank:
            yield Problem(
                ("minimum",),
                f"The minimum is above the maximum ({high.name}).",
                f"Write minimum: {high.name} and maximum: {low.name}.",
            )


class Autoscaling(Section):
    """What Atlas may change on its own. It never shrinks a disk."""

    storage: bool | None = None
    """Whether disks grow at 90 % use. Default: yes, wherever the instance size can."""
    compute: ComputeAutoscaling | None = None
    """A range of instance sizes. While it is given, Atlas ignores a changed `instanceSize`."""


class Cluster(Section):
    """A replica set in one region, three availability zones."""

    name: ClusterName | None = None
    """The cluster's name. Default: the platform's name. A change replaces the cluster."""
    instance_size: InstanceSize
    """Size of each node, M10 and up; M20 and up in production."""
    electable_nodes: Annotated[int, AfterValidator(_electable_nodes), Field(json_schema_extra={"enum": [3, 5, 7]})] = 3
    """Nodes that can become primary: 3, 5 or 7."""
    mongodb_version: Annotated[
        str,
        BeforeValidator(_unquoted),
        AfterValidator(_version),
        Field(json_schema_extra={"enum": list(catalogue.mongodb_versions())}),
    ]
    """Major version, in quotes: "8.0". It can be raised one major at a time and never lowered."""
    storage_gb: Annotated[int, Field(ge=10)] | None = None
    """Size of each node's disk in GB. Default: what Atlas gives to the instance size."""
    provisioned_iops: Annotated[int, Field(ge=100, le=64_000)] | None = None
    """Provisioned operations per second of each disk (M30 and up). Default: a standard volume."""
    read_only_nodes: Annotated[int, Field(ge=0, le=47)] = 0
    """Nodes that only serve reads."""
    analytics_nodes: Annotated[int, Field(ge=0, le=47)] = 0
    """Nodes apart for analytical queries."""
    autoscaling: Autoscaling = Autoscaling()
    """What Atlas may change on its own."""
    minimum_tls: Literal["TLS1_2", "TLS1_3"] = "TLS1_2"
    """The oldest version of TLS that clients may speak."""
    server_side_javascript: bool = False
    """Whether queries may run JavaScript on the server (`$where`, `mapReduce`)."""
    oplog_hours: Annotated[int, Field(ge=1, le=720)] | None = None
    """How many hours back the oplog reaches at least. Needs storage autoscaling."""

    @property
    def size(self) -> catalogue.InstanceSize:
        return catalogue.instance_sizes()[self.instance_size]

    @property
    def storage_autoscaling(self) -> bool:
        chosen = self.autoscaling.storage
        return self.size.storage_autoscaling if chosen is None else chosen

    @property
    def smallest_size(self) -> catalogue.InstanceSize:
        """The smallest size that the cluster can have at any time."""
        compute = self.autoscaling.compute
        return catalogue.instance_sizes()[compute.minimum] if compute else self.size

    def problems(self) -> Iterator[Problem]:
        yield from self._storage_problems()
        yield from self._autoscaling_problems()
        nodes = self.electable_nodes + self.read_only_nodes + self.analytics_nodes
        if nodes > MOST_NODES:
            yield Problem(
                ("readOnlyNodes",),
                f"A replica set has at most {MOST_NODES} members; these are {nodes}.",
                "Ask for fewer read-only or analytics nodes.",
            )

    def _storage_problems(self) -> Iterator[Problem]:
        size = self.size
        if size.nvme:
            if self.storage_gb not in (None, size.maximum_storage_gb):
                yield Problem(
                    ("storageGb",),
                    f"The local disks of {size.name} come in one size: {size.maximum_storage_gb} GB.",
                    "Remove storageGb, or choose a size without NVMe.",
                )
            if self.provisioned_iops is not None:
                yield Problem(
                    ("provisionedIops",),
                    "Local NVMe disks have no provisioned volume.",
                    "Remove provisionedIops, or choose a size without NVMe.",
                )
        elif self.storage_gb is not None and self.storage_gb > size.maximum_storage_gb:
            larger = next(
                (
                    other.name
                    for other in catalogue.instance_sizes().values()
                    if other.family == size.family and other.maximum_storage_gb >= self.storage_gb
                ),
                None,
            )
            yield Problem(
                ("storageGb",),
                f"The disks of {size.name} have {size.minimum_storage_gb} to {size.maximum_storage_gb} GB.",
                f"Write at most {size.maximum_storage_gb}" + (f", or choose {larger}." if larger else "."),
            )
        if self.provisioned_iops is not None and not size.nvme and size.ram_gb < SMALLEST_WITH_PROVISIONED_IOPS:
            yield Problem(
                ("provisionedIops",),
                f"{size.name} takes standard volumes only; provisioned ones begin with M30.",
                "Remove provisionedIops, or write instanceSize: M30.",
            )

    def _autoscaling_problems(self) -> Iterator[Problem]:
        size = self.size
        if self.autoscaling.storage and not size.storage_autoscaling:
            yield Problem(
                ("autoscaling", "storage"),
                f"The local disks of {size.name} cannot grow.",
                "Write storage: false, or choose a size without NVMe.",
            )
        if self.oplog_hours is not None and not self.storage_autoscaling:
            yield Problem(
                ("oplogHours",),
                "A minimum age of the oplog needs storage autoscaling: the oplog may grow.",
                "Turn storage autoscaling on, or remove oplogHours.",
            )
        if (compute := self.autoscaling.compute) is None:
            return
        low, high = (catalogue.instance_sizes()[name] for name in (compute.minimum, compute.maximum))
        right = low.family == high.family and low.rank <= high.rank  # if not, the range itself is the problem
        if right and not (size.family == low.family and low.rank <= size.rank <= high.rank):
            yield Problem(
                ("instanceSize",),
                f"The size to begin with lies outside the range of autoscaling ({low.name} to {high.name}).",
                f"Write instanceSize: {low.name}, or widen the range.",
            )
