"""The cluster: sizes, disks, autoscaling."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from ....atlas import cluster_limits, cluster_regions, tables
from ..base import Section, broken, for_editors


def _unquoted(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        version = f"{float(value):.1f}"
        raise broken("A version is text: as a number, 8.0 and 8 would be the same.", f'Quote it: "{version}".')
    return value


InstanceSize = Annotated[str, for_editors(enum=list(tables.instance_sizes()))]
OtherNodes = Annotated[int, for_editors(minimum=0, maximum=cluster_regions.MOST_OTHER_NODES)]


class ComputeAutoscaling(Section):
    """Let Atlas change the instance size under load, within a range."""

    minimum: InstanceSize
    """The smallest size."""
    maximum: InstanceSize
    """The largest size: what the bill can grow to."""


class Autoscaling(Section):
    """What Atlas may change on its own. It never shrinks a disk."""

    storage: bool | None = None
    """Whether disks grow at 90 % use. Default: yes, wherever the instance size can."""
    compute: ComputeAutoscaling | None = None
    """A range of instance sizes. While it is given, Atlas ignores a changed `instanceSize`."""


class ClusterRegion(Section):
    """One region of a cluster that lies in several."""

    region: str
    """The AWS region, such as `ap-northeast-1`."""
    electable_nodes: OtherNodes | None = None
    """Nodes that can become primary. Default 0."""
    read_only_nodes: OtherNodes | None = None
    """Nodes that only serve reads. Default 0."""
    analytics_nodes: OtherNodes | None = None
    """Nodes apart for analytical queries. Default 0."""


class Cluster(Section):
    """A replica set in one region over its zones, or over several regions."""

    name: str | None = None
    """The cluster's name. Default: the platform's name. A change replaces the cluster."""
    instance_size: InstanceSize
    """Size of each node, M10 and up; M20 and up in production."""
    electable_nodes: Annotated[int, for_editors(enum=list(cluster_regions.ELECTABLE_NODES))] | None = None
    """Nodes that can become primary: 3, 5 or 7. Default 3."""
    regions: tuple[ClusterRegion, ...] | None = None
    """Several regions with their nodes, 3, 5 or 7 electable in all. The primary lives in the first that can have it.
    Default: `aws:region` alone."""
    mongodb_version: Annotated[str, BeforeValidator(_unquoted), for_editors(enum=list(tables.mongodb_versions()))]
    """Major version, in quotes: "8.0". It can be raised one major at a time and never lowered."""
    storage_gb: Annotated[int, for_editors(minimum=cluster_limits.SMALLEST_STORAGE_GB)] | None = None
    """Size of each node's disk in GB. Default: what Atlas gives to the instance size."""
    provisioned_iops: (
        Annotated[int, for_editors(minimum=cluster_limits.FEWEST_IOPS, maximum=cluster_limits.MOST_IOPS)] | None
    ) = None
    """Provisioned operations per second of each disk (M30 and up). Default: a standard volume."""
    read_only_nodes: OtherNodes | None = None
    """Nodes that only serve reads. Default 0."""
    analytics_nodes: OtherNodes | None = None
    """Nodes apart for analytical queries. Default 0."""
    analytics_instance_size: InstanceSize | None = None
    """Size of the analytics nodes. Autoscaling leaves it alone. Default: that of the others."""
    autoscaling: Autoscaling = Autoscaling()
    """What Atlas may change on its own."""
    minimum_tls: Annotated[str, for_editors(enum=list(cluster_limits.TLS_VERSIONS))] | None = None
    """The oldest version of TLS that clients may speak. Default: TLS1_2."""
    server_side_javascript: bool | None = None
    """Whether queries may run JavaScript on the server (`$where`, `mapReduce`). Default: no."""
    oplog_hours: Annotated[int, for_editors(minimum=1, maximum=cluster_limits.LONGEST_OPLOG_HOURS)] | None = None
    """How many hours back the oplog reaches at least. Needs storage autoscaling. Default: Atlas's own sizing."""

    @property
    def smallest_size(self) -> tables.InstanceSize | None:
        """The smallest size that the cluster can have at any time; `None` where there is no such size."""
        compute = self.autoscaling.compute
        return tables.instance_sizes().get(compute.minimum if compute else self.instance_size)
