"""The cache itself."""

import pulumi
import pulumi_aws as aws

from .. import names
from ..arguments import check, given_or
from ..outputs import register
from . import replication_group_arguments as defaults
from . import seed, tables
from .alarm_plan import Watched
from .alarms import member_alarms
from .autoscaling import bounds, ignored_inputs, scale
from .replication_group_arguments import CacheReplicationGroupArgs
from .replication_group_limits import effective_parameters, problems


class CacheReplicationGroup(pulumi.ComponentResource):
    """A replication group with its subnet group, security group, parameter group, log groups and alarms.

    TLS is required, data at rest is encrypted, users come from a user group and never from a token. The parameter group
    is named with its family, so that an engine upgrade makes the new one before the group moves to it, and removes the
    old one after. The security group lets the client groups in by reference and lets nothing out: a cache opens no
    connection of its own.

    Not owned here: users (`CacheAccess`), keys (`EncryptionKey`), who is told (`CacheAlarmTopics`), the VPC.
    """

    replication_group_id: pulumi.Output[str]
    """The id, once the group exists."""
    arn: pulumi.Output[str]
    """The ARN: what an IAM policy for `elasticache:Connect` names beside the user."""
    endpoint: pulumi.Output[str]
    """The host that clients connect to: the configuration endpoint in cluster mode, else the primary endpoint."""
    reader_endpoint: pulumi.Output[str]
    """The host for reads that may lag; the same as `endpoint` in cluster mode, where clients find replicas themselves."""
    port: pulumi.Output[int]
    """The port."""
    tls: pulumi.Output[bool]
    """Always true: clients connect with TLS or not at all."""
    cluster_mode: pulumi.Output[bool]
    """Whether the client must speak the cluster protocol."""
    usable_memory_bytes: pulumi.Output[int]
    """Room for keys in the whole cache, at least: shards × (node memory − reserved memory)."""
    connection_limit: pulumi.Output[int]
    """Connections that each node takes."""
    security_group_id: pulumi.Output[str]
    """The cache's own security group."""
    parameter_group_name: pulumi.Output[str]
    """The parameter group in use."""

    def __init__(self, name: str, args: CacheReplicationGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, CacheReplicationGroupArgs, problems(args))
        super().__init__("dolmen:index:CacheReplicationGroup", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        group_id, protect, tags = args["replication_group_id"], args["protect_data"], args.get("tags")
        cluster, durability = args["cluster_mode"], args["durability"]
        shards = int(given_or(args.get("shards"), defaults.SHARDS)) if cluster else 1
        replicas = int(given_or(args.get("replicas"), defaults.REPLICAS))
        port = int(given_or(args.get("port"), defaults.PORT))
        snapshot_days = int(given_or(args.get("snapshot_retention_days"), defaults.SNAPSHOT_RETENTION_DAYS))
        node, scaled = tables.node_type(args["node_type"]), args.get("autoscaling")

        security_group = _security_group(name, args, port, child)
        subnet_group = aws.elasticache.SubnetGroup(
            name,
            description=f"Private subnets of {group_id}",
            subnet_ids=args["private_subnet_ids"],
            tags=tags,
            opts=child,
        )
        parameter_group = _parameter_group(name, args, child)
        group = aws.elasticache.ReplicationGroup(
            name,
            replication_group_id=group_id,
            description=given_or(args.get("description"), f"Cache of {group_id}"),
            engine=given_or(args.get("engine"), defaults.ENGINE),
            engine_version=args["version"],
            node_type=node.name,
            cluster_mode="enabled" if cluster else "disabled",
            num_node_groups=shards if cluster else None,
            replicas_per_node_group=replicas if cluster else None,
            num_cache_clusters=None if cluster else 1 + replicas,
            preferred_cache_cluster_azs=args.get("preferred_zones"),
            automatic_failover_enabled=cluster or replicas >= 1,  # cluster mode does not exist without it
            multi_az_enabled=given_or(args.get("multi_az"), defaults.MULTI_AZ),
            # Sent only where there is some. Left out, the provider keeps what the group has, and a new group has none
            # (`default` means `disabled`). Sent as `disabled` it would replace every group that was made without it, as
            # in an upgrade from Valkey 8: the provider compares it with the `default` that AWS answers.
            # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Durability.Configuring.html and the schema of
            # terraform-provider-aws v6.58.0 (`durability` is optional, computed, and forces a new group).
            durability=None if durability == "snapshots" else durability,
            data_tiering_enabled=node.data_tiering or None,
            port=port,
            parameter_group_name=parameter_group.name,
            subnet_group_name=subnet_group.name,
            security_group_ids=[security_group.id],
            user_group_ids=[args["user_group_id"]],
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled=True,
            kms_key_id=args.get("kms_key_arn"),
            maintenance_window=given_or(args.get("maintenance_window"), defaults.MAINTENANCE_WINDOW),
            snapshot_retention_limit=snapshot_days,
            snapshot_window=given_or(args.get("snapshot_window"), defaults.SNAPSHOT_WINDOW) if snapshot_days else None,
            final_snapshot_identifier=names.final_snapshot(group_id)
            if given_or(args.get("final_snapshot"), protect)
            else None,
            snapshot_name=args.get("seed_snapshot"),
            snapshot_arns=args.get("seed_rdb"),
            auto_minor_version_upgrade=given_or(args.get("minor_upgrades"), defaults.MINOR_UPGRADES),
            apply_immediately=given_or(args.get("apply_immediately"), defaults.APPLY_IMMEDIATELY),
            log_delivery_configurations=_log_deliveries(name, args, child),
            tags=tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=protect,
                retain_on_delete=protect,
                ignore_changes=[*seed.IGNORED, *ignored_inputs(scaled)],
            ),
        )
        scale(name, group_id, group.replication_group_id, node.name, scaled, tags, child)
        least_shards, most_shards = bounds(scaled, "shards", shards)
        least_replicas, most_replicas = bounds(scaled, "replicas", replicas)
        if (alarms := args.get("alarms")) is not None:
            watched = Watched(node.name, cluster, most_shards, most_replicas, durability, least_shards, least_replicas)
            member_alarms(name, group_id, group.replication_group_id, watched, alarms, tags, child)
        reserved = int(effective_parameters(given_or(args.get("parameters"), {}))["reserved-memory-percent"])
        self.replication_group_id = group.replication_group_id
        self.arn = group.arn
        self.endpoint = group.configuration_endpoint_address if cluster else group.primary_endpoint_address
        self.reader_endpoint = self.endpoint if cluster else group.reader_endpoint_address
        self.port = pulumi.Output.from_input(port)
        self.tls = pulumi.Output.from_input(True)
        self.cluster_mode = pulumi.Output.from_input(cluster)
        self.usable_memory_bytes = pulumi.Output.from_input(
            least_shards * tables.usable_memory_bytes(node.name, reserved)
        )
        self.connection_limit = pulumi.Output.from_input(node.connections)
        self.security_group_id = security_group.id
        self.parameter_group_name = parameter_group.name
        register(self)


