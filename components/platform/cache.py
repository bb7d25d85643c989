"""What a stack asks of the cache's components: their own arguments, from the stack file and other components' outputs."""

from __future__ import annotations

from functools import partial
from typing import Any

import pulumi

from dolmen.stackfile.problems import KeyPath

from .. import keys, names, nights
from ..arguments import given_or, known, unknown
from ..cache import access_limits, access_string, alarm_topics, alarms, replication_group_limits
from ..cache.access_arguments import CacheAccessArgs, CacheUser
from ..cache.alarm_topics import CacheAlarmTopicsArgs
from ..cache.alarms import CacheAlarmSettings
from ..cache.autoscaling import CacheAutoscaling, CacheScaling
from ..cache.replication_group_arguments import CacheReplicationGroupArgs
from ..keys import EncryptionKeyArgs
from .asked import OTHERS, ComponentCheck, section
from .key import created_key_args, creates
from .model.applications import Application
from .model.cache import ServiceUser
from .model.cache.alarms import Alarms
from .model.cache.topology import ClusterMode, NodeAutoscaling, NodeScaling
from .model.key import KeyChoice
from .parts import CachePart, cache_part

EXPORTER = "exporter"
OPERATIONS = "operations"
Arn = pulumi.Input[str] | None


def cache_access_args(stack: CachePart) -> CacheAccessArgs:
    """One login for each application, and the platform's two."""
    users = {name: _application_user(application) for name, application in stack.applications.items()}
    users[EXPORTER] = _service_user(access_string.EXPORTER, stack.cache.exporter_user)
    users[OPERATIONS] = _service_user(access_string.OPERATIONS, stack.cache.operations_user)
    return {"platform": stack.name, "engine": stack.cache.engine, "users": users, "tags": {**stack.tags}}


def cache_key_args(stack: CachePart, policy: pulumi.Input[str]) -> EncryptionKeyArgs:
    """A key for data, logs and topics; made where `creates(stack.cache.encryption_key)`."""
    description = f"Data, logs and alarm topics of the cache of {stack.name}"
    return created_key_args(stack, stack.cache.encryption_key, description, "cache", policy=policy)


def cache_log_key_args(stack: CachePart, policy: pulumi.Input[str]) -> EncryptionKeyArgs:
    """A key for logs alone; made where `creates(stack.cache.logs.encryption_key)`."""
    description = f"Logs of the cache of {stack.name}"
    return created_key_args(stack, stack.cache.logs.encryption_key, description, "cache", "logs", policy=policy)


def cache_alarm_topics_args(
    stack: CachePart, asked: Alarms, *, key_arn: Arn, pager_duty_key: Arn
) -> CacheAlarmTopicsArgs:
    """`key_arn` is the cache's created key, which serves the topics unless they have one of their own."""
    return {
        "platform": stack.name,
        "kms_key_arn": key_arn if asked.encryption_key is None else asked.encryption_key.adopt,
        "email": asked.email,
        "slack_workspace_id": None if asked.slack is None else asked.slack.workspace_id,
        "slack_channel_id": None if asked.slack is None else asked.slack.channel_id,
        "pager_duty_key": pager_duty_key,
        "pager_duty_region": None if asked.pager_duty is None else asked.pager_duty.region,
        "tags": {**stack.tags},
    }


def cache_alarm_settings(
    asked: Alarms, *, warnings_topic_arn: pulumi.Input[str], severe_topic_arn: pulumi.Input[str]
) -> CacheAlarmSettings:
    return {
        "warnings_topic_arn": warnings_topic_arn,
        "severe_topic_arn": severe_topic_arn,
        "memory_percent": asked.memory_percent,
        "connections_percent": asked.connections_percent,
        "cpu_percent": asked.cpu_percent,
        "replication_lag_seconds": asked.replication_lag_seconds,
        "refused_attempts": asked.refused_attempts,
    }


def cache_replication_group_args(
    stack: CachePart,
    *,
    user_group_id: pulumi.Input[str],
    key_arn: Arn = None,
    log_key_arn: Arn = None,
    alarm_settings: CacheAlarmSettings | None = None,
) -> CacheReplicationGroupArgs:
    """`key_arn` and `log_key_arn` are created keys; an adopted one stands in the stack file."""
    cache, network = stack.cache, stack.network
    mode = cache.cluster_mode
    sharded = mode if isinstance(mode, ClusterMode) else None
    return {
        "replication_group_id": names.replication_group_id(stack.name),
        "engine": cache.engine,
        "version": cache.version,
        "node_type": cache.node_type,
        "cluster_mode": unknown(bool) if known(mode) is None else sharded is not None,
        "shards": None if sharded is None else sharded.shards,
        "replicas": cache.replicas if sharded is None else sharded.replicas_per_shard,
        "preferred_zones": _listed(cache.preferred_zones),
        "autoscaling": _autoscaling(cache.autoscaling),
        "multi_az": cache.multi_az,
        "durability": cache.durability,
        "user_group_id": user_group_id,
        "vpc_id": network.vpc_id,
        "private_subnet_ids": network.private_subnet_ids,
        "client_security_group_ids": {group: group for group in network.client_security_group_ids},
        "parameters": {**cache.parameters},
        "kms_key_arn": key_arn or _adopted(cache.encryption_key),
        "maintenance_window": given_or(cache.maintenance_window, nights.cache_maintenance(stack.region)),
        "snapshot_window": given_or(cache.snapshots.window, nights.cache_snapshots(stack.region)),
        "snapshot_retention_days": cache.snapshots.retention_days,
        "final_snapshot": cache.snapshots.final,
        "seed_snapshot": None if cache.seed is None else cache.seed.snapshot,
        "seed_rdb": None if cache.seed is None else _listed(cache.seed.rdb),
        "minor_upgrades": cache.minor_upgrades,
        "apply_immediately": cache.apply_immediately,
        "slow_log": cache.logs.slow_log,
        "engine_log": cache.logs.engine_log,
        "log_retention_days": cache.logs.retention_days,
        "log_kms_key_arn": _adopted(cache.logs.encryption_key) or log_key_arn or key_arn,
        "alarms": alarm_settings,
        "protect_data": stack.production,
        "tags": {**stack.tags},
    }


