"""The whole platform: every component, joined by the data that flows between them."""

from typing import TypedDict

import pulumi

from dolmen.outputs import VERSION

from .. import names
from ..arguments import check
from ..atlas import (
    AtlasAlerts,
    AtlasBackupSchedule,
    AtlasCluster,
    AtlasEncryptionKey,
    AtlasNetworkContainer,
    AtlasProject,
    atlas_provider,
)
from ..cache import CacheAccess, CacheAlarmSettings, CacheAlarmTopics, CacheReplicationGroup
from ..cache.key_policies import cache_key_policy, caller_identity, log_key_policy
from ..keys import EncryptionKey
from ..outputs import register
from . import atlas, atlas_connectivity, cache
from .application import Application
from .doors import Doors
from .model.stack import CACHE_PAGER_DUTY_KEY, StackConfig
from .secrets import SecretOf


class PlatformArgs(TypedDict):
    stack: StackConfig
    """The stack file."""
    secret: SecretOf
    """Gives the values of secrets that the stack's configuration holds."""


class Platform(pulumi.ComponentResource):
    """MongoDB Atlas and ElastiCache side by side, and for each application its users, secrets and reader.

    Nothing here waits for what it does not need: cluster, private endpoint and cache are made at the same time. An
    application's secret waits for its users and for the network path to the cluster.

    Not exported to other languages: it takes a typed stack file."""

    stack_output: dict[str, object]
    """What other tools and programs may rely on (`dolmen.outputs`), each value known or unknown for itself, so that a
    preview shows what is known already."""

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, PlatformArgs)
        self._stack, self._secret = stack, secret = args["stack"], args["secret"]
        inputs = {"tier": stack.tier.value, "region": stack.region}
        super().__init__("dolmen:index:Platform", name, inputs, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        provider = atlas_provider(names.below(name, "atlas"), atlas.provider_args(stack), self._child)
        self._in_atlas = in_atlas = pulumi.ResourceOptions(parent=self, providers=[provider])
        project = AtlasProject(names.below(name, "project"), atlas.project_args(stack), in_atlas).project_id
        container = self._network_container(name, project)
        cluster = AtlasCluster(
            names.below(name, "cluster"),
            atlas.cluster_args(
                stack,
                project_id=project,
                network_container_id=container,
                encryption_key_ready=self._atlas_key(name, project),
            ),
            in_atlas,
        )
        doors = Doors(self, stack, provider, project=project, cluster=cluster, container=container)
        access, group = self._cache(names.below(name, "cache"))
        applications = {
            called: Application(
                names.keyed(name, called),
                {
                    "stack": stack,
                    "application": called,
                    "secret": secret,
                    "database_access": atlas.database_access_args(
                        stack,
                        called,
                        project_id=project,
                        cluster_name=cluster.cluster_name,
                        connection_string=doors.srv_connection_string,
                    ),
                    "cache_login": access.logins[called],
                    "cache": group,
                },
                in_atlas,
            )
            for called in stack.applications
        }
        self.stack_output = {
            "version": VERSION,
            "platform": name,
            **inputs,
            "atlas": {
                "projectId": project,
                "clusterName": cluster.cluster_name,
                "srvConnectionString": doors.srv_connection_string,
                "survives": cluster.survives,
                **doors.stack_output,
                **self._watched(name, project, cluster),
            },
            "cache": _cache_output(access, group),
            "applications": {called: application.stack_output for called, application in applications.items()},
        }
        register(self)

    # ---- Atlas

    def _network_container(self, name: str, project: pulumi.Output[str]) -> pulumi.Output[str] | None:
        args = atlas_connectivity.network_container_args(self._stack, project_id=project)
        if args is None:
            return None
        return AtlasNetworkContainer(names.below(name, "network-container"), args, self._in_atlas).container_id

    def _atlas_key(self, name: str, project: pulumi.Output[str]) -> pulumi.Output[str] | None:
        """Known once the project encrypts with a key of the platform's own; `None` where it does not."""
        role, created_arn = names.below(name, "atlas-key"), None
        if (created := atlas.created_key_args(self._stack)) is not None:
            created_arn = EncryptionKey(role, created, self._child).key_arn
        args = atlas.encryption_key_args(self._stack, project_id=project, created_key_arn=created_arn)
        return None if args is None else AtlasEncryptionKey(role, args, self._in_atlas).ready

    def _watched(self, name: str, project: pulumi.Output[str], cluster: AtlasCluster) -> dict[str, object]:
        """Makes backups and alerts, where the stack has them; gives what the output says of them."""
        found: dict[str, object] = {}
        schedule = atlas.backup_schedule_args(self._stack, project_id=project, cluster_name=cluster.cluster_name)
        if schedule is not None:
            found["backupSchedule"] = AtlasBackupSchedule(
                names.below(name, "backup"), schedule, self._in_atlas
            ).description
        if (alerts := atlas.alerts_args(self._stack, project_id=project, secret=self._secret)) is not None:
            found["alerts"] = AtlasAlerts(names.below(name, "alerts"), alerts, self._in_atlas).alert_names
        return found

    # ---- the cache

    def _cache(self, name: str) -> tuple[CacheAccess, CacheReplicationGroup]:
        stack, child = self._stack, self._child
        access = CacheAccess(names.below(name, "access"), cache.cache_access_args(stack), child)
        key_arn = log_key_arn = None
        if cache.creates(stack.cache.encryption_key):
            policy = caller_identity(self).apply(cache_key_policy)
            key_arn = EncryptionKey(names.below(name, "key"), cache.cache_key_args(stack, policy), child).key_arn
        if cache.creates(stack.cache.logs.encryption_key):
            policy = caller_identity(self).apply(log_key_policy)
            log_key = EncryptionKey(names.below(name, "logs-key"), cache.cache_log_key_args(stack, policy), child)
            log_key_arn = log_key.key_arn
        args = cache.cache_replication_group_args(
            stack,
            user_group_id=access.user_group_id,
            key_arn=key_arn,
            log_key_arn=log_key_arn,
            alarm_settings=self._cache_alarms(names.below(name, "alarms"), key_arn),
        )
        return access, CacheReplicationGroup(name, args, child)

    def _cache_alarms(self, name: str, key_arn: pulumi.Output[str] | None) -> CacheAlarmSettings:
        section = self._stack.cache.alarms
        if section.topic_arn is not None:
            return cache.cache_alarm_settings(
                self._stack, warnings_topic_arn=section.topic_arn, severe_topic_arn=section.topic_arn
            )
        pager_duty_key = self._secret(CACHE_PAGER_DUTY_KEY) if section.pager_duty is not None else None
        args = cache.cache_alarm_topics_args(self._stack, key_arn=key_arn, pager_duty_key=pager_duty_key)
        topics = CacheAlarmTopics(name, args, self._child)
        return cache.cache_alarm_settings(
            self._stack, warnings_topic_arn=topics.warnings_topic_arn, severe_topic_arn=topics.severe_topic_arn
        )


def _cache_output(access: CacheAccess, group: CacheReplicationGroup) -> dict[str, object]:
    return {
        "replicationGroupId": group.replication_group_id,
        "arn": group.arn,
        "endpoint": group.endpoint,
        "readerEndpoint": group.reader_endpoint,
        "port": group.port,
        "tls": group.tls,
        "clusterMode": group.cluster_mode,
        "userNames": access.user_names,
        "usableMemoryBytes": group.usable_memory_bytes,
        "connectionLimit": group.connection_limit,
    }
