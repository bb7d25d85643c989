"""The cluster: a replica set in one region, or over several."""

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import check, given_or, known
from ..outputs import register
from . import tables
from .cluster_arguments import DEFAULT_MINIMUM_TLS, DEFAULT_RETAIN_BACKUPS, AtlasClusterArgs, AtlasClusterRegion
from .cluster_limits import problems
from .cluster_regions import HIGHEST_PRIORITY, Nodes, asked_regions, survival
from .regions import atlas_region


class AtlasCluster(pulumi.ComponentResource):
    """A dedicated replica set on AWS, in one region or over several.

    Deliberately not owned here: who may connect (connectivity, users), when snapshots are taken (`AtlasBackupSchedule`).
    The connection strings are those of the moment the cluster was made: a private endpoint's are read by
    `AtlasPrivateLink`, a peering's by `AtlasPeering`."""

    cluster_name: pulumi.Output[str]
    """The cluster's name; what takes it from here waits for the cluster."""
    cluster_id: pulumi.Output[str]
    """Atlas's id of the cluster."""
    srv_connection_string: pulumi.Output[str]
    """`mongodb+srv://…` over the public names, without credentials."""
    zone_id: pulumi.Output[str]
    """Atlas's id of the zone that all nodes are in: copies of backups are asked for by it."""
    standard_connection_string: pulumi.Output[str]
    """`mongodb://…` over the public names, without credentials."""
    survives: pulumi.Output[str]
    """What goes on without one zone, and without each region, in words."""

    def __init__(self, name: str, args: AtlasClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasClusterArgs, problems(args))
        super().__init__("dolmen:index:AtlasCluster", name, {}, opts)
        regions = asked_regions(args)
        advanced: mongodbatlas.AdvancedClusterAdvancedConfigurationArgsDict = {
            "minimum_enabled_tls_protocol": given_or(args.get("minimum_tls"), DEFAULT_MINIMUM_TLS),
            "tls_cipher_config_mode": "DEFAULT",
            "javascript_enabled": given_or(args.get("server_side_javascript"), False),
            "default_write_concern": "majority",
            "no_table_scan": False,
        }
        if (hours := args.get("oplog_hours")) is not None:
            advanced["oplog_min_retention_hours"] = hours
        backups = given_or(args.get("backups"), True)
        key = args.get("encryption_key_ready")
        waits_for = [value for value in (args.get("network_container_id"), key) if value is not None]
        cluster = mongodbatlas.AdvancedCluster(
            name,
            project_id=args["project_id"],
            name=args["cluster_name"],
            cluster_type="REPLICASET",
            replication_specs=[
                {"region_configs": [_region_config(args, region, place) for place, region in enumerate(regions)]}
            ],
            mongo_db_major_version=args["mongodb_version"],
            version_release_system="LTS",
            root_cert_type="ISRGROOTX1",
            advanced_configuration=advanced,
            bi_connector_config={"enabled": False},
            backup_enabled=backups,
            pit_enabled=given_or(args.get("continuous_backup"), backups),
            retain_backups_enabled=given_or(args.get("retain_backups"), DEFAULT_RETAIN_BACKUPS),
            encryption_at_rest_provider="NONE" if key is None else "AWS",
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
            tags=given_or(args.get("tags"), {}),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=_after(*waits_for) if waits_for else None, protect=args["protect_data"]
            ),
        )
        self.cluster_name = cluster.name
        self.cluster_id = cluster.cluster_id
        # Once the cluster's id is known: before, the specs are those of the program, without a zone.
        zone_of = cluster.replication_specs.apply(lambda specs: specs[0].zone_id or "")
        self.zone_id = cluster.cluster_id.apply(lambda _: zone_of)
        self.srv_connection_string = cluster.connection_strings.apply(lambda strings: strings.standard_srv or "")
        self.standard_connection_string = cluster.connection_strings.apply(lambda strings: strings.standard or "")
        self.survives = pulumi.Output.all(*([region["region"], *_counts(region)] for region in regions)).apply(
            lambda found: survival([Nodes(str(name), *map(int, counts)) for name, *counts in found])
        )
        register(self)


def _after(*values: pulumi.Input[str]) -> list[pulumi.Input[pulumi.Resource]]:
    """For `depends_on`: the resources that these values come from.

    A value that is merely waited for must not enter a property: as long as it is unknown the property would be unknown
    too, and a preview would report a replacement that never happens (an unknown project id replaces a cluster).
    """
    waited_for: pulumi.Output[list[pulumi.Resource]] = pulumi.Output.all(*values).apply(lambda _: [])
    # The SDK waits for an output given as `depends_on` and depends on every resource that the output came from; its
    # type stub does not know this form (pulumi/runtime/_depends_on.py).
    return waited_for  # pyright: ignore[reportReturnType]


def _size(args: AtlasClusterArgs) -> tables.InstanceSize | None:
    return tables.instance_sizes().get(known(args["instance_size"]) or "")


def _counts(region: AtlasClusterRegion) -> list[pulumi.Input[int]]:
    """Electable, read-only and analytics nodes."""
    given = (region.get("electable_nodes"), region.get("read_only_nodes"), region.get("analytics_nodes"))
    return [int(count) if isinstance(count, int | float) else given_or(count, 0) for count in given]


def _region_config(
    args: AtlasClusterArgs, region: AtlasClusterRegion, place: int
) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgsDict:
    """One region's nodes. Every kind is said, 0 too: leaving one out would keep nodes that exist."""
    size, (electable, read_only, analytics) = args["instance_size"], _counts(region)
    own_size = args.get("analytics_instance_size")
    return {
        "provider_name": "AWS",
        "region_name": atlas_region(region["region"]),
        "priority": 0 if electable == 0 else HIGHEST_PRIORITY - place,
        "electable_specs": _nodes(args, size, electable),
        "read_only_specs": _nodes(args, size, read_only),
        "analytics_specs": _nodes(args, given_or(own_size, size), analytics),
        "auto_scaling": _autoscaling(args),
        "analytics_auto_scaling": _autoscaling(args, size_stays=own_size is not None),
    }


def _nodes(
    args: AtlasClusterArgs, instance_size: pulumi.Input[str], count: pulumi.Input[int]
) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigElectableSpecsArgsDict:
    """One size for electable and read-only nodes, and one disk size of all: Atlas demands it."""
    size = _size(args)
    nvme = size is not None and size.nvme
    storage, iops = args.get("storage_gb"), args.get("provisioned_iops")
    if storage is None and size is not None:
        storage = size.default_storage_gb
    specification: mongodbatlas.AdvancedClusterReplicationSpecRegionConfigElectableSpecsArgsDict = {
        "instance_size": instance_size,
        "node_count": count,
        "ebs_volume_type": "PROVISIONED" if nvme or iops is not None else "STANDARD",
    }
    if storage is not None and not nvme:
        specification["disk_size_gb"] = storage
    if iops is not None:
        specification["disk_iops"] = iops
    return specification


def _autoscaling(
    args: AtlasClusterArgs, *, size_stays: bool = False
) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgsDict:
    asked, size = given_or(args.get("autoscaling"), {}), _size(args)
    compute = None if size_stays else asked.get("compute")
    scaling: mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgsDict = {
        "disk_gb_enabled": given_or(asked.get("storage"), size is None or size.storage_autoscaling),
        "compute_enabled": compute is not None,
        "compute_scale_down_enabled": compute is not None,
    }
    if compute is not None:
        scaling["compute_min_instance_size"] = compute["minimum"]
        scaling["compute_max_instance_size"] = compute["maximum"]
    return scaling