def _autoscaling(asked: NodeAutoscaling | None) -> CacheAutoscaling | None:
    asked = known(asked)
    if asked is None:
        return None
    return {"shards": _scaling(asked.shards), "replicas": _scaling(asked.replicas)}


def _scaling(asked: NodeScaling | None) -> CacheScaling | None:
    asked = known(asked)
    return (
        None
        if asked is None
        else {
            "minimum": asked.minimum,
            "maximum": asked.maximum,
            "cpu_percent": asked.cpu_percent,
            "memory_percent": asked.memory_percent,
            "scale_in": asked.scale_in,
        }
    )


def _listed(entries: tuple[str, ...] | None) -> list[pulumi.Input[str]] | None:
    """The entries, where they are known: of a list that is wrong in itself nothing is."""
    given = known(entries)
    return None if given is None else [*given]


def _adopted(choice: KeyChoice | None) -> str | None:
    return choice.adopt if choice is not None else None


def _application_user(application: Application) -> CacheUser:
    whole = application.cache_access_string is not None
    return {
        "authentication": application.cache_authentication,
        "logins": None if application.cache_logins is None else [*application.cache_logins],
        "generation": application.credentials.generation,
        "active": application.credentials.active,
        "access_string": application.cache_access_string,
        "keys": None if whole else [*(application.cache_keys or ())],
        "commands": None if whole else [*application.cache_commands],
        "channels": None if whole or application.cache_channels is None else [*application.cache_channels],
    }


def _service_user(rights: str, user: ServiceUser) -> CacheUser:
    return {"access_string": rights, "generation": user.credentials.generation, "active": user.credentials.active}


# ---- what the components would refuse


def _group_of(stack: CachePart, *, cluster: bool) -> CacheReplicationGroupArgs | None:
    if isinstance(stack.cache.cluster_mode, ClusterMode) != cluster:
        return None
    args = cache_replication_group_args(stack, user_group_id=OTHERS)
    # Made of the platform's name, which is judged where it stands.
    return {**args, "replication_group_id": OTHERS}


def _alarms_of(stack: CachePart) -> CacheAlarmSettings | None:
    asked = stack.cache.alarms
    if asked is None:
        return None
    topic = OTHERS if asked.topic_arn is None else asked.topic_arn
    return cache_alarm_settings(asked, warnings_topic_arn=topic, severe_topic_arn=topic)


def _topics_of(stack: CachePart) -> CacheAlarmTopicsArgs | None:
    asked = stack.cache.alarms
    if asked is None or asked.topic_arn is not None:
        return None
    return cache_alarm_topics_args(stack, asked, key_arn=None, pager_duty_key=None)


def _key_of(stack: CachePart) -> EncryptionKeyArgs | None:
    return cache_key_args(stack, OTHERS) if creates(stack.cache.encryption_key) else None


def _log_key_of(stack: CachePart) -> EncryptionKeyArgs | None:
    return cache_log_key_args(stack, OTHERS) if creates(stack.cache.logs.encryption_key) else None


_GROUP_PLACES: dict[str, KeyPath] = {
    "shards": ("clusterMode", "shards"),
    "replicas": ("replicas",),
    "snapshot_window": ("snapshots", "window"),
    "snapshot_retention_days": ("snapshots", "retentionDays"),
    "seed_snapshot": ("seed", "snapshot"),
    "seed_rdb": ("seed", "rdb"),
    "log_retention_days": ("logs", "retentionDays"),
    "kms_key_arn": ("encryptionKey", "adopt"),
    "log_kms_key_arn": ("logs", "encryptionKey", "adopt"),
    "private_subnet_ids": ("/", "network", "privateSubnetIds"),
}
CHECKS: tuple[ComponentCheck[Any], ...] = (
    # What an application's own login may do is judged where it stands, by the same functions: model/cache_access.py.
    ComponentCheck(
        section(cache_part, "applications", args=cache_access_args),
        access_limits.user_group_problems,
        {"users": ("/", "applications")},
    ),
    ComponentCheck(
        section(cache_part, "cache", args=partial(_group_of, cluster=False)),
        replication_group_limits.problems,
        _GROUP_PLACES,
    ),
    ComponentCheck(
        section(cache_part, "cache", args=partial(_group_of, cluster=True)),
        replication_group_limits.problems,
        {**_GROUP_PLACES, "replicas": ("clusterMode", "replicasPerShard")},
    ),
    ComponentCheck(
        section(cache_part, "cache", "alarms", args=_alarms_of),
        alarms.alarm_problems,
        {"warnings_topic_arn": ("topicArn",), "severe_topic_arn": ("topicArn",)},
    ),
    ComponentCheck(
        section(cache_part, "cache", "alarms", args=_topics_of),
        alarm_topics.problems,
        {
            "kms_key_arn": ("encryptionKey", "adopt"),
            "slack_workspace_id": ("slack", "workspaceId"),
            "slack_channel_id": ("slack", "channelId"),
            "pager_duty_region": ("pagerDuty", "region"),
        },
    ),
    ComponentCheck(section(cache_part, "cache", "encryptionKey", args=_key_of), keys.problems),
    ComponentCheck(section(cache_part, "cache", "logs", "encryptionKey", args=_log_key_of), keys.problems),
)
