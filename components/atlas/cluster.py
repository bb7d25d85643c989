"""The cluster: a replica set in one region."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from .ordering import after


class AtlasClusterArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    cluster_name: pulumi.Input[str]
    """The cluster's name; its first 23 characters make the host names and must be unique in the project."""
    atlas_region: pulumi.Input[str]
    """Atlas's name of the AWS region: `AP_NORTHEAST_2`."""
    instance_size: pulumi.Input[str]
    """Size of each node: `M20`. While compute autoscaling is on, Atlas ignores a change of it."""
    electable_nodes: pulumi.Input[int]
    """Nodes that can become primary: 3, 5 or 7."""
    mongodb_version: pulumi.Input[str]
    """Major version: `8.0`. Atlas installs its patches, and never goes back to an older one."""
    storage_gb: NotRequired[pulumi.Input[int]]
    """Size of each node's disk; absent for NVMe sizes, whose disks come in one size."""
    volume_type: NotRequired[pulumi.Input[str]]
    """`STANDARD`, or `PROVISIONED` (NVMe sizes need it). Default: `STANDARD`."""
    provisioned_iops: NotRequired[pulumi.Input[int]]
    """Operations per second of a provisioned volume. Default: what Atlas gives to the size."""
    read_only_nodes: NotRequired[pulumi.Input[int]]
    """Nodes that only serve reads. Default 0, said explicitly: leaving the block out would keep nodes that exist."""
    analytics_nodes: NotRequired[pulumi.Input[int]]
    """Nodes apart for analytical queries. Default 0, said explicitly."""
    storage_autoscaling: NotRequired[pulumi.Input[bool]]
    """Whether Atlas grows the disk at 90 % use; it never shrinks it. Default: yes."""
    minimum_instance_size: NotRequired[pulumi.Input[str]]
    """Smallest size of compute autoscaling. With `maximum_instance_size` it turns compute autoscaling on."""
    maximum_instance_size: NotRequired[pulumi.Input[str]]
    """Largest size of compute autoscaling. Without it there is none."""
    minimum_tls_protocol: NotRequired[pulumi.Input[str]]
    """`TLS1_2` or `TLS1_3`. Default: `TLS1_2`."""
    javascript_enabled: NotRequired[pulumi.Input[bool]]
    """Whether queries may run JavaScript on the server (`$where`, `mapReduce`). Default: no."""
    oplog_minimum_hours: NotRequired[pulumi.Input[int]]
    """How far back the oplog reaches at least. Needs storage autoscaling. Default: Atlas's own sizing."""
    backups: NotRequired[pulumi.Input[bool]]
    """Whether Atlas takes snapshots. Default: yes."""
    continuous_backup: NotRequired[pulumi.Input[bool]]
    """Whether any second of the restore window can be restored. Default: yes."""
    encryption_at_rest_provider: NotRequired[pulumi.Input[str]]
    """`AWS` when the project encrypts with a key of yours (`AtlasEncryptionKey`), else `NONE`. Default: `NONE`."""
    created_after: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Outputs of what must exist before the cluster: the network container of a peering, the encryption key."""
    protect_data: bool
    """Whether the cluster is protected against deletion, by Pulumi and by Atlas, as in production."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the cluster."""


