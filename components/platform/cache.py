"""What a stack asks of the cache's components: their own arguments, from the stack file and other components' outputs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pulumi

from dolmen.stackfile.problems import KeyPath

from .. import keys, names
from ..arguments import known, unknown
from ..cache import access_limits, access_string, alarm_topics, alarms, replication_group_limits
from ..cache.access_arguments import CacheAccessArgs, CacheUser
from ..cache.alarm_topics import CacheAlarmTopicsArgs
from ..cache.alarms import CacheAlarmSettings
from ..cache.replication_group_arguments import CacheReplicationGroupArgs
from ..keys import EncryptionKeyArgs
from .asked import ComponentCheck
from .model.applications import Application
from .model.cache import ServiceUser
from .model.cache.topology import ClusterMode
from .model.key import KeyChoice
from .model.stack import StackConfig

EXPORTER = "exporter"
OPERATIONS = "operations"
Arn = pulumi.Input[str] | None


def cache_access_args(stack: StackConfig) -> CacheAccessArgs:
    """One login for each application, and the platform's two."""
    users = {name: _application_user(application) for name, application in stack.applications.items()}
    users[EXPORTER] = _service_user(access_string.EXPORTER, stack.cache.exporter_user)
    users[OPERATIONS] = _service_user(access_string.OPERATIONS, stack.cache.operations_user)
    return {"platform": stack.name, "engine": stack.cache.engine, "users": users, "tags": {**stack.tags}}


def cache_key_args(stack: StackConfig, policy: pulumi.Input[str]) -> EncryptionKeyArgs:
    """A key for data, logs and topics; made where `creates(stack.cache.encryption_key)`."""
    return _key_args(stack, stack.cache.encryption_key, policy, "Data, logs and alarm topics", "cache")


def cache_log_key_args(stack: StackConfig, policy: pulumi.Input[str]) -> EncryptionKeyArgs:
    """A key for logs alone; made where `creates(stack.cache.logs.encryption_key)`."""
    return _key_args(stack, stack.cache.logs.encryption_key, policy, "Logs", "cache", "logs")


def creates(choice: KeyChoice | None) -> bool:
    return choice is not None and choice.create is True


def cache_alarm_topics_args(stack: StackConfig, *, key_arn: Arn, pager_duty_key: Arn) -> CacheAlarmTopicsArgs:
    """`key_arn` is the cache's created key, which serves the topics unless they have one of their own."""
    section = stack.cache.alarms
    args: CacheAlarmTopicsArgs = {"platform": stack.name, "email": section.email, "tags": {**stack.tags}}
    own = section.encryption_key
    if (used := key_arn if own is None else own.adopt) is not None:
        args["kms_key_arn"] = used
    if section.slack is not None:
        args["slack_workspace_id"] = section.slack.workspace_id
        args["slack_channel_id"] = section.slack.channel_id
    if pager_duty_key is not None:
        args["pager_duty_key"] = pager_duty_key
    return args


def cache_alarm_settings(
    stack: StackConfig, *, warnings_topic_arn: pulumi.Input[str], severe_topic_arn: pulumi.Input[str]
) -> CacheAlarmSettings:
    section = stack.cache.alarms
    return {
        "warnings_topic_arn": warnings_topic_arn,
        "severe_topic_arn": severe_topic_arn,
        "memory_percent": section.memory_percent,
        "connections_percent": section.connections_percent,
        "cpu_percent": section.cpu_percent,
        "replication_lag_seconds": section.replication_lag_seconds,
        "refused_attempts": section.refused_attempts,
    }


def cache_replication_group_args(
    stack: StackConfig,
    *,
    user_group_id: pulumi.Input[str],
    key_arn: Arn = None,
    log_key_arn: Arn = None,
    alarm_settings: CacheAlarmSettings | None = None,
) -> CacheReplicationGroupArgs:
    """`key_arn` and `log_key_arn` are created keys; an adopted one stands in the stack file."""
    cache, network = stack.cache, stack.network
    mode = cache.cluster_mode
    cluster = isinstance(mode, ClusterMode)
    args: CacheReplicationGroupArgs = {
        "replication_group_id": names.replication_group_id(stack.name),
        "engine": cache.engine,
        "version": cache.version,
        "node_type": cache.node_type,
        "cluster_mode": unknown(bool) if known(mode) is None else cluster,
        "multi_az": cache.multi_az,
        "durability": cache.durability,
        "user_group_id": user_group_id,
        "vpc_id": network.vpc_id,
        "private_subnet_ids": network.private_subnet_ids,
        "client_security_group_ids": {group: group for group in network.client_security_group_ids},
        "parameters": {**cache.parameters},
        "maintenance_window": cache.maintenance_window,
        "snapshot_window": cache.snapshots.window,
        "snapshot_retention_days": cache.snapshots.retention_days,
        "minor_upgrades": cache.minor_upgrades,
        "apply_immediately": cache.apply_immediately,
        "slow_log": cache.logs.slow_log,
        "engine_log": cache.logs.engine_log,
        "log_retention_days": cache.logs.retention_days,
        "protect_data": stack.production,
        "tags": {**stack.tags},
    }
    if isinstance(mode, ClusterMode):
        args["shards"], args["replicas"] = mode.shards, mode.replicas_per_shard
    elif cache.replicas is not None:
        args["replicas"] = cache.replicas
    if cache.snapshots.final is not None:
        args["final_snapshot"] = cache.snapshots.final
    if (used := key_arn or _adopted(cache.encryption_key)) is not None:
        args["kms_key_arn"] = used
    if (used := _adopted(cache.logs.encryption_key) or log_key_arn or key_arn) is not None:
        args["log_kms_key_arn"] = used
    if alarm_settings is not None:
        args["alarms"] = alarm_settings
    return args


