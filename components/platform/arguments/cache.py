"""From the stack's configuration to the arguments of the cache's components. Pure: no Pulumi, no I/O."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from ...cache import access_string
from ..model.cache import ServiceUser
from ..model.stack import StackConfig


class CacheUserArguments(TypedDict):
    """The shape of `components.cache.access.CacheUser`."""

    access_string: str
    iam: bool
    generation: int
    active: int


class CacheAccessArguments(TypedDict):
    platform: str
    engine: str
    users: dict[str, CacheUserArguments]
    tags: dict[str, str]


class CacheKeyArguments(TypedDict):
    platform: str
    deletion_window_days: int
    protect_data: bool
    tags: dict[str, str]


class CacheGroupArguments(TypedDict):
    """The arguments of `CacheReplicationGroup` that the configuration knows; the user group and a created key are
    outputs of other components."""

    replication_group_id: str
    engine: str
    engine_version: str
    node_type: str
    cluster_mode: bool
    shards: int
    replicas: int
    multi_az: bool
    durability: str
    vpc_id: str
    subnet_ids: list[str]
    client_security_group_ids: list[str]
    parameters: dict[str, str]
    maintenance_window: str
    snapshot_window: str
    snapshot_retention_days: int
    final_snapshot: bool
    auto_minor_version_upgrade: bool
    apply_immediately: bool
    slow_log: bool
    engine_log: bool
    log_retention_days: int
    protect_data: bool
    tags: dict[str, str]


EXPORTER = "exporter"
OPERATIONS = "operations"
RESERVED_LOGINS = ("default", EXPORTER, OPERATIONS)
"""Names that no application may have: its login would be one of the platform's own."""


def replication_group_id(stack: StackConfig) -> str:
    return f"{stack.name}-cache"


def cache_access(stack: StackConfig) -> CacheAccessArguments:
    """One login for each application, and the platform's two."""
    users: dict[str, CacheUserArguments] = {
        name: {
            "access_string": application.access_string(),
            "iam": application.cache_authentication == "iam",
            "generation": application.credentials.generation,
            "active": application.credentials.active,
        }
        for name, application in stack.applications.items()
    }
    users[EXPORTER] = _service_user(access_string.EXPORTER, stack.cache.exporter_user)
    users[OPERATIONS] = _service_user(access_string.OPERATIONS, stack.cache.operations_user)
    return {"platform": stack.name, "engine": stack.cache.engine, "users": users, "tags": dict(stack.tags)}


def cache_encryption_key(stack: StackConfig) -> CacheKeyArguments | None:
    """`None` unless the configuration asks for a key of the platform's own."""
    create = stack.cache.encryption.create
    if create is None:
        return None
    return {
        "platform": stack.name,
        "deletion_window_days": create.deletion_window_days,
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }


def cache_replication_group(stack: StackConfig) -> CacheGroupArguments:
    cache, network = stack.cache, stack.network
    topology = cache.topology
    final = cache.snapshots.final
    return {
        "replication_group_id": replication_group_id(stack),
        "engine": topology.engine,
        "engine_version": topology.engine_version,
        "node_type": topology.node_type,
        "cluster_mode": topology.cluster_mode,
        "shards": topology.shards,
        "replicas": topology.replicas,
        "multi_az": topology.multi_az,
        "durability": topology.durability,
        "vpc_id": network.vpc_id,
        "subnet_ids": list(network.private_subnet_ids),
        "client_security_group_ids": list(network.client_security_group_ids),
        "parameters": dict(cache.parameters),
        "maintenance_window": cache.maintenance_window,
        "snapshot_window": cache.snapshots.window,
        "snapshot_retention_days": cache.snapshots.retention_days,
        "final_snapshot": stack.production if final is None else final,
        "auto_minor_version_upgrade": cache.minor_upgrades,
        "apply_immediately": cache.apply_immediately,
        "slow_log": cache.logs.slow_log,
        "engine_log": cache.logs.engine_log,
        "log_retention_days": cache.logs.retention_days,
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }


def adopted_key_arn(stack: StackConfig) -> str | None:
    """For `kms_key_arn`, where no key is created."""
    return stack.cache.encryption.adopt


def log_key_arn(stack: StackConfig) -> str | None:
    """For `log_kms_key_arn`; where it is `None` a created key serves the logs too."""
    return stack.cache.logs.kms_key_arn


class CacheAlarmsArguments(TypedDict):
    """The arguments of `CacheAlarms` that the configuration knows; the group's id, a created key and the PagerDuty key
    come from elsewhere."""

    platform: str
    node_type: str
    cluster_mode: bool
    shards: int
    replicas: int
    durability: str
    memory_percent: int
    connections_percent: int
    cpu_percent: int
    replication_lag_seconds: int
    email: list[str]
    topic_arn: NotRequired[str]
    slack_workspace_id: NotRequired[str]
    slack_channel_id: NotRequired[str]
    tags: dict[str, str]


def cache_alarms(stack: StackConfig) -> CacheAlarmsArguments:
    alarms, topology = stack.cache.alarms, stack.cache.topology
    arguments: CacheAlarmsArguments = {
        "platform": stack.name,
        "node_type": topology.node_type,
        "cluster_mode": topology.cluster_mode,
        "shards": topology.shards,
        "replicas": topology.replicas,
        "durability": topology.durability,
        "memory_percent": alarms.memory_percent,
        "connections_percent": alarms.connections_percent,
        "cpu_percent": alarms.cpu_percent,
        "replication_lag_seconds": alarms.replication_lag_seconds,
        "email": list(alarms.email),
        "tags": dict(stack.tags),
    }
    if alarms.topic_arn is not None:
        arguments["topic_arn"] = alarms.topic_arn
    if alarms.slack is not None:
        arguments["slack_workspace_id"] = alarms.slack.workspace_id
        arguments["slack_channel_id"] = alarms.slack.channel_id
    return arguments


def pages_someone(stack: StackConfig) -> bool:
    """Whether the secret `dolmen:cachePagerDutyKey` goes to `pager_duty_key`."""
    return stack.cache.alarms.pager_duty is not None


def _service_user(rights: str, user: ServiceUser) -> CacheUserArguments:
    return {
        "access_string": rights,
        "iam": False,
        "generation": user.credentials.generation,
        "active": user.credentials.active,
    }
