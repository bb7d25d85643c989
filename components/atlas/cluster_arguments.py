"""What a cluster is asked for, and what it has where nothing is said."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi

DEFAULT_ELECTABLE_NODES = 3
DEFAULT_MINIMUM_TLS = "TLS1_2"
DEFAULT_RETAIN_BACKUPS = True


class AtlasComputeAutoscaling(TypedDict):
    minimum: str
    """The smallest size."""
    maximum: str
    """The largest size, of the same class: what the bill can grow to."""


class AtlasAutoscaling(TypedDict):
    storage: NotRequired[bool | None]
    """Whether Atlas grows the disk at 90 % use; it never shrinks it. Default: yes, wherever the size can."""
    compute: NotRequired[AtlasComputeAutoscaling | None]
    """The range of instance sizes. Default: none, the size stays."""


class AtlasClusterRegion(TypedDict):
    region: pulumi.Input[str]
    """The AWS region: `ap-northeast-2`."""
    electable_nodes: NotRequired[pulumi.Input[int] | None]
    """Nodes of the region that can become primary. Default 0."""
    read_only_nodes: NotRequired[pulumi.Input[int] | None]
    """Nodes of the region that only serve reads. Default 0."""
    analytics_nodes: NotRequired[pulumi.Input[int] | None]
    """Nodes of the region apart for analytical queries. Default 0."""


class AtlasClusterArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    cluster_name: pulumi.Input[str]
    """The cluster's name, at most 23 characters, which make the host names and must be unique in the project."""
    region: NotRequired[pulumi.Input[str] | None]
    """The AWS region: `ap-northeast-2`. Exactly one of this and `regions`."""
    regions: NotRequired[Sequence[pulumi.Input[AtlasClusterRegion]] | None]
    """Several AWS regions. The primary lives in the first one that has electable nodes, as long as it can, then in the
    next. All electable nodes together are 3, 5 or 7."""
    instance_size: pulumi.Input[str]
    """Size of each node: `M20`. While compute autoscaling is on, Atlas ignores a change of it."""
    electable_nodes: NotRequired[pulumi.Input[int] | None]
    """Nodes that can become primary: 3, 5 or 7. Default 3. With `regions` the regions say it, and the next two."""
    mongodb_version: pulumi.Input[str]
    """Major version: `8.0`. Atlas installs its patches, and never goes back to an older one."""
    storage_gb: NotRequired[pulumi.Input[int] | None]
    """Size of each node's disk. Default: what Atlas gives to the size. NVMe sizes have disks of one size."""
    provisioned_iops: NotRequired[pulumi.Input[int] | None]
    """Operations per second of a provisioned volume, M30 and up. Default: a standard volume."""
    read_only_nodes: NotRequired[pulumi.Input[int] | None]
    """Nodes that only serve reads. Default 0, said explicitly: leaving the block out would keep nodes that exist."""
    analytics_nodes: NotRequired[pulumi.Input[int] | None]
    """Nodes apart for analytical queries. Default 0, said explicitly."""
    analytics_instance_size: NotRequired[pulumi.Input[str] | None]
    """Size of the analytics nodes. Autoscaling leaves it alone. Default: that of the others."""
    autoscaling: NotRequired[AtlasAutoscaling | None]
    """What Atlas may change on its own. Default: the size of disks."""
    minimum_tls: NotRequired[pulumi.Input[str] | None]
    """`TLS1_2` or `TLS1_3`. Default: `TLS1_2`."""
    server_side_javascript: NotRequired[pulumi.Input[bool] | None]
    """Whether queries may run JavaScript on the server (`$where`, `mapReduce`). Default: no."""
    oplog_hours: NotRequired[pulumi.Input[int] | None]
    """How far back the oplog reaches at least. Needs storage autoscaling. Default: Atlas's own sizing."""
    backups: NotRequired[pulumi.Input[bool] | None]
    """Whether Atlas takes snapshots. Default: yes."""
    continuous_backup: NotRequired[pulumi.Input[bool] | None]
    """Whether any second of the restore window can be restored. Default: yes, where there are backups."""
    retain_backups: NotRequired[pulumi.Input[bool] | None]
    """Whether snapshots stay when the cluster is deleted; they are paid for until they expire. Default: yes."""
    network_container_id: NotRequired[pulumi.Input[str] | None]
    """`container_id` of the `AtlasNetworkContainer` that the cluster is placed in, and waits for. Default: Atlas makes
    one when it needs it."""
    encryption_key_ready: NotRequired[pulumi.Input[str] | None]
    """`ready` of the `AtlasEncryptionKey` that encrypts the cluster, which waits for it. Default: Atlas's own
    encryption."""
    protect_data: bool
    """Whether the cluster is protected against deletion, by Pulumi and by Atlas, as in production."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the cluster."""