def _security_group(
    name: str, args: CacheReplicationGroupArgs, port: int, child: pulumi.ResourceOptions
) -> aws.ec2.SecurityGroup:
    description = f"Clients of {args['replication_group_id']}"
    security_group = aws.ec2.SecurityGroup(
        name, description=description, vpc_id=args["vpc_id"], tags=args.get("tags"), opts=child
    )
    for key, client in args["client_security_group_ids"].items():
        aws.vpc.SecurityGroupIngressRule(
            names.keyed(name, key),
            description=description,
            security_group_id=security_group.id,
            referenced_security_group_id=client,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=args.get("tags"),
            opts=child,
        )
    return security_group


def _parameter_group(
    name: str, args: CacheReplicationGroupArgs, child: pulumi.ResourceOptions
) -> aws.elasticache.ParameterGroup:
    """Named with its family, in the program too: a new family is another group, and both exist during an upgrade.

    A changed family under one name would delete the group that is in use first, which AWS refuses."""
    group_id, cluster = args["replication_group_id"], args["cluster_mode"]
    family = tables.parameter_family(given_or(args.get("engine"), defaults.ENGINE), args["version"])
    parameters = effective_parameters(given_or(args.get("parameters"), {}))
    if cluster:
        parameters["cluster-enabled"] = "yes"
    return aws.elasticache.ParameterGroup(
        names.keyed(name, f"{family}-cluster" if cluster else family),
        name=names.parameter_group(group_id, family, cluster),
        family=family,
        description=f"Parameters of {group_id}",
        parameters=[{"name": key, "value": value} for key, value in sorted(parameters.items())],
        tags=args.get("tags"),
        opts=child,
    )


def _log_deliveries(
    name: str, args: CacheReplicationGroupArgs, child: pulumi.ResourceOptions
) -> list[aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs]:
    kept = {
        "slow-log": given_or(args.get("slow_log"), defaults.SLOW_LOG),
        "engine-log": given_or(args.get("engine_log"), defaults.ENGINE_LOG),
    }
    return [
        aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
            destination=aws.cloudwatch.LogGroup(
                names.keyed(name, log),
                name=names.log_group(args["replication_group_id"], log),
                retention_in_days=int(given_or(args.get("log_retention_days"), defaults.LOG_RETENTION_DAYS)),
                kms_key_id=args.get("log_kms_key_arn"),
                tags=args.get("tags"),
                opts=child,
            ).name,
            destination_type="cloudwatch-logs",
            log_format="json",
            log_type=log,
        )
        for log, on in kept.items()
        if on
    ]
