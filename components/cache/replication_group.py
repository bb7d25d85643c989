"""The cache itself."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from . import catalog
from .parameter_rules import parameter_findings
from .rules import (
    CacheConfigurationError,
    Topology,
    replication_group_id_findings,
    subnet_findings,
    topology_findings,
    window_findings,
)

DEFAULT_PORT = 6379


class CacheReplicationGroupArgs(TypedDict):
    replication_group_id: str
    """1 to 40 lower-case letters, digits and single hyphens; unique in the account and region. Changing it replaces."""
    engine: str
    """`valkey` or `redis` (Redis OSS)."""
    engine_version: str
    """Such as `9.0`. An upgrade is in place, a downgrade replaces."""
    node_type: str
    """Such as `cache.r7g.large`."""
    cluster_mode: bool
    """Whether keys are spread over shards; clients must then speak the cluster protocol, even with one shard."""
    shards: NotRequired[int]
    """Shards in cluster mode. Default 1."""
    replicas: int
    """Replicas of each shard: 0 to 5."""
    multi_az: bool
    """Whether a replica in another zone takes over by itself."""
    durability: str
    """What a failure may lose: `sync` nothing acknowledged, `async` at most 10 s of writes, `snapshots` everything since
    the last snapshot."""
    user_group_id: pulumi.Input[str]
    """The users that may log in: `CacheAccess.user_group_id`."""
    vpc_id: pulumi.Input[str]
    """The VPC of subnets and clients."""
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    """Private subnets in at least two zones."""
    client_security_group_ids: list[pulumi.Input[str]]
    """Security groups of the clients: only these may connect."""
    port: NotRequired[int]
    """Default 6379. Changing it replaces."""
    parameters: NotRequired[dict[str, str]]
    """Engine parameters beside and above Dolmen's defaults (`catalog.default_parameters`)."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """Key for data at rest. Default: a key that AWS owns. Changing it replaces."""
    maintenance_window: str
    """`sun:18:00-sun:19:00`, UTC, at least an hour."""
    snapshot_window: str
    """`19:00-20:00`, UTC, at least an hour, apart from the maintenance window."""
    snapshot_retention_days: int
    """0 (no snapshots) to 35."""
    final_snapshot: bool
    """Whether a snapshot is taken when the group is deleted."""
    auto_minor_version_upgrade: bool
    """Whether AWS raises the minor version by itself. `engine_version` then reads as a downgrade, which replaces."""
    apply_immediately: bool
    """Whether a change takes effect with the deployment, or in the next maintenance window."""
    slow_log: bool
    """Whether the slow log goes to CloudWatch."""
    engine_log: bool
    """Whether the engine log goes to CloudWatch."""
    log_retention_days: int
    """Days that CloudWatch keeps both logs."""
    log_kms_key_arn: NotRequired[pulumi.Input[str]]
    """Key for both logs; its policy must let CloudWatch Logs use it. Default: a key that AWS owns."""
    protect_data: bool
    """Whether the group is protected against deletion, and kept when it leaves the program."""
    description: NotRequired[pulumi.Input[str]]
    """For people, in the AWS console."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of everything that takes tags."""