def _adopted(choice: KeyChoice | None) -> str | None:
    return choice.adopt if choice is not None else None


def _key_args(
    stack: StackConfig, choice: KeyChoice | None, policy: pulumi.Input[str], what: str, *purpose: str
) -> EncryptionKeyArgs:
    args: EncryptionKeyArgs = {
        "alias": unknown(str) if known(stack.name) is None else names.key_alias(stack.name, *purpose),
        "description": f"{what} of the cache of {stack.name}",
        "policy": policy,
        "protect_data": stack.production,
        "tags": {**stack.tags},
    }
    if choice is not None and choice.deletion_window_days is not None:
        args["deletion_window_days"] = choice.deletion_window_days
    return args


def _application_user(application: Application) -> CacheUser:
    user: CacheUser = {
        "authentication": application.cache_authentication,
        "logins": None if application.cache_logins is None else [*application.cache_logins],
        "generation": application.credentials.generation,
        "active": application.credentials.active,
    }
    if application.cache_access_string is not None:
        user["access_string"] = application.cache_access_string
        return user
    user["keys"] = [*(application.cache_keys or ())]
    user["commands"] = [*application.cache_commands]
    if application.cache_channels is not None:
        user["channels"] = [*application.cache_channels]
    return user


def _service_user(rights: str, user: ServiceUser) -> CacheUser:
    return {
        "access_string": rights,
        "generation": user.credentials.generation,
        "active": user.credentials.active,
    }


# ---- what the components would refuse


def _accesses(stack: StackConfig) -> Iterator[tuple[KeyPath, CacheAccessArgs]]:
    yield ("applications",), cache_access_args(stack)


def _groups(stack: StackConfig, *, cluster: bool) -> Iterator[tuple[KeyPath, CacheReplicationGroupArgs]]:
    if isinstance(stack.cache.cluster_mode, ClusterMode) == cluster:
        args = cache_replication_group_args(stack, user_group_id=unknown(str))
        args["replication_group_id"] = unknown(str)  # made of the platform's name, which is judged where it stands
        yield ("cache",), args


def _alarms(stack: StackConfig) -> Iterator[tuple[KeyPath, CacheAlarmSettings]]:
    topic = unknown(str) if stack.cache.alarms.topic_arn is None else stack.cache.alarms.topic_arn
    yield ("cache", "alarms"), cache_alarm_settings(stack, warnings_topic_arn=topic, severe_topic_arn=topic)


def _topics(stack: StackConfig) -> Iterator[tuple[KeyPath, CacheAlarmTopicsArgs]]:
    if stack.cache.alarms.topic_arn is None:
        yield ("cache", "alarms"), cache_alarm_topics_args(stack, key_arn=None, pager_duty_key=None)


def _keys(stack: StackConfig) -> Iterator[tuple[KeyPath, EncryptionKeyArgs]]:
    for place, section, args in (
        (("cache", "encryptionKey"), stack.cache.encryption_key, cache_key_args),
        (("cache", "logs", "encryptionKey"), stack.cache.logs.encryption_key, cache_log_key_args),
    ):
        if creates(section):
            yield place, args(stack, unknown(str))


_GROUP_PLACES: dict[str, KeyPath] = {
    "shards": ("clusterMode", "shards"),
    "replicas": ("replicas",),
    "snapshot_window": ("snapshots", "window"),
    "snapshot_retention_days": ("snapshots", "retentionDays"),
    "log_retention_days": ("logs", "retentionDays"),
    "kms_key_arn": ("encryptionKey", "adopt"),
    "log_kms_key_arn": ("logs", "encryptionKey", "adopt"),
    "private_subnet_ids": ("/", "network", "privateSubnetIds"),
}
CHECKS: tuple[ComponentCheck[Any], ...] = (
    # What an application's own login may do is judged where it stands, by the same functions: model/cache_access.py.
    ComponentCheck(_accesses, access_limits.user_group_problems, {"users": ("/", "applications")}),
    ComponentCheck(partial(_groups, cluster=False), replication_group_limits.problems, _GROUP_PLACES),
    ComponentCheck(
        partial(_groups, cluster=True),
        replication_group_limits.problems,
        {**_GROUP_PLACES, "replicas": ("clusterMode", "replicasPerShard")},
    ),
    ComponentCheck(
        _alarms,
        alarms.alarm_problems,
        {"warnings_topic_arn": ("topicArn",), "severe_topic_arn": ("topicArn",)},
    ),
    ComponentCheck(
        _topics,
        alarm_topics.problems,
        {
            "kms_key_arn": ("encryptionKey", "adopt"),
            "slack_workspace_id": ("slack", "workspaceId"),
            "slack_channel_id": ("slack", "channelId"),
        },
    ),
    ComponentCheck(_keys, keys.problems),
)
