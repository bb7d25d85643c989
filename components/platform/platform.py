"""The whole platform: every component, joined by the data that flows between them."""

from typing import TypedDict

import pulumi

from dolmen.outputs import VERSION

from .. import names
from ..arguments import check
from ..atlas import (
    AtlasAlerts,
    AtlasAuditing,
    AtlasBackupSchedule,
    AtlasCluster,
    AtlasEncryptionKey,
    AtlasIpAccessList,
    AtlasNetworkContainer,
    AtlasPeering,
    AtlasPrivateLink,
    AtlasProject,
    atlas_provider,
)
from ..cache import CacheAccess, CacheAlarmSettings, CacheAlarmTopics, CacheReplicationGroup
from ..cache.key_policies import cache_key_policy, caller_identity, log_key_policy
from ..keys import EncryptionKey
from ..outputs import register
from . import atlas, atlas_connectivity, cache
from .application import Application
from .model.stack import StackConfig
from .secret_values import ConfigSecretOf, secret_of


class PlatformArgs(TypedDict):
    stack: StackConfig
    """The stack file."""
    secret: ConfigSecretOf
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
        self._stack = stack = args["stack"]
        inputs = {"tier": stack.tier.value, "region": stack.region}
        super().__init__("dolmen:index:Platform", name, inputs, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._secret = secret = secret_of(args["secret"], self)
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
        connection_string, connectivity = self._connectivity(name, project, cluster, container)
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
                        connection_string=connection_string,
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
                "srvConnectionString": connection_string,
                **connectivity,
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

    def _connectivity(
        self, name: str, project: pulumi.Output[str], cluster: AtlasCluster, container: pulumi.Output[str] | None
    ) -> tuple[pulumi.Output[str], dict[str, object]]:
        """Makes the one way to the cluster that the stack chooses: its connection string, and what the output says."""
        link_args = atlas_connectivity.private_link_args(
            self._stack, project_id=project, cluster_name=cluster.cluster_name
        )
        if link_args is not None:
            link = AtlasPrivateLink(names.below(name, "private-link"), link_args, self._in_atlas)
            return link.srv_connection_string, {
                "connectivity": "privateLink",
                "endpointId": link.endpoint_id,
                "expectedAccessEntries": [],
            }
        peering_args = container and atlas_connectivity.peering_args(
            self._stack, project_id=project, container_id=container, cluster_name=cluster.cluster_name
        )
        if peering_args is not None:
            peering = AtlasPeering(names.below(name, "peering"), peering_args, self._in_atlas)
            return peering.srv_connection_string, {
                "connectivity": "peering",
                "peeringConnectionId": peering.connection_id,
                "expectedAccessEntries": peering.expected_entries,
            }
        list_args = atlas_connectivity.access_list_args(self._stack, project_id=project)
        if list_args is not None:
            entries = AtlasIpAccessList(names.below(name, "access-list"), list_args, self._in_atlas)
            return cluster.srv_connection_string, {
                "connectivity": "ipAccessList",
                "expectedAccessEntries": entries.expected_entries,
            }
        raise ValueError("A platform has exactly one way to its cluster: privateLink, peering or ipAccessList.")

    def _watched(self, name: str, project: pulumi.Output[str], cluster: AtlasCluster) -> dict[str, object]:
        """Makes backups, alerts and the audit log, where the stack has them; gives what the output says of them."""
        found: dict[str, object] = {}
        schedule = atlas.backup_schedule_args(self._stack, project_id=project, cluster_name=cluster.cluster_name)
        if schedule is not None:
            found["backupSchedule"] = AtlasBackupSchedule(
                names.below(name, "backup"), schedule, self._in_atlas
            ).description
        if (alerts := atlas.alerts_args(self._stack, project_id=project, secret=self._secret)) is not None:
            found["alerts"] = AtlasAlerts(names.below(name, "alerts"), alerts, self._in_atlas).alert_names
        if (audited := atlas.auditing_args(self._stack, project_id=project)) is not None:
            AtlasAuditing(names.below(name, "auditing"), audited, self._in_atlas)
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
        pager_duty_key = None if section.pager_duty is None else self._secret(section.pager_duty.key)
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