class CacheReplicationGroup(pulumi.ComponentResource):
    """A replication group with its subnet group, security group, parameter group and log groups.

    TLS is required, data at rest is encrypted, users come from a user group and never from a token. The parameter group
    is named with its family, so that an engine upgrade makes the new one before the group moves to it, and removes the
    old one after. The security group lets the client groups in by reference and lets nothing out: a cache opens no
    connection of its own.

    Not owned here: users (`CacheAccess`), keys (`CacheEncryptionKey`), alarms (`CacheAlarms`), the VPC.
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
    """Room for keys in the whole cache: shards × (node memory − reserved memory)."""
    connection_limit: pulumi.Output[int]
    """Connections that each node takes."""
    security_group_id: pulumi.Output[str]
    """The cache's own security group."""
    parameter_group_name: pulumi.Output[str]
    """The parameter group in use."""

    def __init__(self, name: str, args: CacheReplicationGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:CacheReplicationGroup", name, {}, opts)
        _refuse_what_aws_would(name, args)
        child = pulumi.ResourceOptions(parent=self)
        group_id, tags = args["replication_group_id"], args.get("tags")
        port = int(args.get("port", DEFAULT_PORT))
        parameters = effective_parameters(args)

        security_group = _security_group(name, args, port, child)
        subnet_group = aws.elasticache.SubnetGroup(
            f"{name}-subnets",
            description=f"Private subnets of {group_id}",
            subnet_ids=args["subnet_ids"],
            tags=tags,
            opts=child,
        )
        parameter_group = _parameter_group(name, args, parameters, child)
        group = aws.elasticache.ReplicationGroup(
            f"{name}-group",
            replication_group_id=group_id,
            description=args.get("description", f"Cache of {group_id}"),
            engine=args["engine"],
            engine_version=args["engine_version"],
            node_type=args["node_type"],
            **_topology_inputs(args),
            data_tiering_enabled=catalog.node_type(args["node_type"]).data_tiering or None,
            port=port,
            parameter_group_name=parameter_group.name,
            subnet_group_name=subnet_group.name,
            security_group_ids=[security_group.id],
            user_group_ids=[args["user_group_id"]],
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled=True,
            kms_key_id=args.get("kms_key_arn"),
            maintenance_window=args["maintenance_window"],
            snapshot_retention_limit=int(args["snapshot_retention_days"]),
            snapshot_window=args["snapshot_window"] if args["snapshot_retention_days"] else None,
            final_snapshot_identifier=f"{group_id}-final" if args["final_snapshot"] else None,
            auto_minor_version_upgrade=args["auto_minor_version_upgrade"],
            apply_immediately=args["apply_immediately"],
            log_delivery_configurations=_log_deliveries(name, args, child),
            tags=tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args["protect_data"],
                retain_on_delete=args["protect_data"],
            ),
        )
        self.replication_group_id = group.replication_group_id
        self.arn = group.arn
        self.endpoint = group.configuration_endpoint_address if args["cluster_mode"] else group.primary_endpoint_address
        self.reader_endpoint = self.endpoint if args["cluster_mode"] else group.reader_endpoint_address
        self.port = pulumi.Output.from_input(port)
        self.tls = pulumi.Output.from_input(True)
        self.cluster_mode = pulumi.Output.from_input(args["cluster_mode"])
        self.usable_memory_bytes = pulumi.Output.from_input(usable_memory_bytes(args))
        self.connection_limit = pulumi.Output.from_input(catalog.node_type(args["node_type"]).connections)
        self.security_group_id = security_group.id
        self.parameter_group_name = parameter_group.name
        self.register_outputs(
            {
                "replicationGroupId": self.replication_group_id,
                "arn": self.arn,
                "endpoint": self.endpoint,
                "readerEndpoint": self.reader_endpoint,
                "port": self.port,
                "tls": self.tls,
                "clusterMode": self.cluster_mode,
                "usableMemoryBytes": self.usable_memory_bytes,
                "connectionLimit": self.connection_limit,
                "securityGroupId": self.security_group_id,
                "parameterGroupName": self.parameter_group_name,
            }
        )


def effective_parameters(args: CacheReplicationGroupArgs) -> dict[str, str]:
    """Dolmen's defaults under the caller's own, sorted by name."""
    return dict(sorted({**catalog.default_parameters(), **args.get("parameters", {})}.items()))


def usable_memory_bytes(args: CacheReplicationGroupArgs) -> int:
    reserved = int(effective_parameters(args)["reserved-memory-percent"])
    return _shards(args) * catalog.usable_memory_bytes(args["node_type"], reserved)


def _shards(args: CacheReplicationGroupArgs) -> int:
    return int(args.get("shards", 1)) if args["cluster_mode"] else 1