class AtlasCluster(pulumi.ComponentResource):
    """A dedicated replica set on AWS, in one region.

    Deliberately not owned here: who may connect (connectivity, users), when snapshots are taken (`AtlasBackupSchedule`).
    The connection strings are those of the moment the cluster was made: a private endpoint's are read by
    `AtlasPrivateLink`, a peering's by `AtlasPeering`."""

    cluster_name: pulumi.Output[str]
    """The cluster's name; what takes it from here waits for the cluster."""
    cluster_id: pulumi.Output[str]
    """Atlas's id of the cluster."""
    srv_connection_string: pulumi.Output[str]
    """`mongodb+srv://…` over the public names, without credentials."""
    standard_connection_string: pulumi.Output[str]
    """`mongodb://…` over the public names, without credentials."""

    def __init__(self, name: str, args: AtlasClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasCluster", name, {}, opts)
        scales = "maximum_instance_size" in args
        if scales != ("minimum_instance_size" in args):
            raise ValueError(f"{name}: give both minimum_instance_size and maximum_instance_size, or neither.")
        region: mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgsDict = {
            "provider_name": "AWS",
            "region_name": args["atlas_region"],
            "priority": 7,
            "electable_specs": {**_hardware(args), "node_count": args["electable_nodes"]},
            "read_only_specs": {**_hardware(args), "node_count": args.get("read_only_nodes", 0)},
            "analytics_specs": {**_hardware(args), "node_count": args.get("analytics_nodes", 0)},
            "auto_scaling": _autoscaling(args),
            "analytics_auto_scaling": _autoscaling(args),
        }
        advanced: mongodbatlas.AdvancedClusterAdvancedConfigurationArgsDict = {
            "minimum_enabled_tls_protocol": args.get("minimum_tls_protocol", "TLS1_2"),
            "tls_cipher_config_mode": "DEFAULT",
            "javascript_enabled": args.get("javascript_enabled", False),
            "default_write_concern": "majority",
            "no_table_scan": False,
        }
        if "oplog_minimum_hours" in args:
            advanced["oplog_min_retention_hours"] = args["oplog_minimum_hours"]
        cluster = mongodbatlas.AdvancedCluster(
            f"{name}-cluster",
            project_id=args["project_id"],
            name=args["cluster_name"],
            cluster_type="REPLICASET",
            replication_specs=[{"region_configs": [region]}],
            mongo_db_major_version=args["mongodb_version"],
            version_release_system="LTS",
            root_cert_type="ISRGROOTX1",
            advanced_configuration=advanced,
            bi_connector_config={"enabled": False},
            backup_enabled=args.get("backups", True),
            pit_enabled=args.get("continuous_backup", True),
            retain_backups_enabled=True,
            encryption_at_rest_provider=args.get("encryption_at_rest_provider", "NONE"),
            redact_client_log_data=True,
            termination_protection_enabled=args["protect_data"],
            paused=False,
            replica_set_scaling_strategy="WORKLOAD_TYPE",
            # Constant: what autoscaling changed is then no drift, and the provider asks that the switch itself be
            # thrown in an update of its own.
            use_effective_fields=True,
            # Constant: a change of it fails the preview. True: a create that timed out leaves nothing behind that the
            # next `up` would collide with.
            delete_on_create_timeout=True,
            timeouts={"create": "3h", "update": "3h", "delete": "3h"},
            tags=args.get("tags", {}),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=after(args["created_after"]) if "created_after" in args else None,
                protect=args["protect_data"],
            ),
        )
        self.cluster_name = cluster.name
        self.cluster_id = cluster.cluster_id
        self.srv_connection_string = cluster.connection_strings.apply(lambda strings: strings.standard_srv or "")
        self.standard_connection_string = cluster.connection_strings.apply(lambda strings: strings.standard or "")
        self.register_outputs(
            {
                "clusterName": self.cluster_name,
                "clusterId": self.cluster_id,
                "srvConnectionString": self.srv_connection_string,
                "standardConnectionString": self.standard_connection_string,
            }
        )


def _hardware(args: AtlasClusterArgs) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigElectableSpecsArgsDict:
    """One size for all nodes: Atlas demands it of electable and read-only nodes, and one disk size of all."""
    specification: mongodbatlas.AdvancedClusterReplicationSpecRegionConfigElectableSpecsArgsDict = {
        "instance_size": args["instance_size"],
        "ebs_volume_type": args.get("volume_type", "STANDARD"),
    }
    if "storage_gb" in args:
        specification["disk_size_gb"] = args["storage_gb"]
    if "provisioned_iops" in args:
        specification["disk_iops"] = args["provisioned_iops"]
    return specification


def _autoscaling(args: AtlasClusterArgs) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgsDict:
    scaling: mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgsDict = {
        "disk_gb_enabled": args.get("storage_autoscaling", True),
        "compute_enabled": False,
        "compute_scale_down_enabled": False,
    }
    if "maximum_instance_size" in args and "minimum_instance_size" in args:
        scaling["compute_enabled"] = True
        scaling["compute_scale_down_enabled"] = True
        scaling["compute_min_instance_size"] = args["minimum_instance_size"]
        scaling["compute_max_instance_size"] = args["maximum_instance_size"]
    return scaling