def _refuse_what_aws_would(name: str, args: CacheReplicationGroupArgs) -> None:
    topology = Topology(
        engine=args["engine"],
        engine_version=args["engine_version"],
        node_type=args["node_type"],
        cluster_mode=args["cluster_mode"],
        shards=int(args.get("shards", 1)),
        replicas=int(args["replicas"]),
        multi_az=args["multi_az"],
        durability=args["durability"],
    )
    findings = [
        *replication_group_id_findings(args["replication_group_id"]),
        *topology_findings(topology),
        *subnet_findings(args["subnet_ids"], topology.multi_az),
        *window_findings(args["maintenance_window"], args["snapshot_window"], int(args["snapshot_retention_days"])),
        *parameter_findings(
            effective_parameters(args),
            engine=topology.engine,
            engine_version=topology.engine_version,
            node_type=topology.node_type,
        ),
    ]
    if findings:
        raise CacheConfigurationError(name, findings)


def _topology_inputs(args: CacheReplicationGroupArgs) -> dict[str, Any]:
    """Durability is sent only where there is some. Left out, the provider keeps what the group has, and a new group has
    none (`default` means `disabled`). Sent as `disabled` it would replace every group that was made without it, as in an
    upgrade from Valkey 8: the provider compares it with the `default` that AWS answers.

    Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Durability.Configuring.html and the schema of
    terraform-provider-aws v6.58.0 (`durability` is optional, computed, and forces a new group).
    """
    replicas = int(args["replicas"])
    if not args["cluster_mode"]:
        return {
            "cluster_mode": "disabled",
            "num_cache_clusters": 1 + replicas,
            "automatic_failover_enabled": replicas >= 1,
            "multi_az_enabled": args["multi_az"],
        }
    return {
        "cluster_mode": "enabled",
        "num_node_groups": _shards(args),
        "replicas_per_node_group": replicas,
        "automatic_failover_enabled": True,  # cluster mode does not exist without it
        "multi_az_enabled": args["multi_az"],
        "durability": args["durability"] if args["durability"] in ("sync", "async") else None,
    }


def _security_group(
    name: str, args: CacheReplicationGroupArgs, port: int, child: pulumi.ResourceOptions
) -> aws.ec2.SecurityGroup:
    security_group = aws.ec2.SecurityGroup(
        f"{name}-access",
        description=f"Clients of {args['replication_group_id']}",
        vpc_id=args["vpc_id"],
        tags=args.get("tags"),
        opts=child,
    )
    for index, client in enumerate(args["client_security_group_ids"]):
        # Named by the group where its id is known, so that removing one client leaves the others alone.
        key = client if isinstance(client, str) else str(index)
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-from-{key}",
            description=f"Clients of {args['replication_group_id']}",
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
    name: str, args: CacheReplicationGroupArgs, parameters: Mapping[str, str], child: pulumi.ResourceOptions
) -> aws.elasticache.ParameterGroup:
    family = catalog.parameter_family(args["engine"], args["engine_version"])
    suffix = f"{family}-cluster" if args["cluster_mode"] else family
    cluster = {"cluster-enabled": "yes"} if args["cluster_mode"] else {}
    return aws.elasticache.ParameterGroup(
        f"{name}-{suffix}",
        name=f"{args['replication_group_id']}-{suffix}",
        family=family,
        description=f"Parameters of {args['replication_group_id']}",
        parameters=[{"name": key, "value": value} for key, value in sorted({**parameters, **cluster}.items())],
        tags=args.get("tags"),
        opts=child,
    )


def _log_deliveries(
    name: str, args: CacheReplicationGroupArgs, child: pulumi.ResourceOptions
) -> list[aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs]:
    """Names under `/aws/vendedlogs/` share one resource policy, which has a size limit otherwise.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
    """
    wanted = [log for log, on in (("slow-log", args["slow_log"]), ("engine-log", args["engine_log"])) if on]
    return [
        aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
            destination=aws.cloudwatch.LogGroup(
                f"{name}-{log}",
                name=f"/aws/vendedlogs/elasticache/{args['replication_group_id']}/{log}",
                retention_in_days=int(args["log_retention_days"]),
                kms_key_id=args.get("log_kms_key_arn"),
                tags=args.get("tags"),
                opts=child,
            ).name,
            destination_type="cloudwatch-logs",
            log_format="json",
            log_type=log,
        )
        for log in wanted
    ]
