"""The whole platform: every component, joined by the data that flows between them."""

from typing import Any, NotRequired, TypedDict, cast

import pulumi

from .. import names
from ..atlas import (
    AtlasAlerts,
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
from ..cache.access import CacheAccess
from ..cache.alarms import CacheAlarms
from ..cache.encryption_key import CacheEncryptionKey
from ..cache.replication_group import CacheReplicationGroup
from ..keys import EncryptionKey
from . import atlas, atlas_connectivity
from .application import Application
from .model.stack import StackConfig

CONTRACT_VERSION = 1
"""Raised when a reader of the output `dolmen` would have to change."""


class DataPlatformArgs(TypedDict):
    """What each component is asked for. A mapping holds that component's own arguments, without those that other
    components of the platform give it (ids, names, endpoints, keys)."""

    stack: StackConfig
    """The stack file."""
    secret: atlas.SecretOf
    """Gives the value of a secret configuration key."""
    cache_key: NotRequired[dict[str, Any]]
    """`CacheEncryptionKey`. Default: no key of the cache's own."""
    cache_access: dict[str, Any]
    """`CacheAccess`."""
    cache: dict[str, Any]
    """`CacheReplicationGroup`."""
    cache_alarms: NotRequired[dict[str, Any]]
    """`CacheAlarms`. Default: none."""
    applications: dict[str, dict[str, Any]]
    """`Application`, by name."""


class DataPlatform(pulumi.ComponentResource):
    """MongoDB Atlas and ElastiCache side by side, and for each application its users, secrets and reader.

    Nothing here waits for what it does not need: cluster, private endpoint and cache are made at the same time. An
    application's secret waits for its users and for the network path to the cluster.
    """

    contract: pulumi.Output[dict[str, Any]]
    """What other tools and programs may rely on: versioned, and without any secret."""

    def __init__(self, name: str, args: DataPlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        stack = args["stack"]
        inputs = {"tier": stack.tier.value, "region": stack.region}
        super().__init__("dolmen:index:DataPlatform", name, inputs, opts)
        in_atlas = self._atlas(name, stack, args["secret"])
        access, cache = self._cache(name, args)
        child = pulumi.ResourceOptions(parent=self, providers=[self._atlas_provider])
        applications = {
            application: Application(
                f"{name}-{application}",
                cast(
                    Any,
                    {
                        **settings,
                        "region": stack.region,
                        "database_access": atlas.database_access_args(
                            stack,
                            application,
                            project_id=in_atlas["projectId"],
                            cluster_name=in_atlas["clusterName"],
                            connection_string=in_atlas["srvConnectionString"],
                        ),
                        "cache_login": access.logins[application],
                        "cache": cache,
                    },
                ),
                child,
            )
            for application, settings in args["applications"].items()
        }
        # The same as parts, each known or unknown for itself: exported so, a preview shows what is known already.
        self.contract_parts = {
            "version": CONTRACT_VERSION,
            "platform": name,
            **inputs,
            "atlas": in_atlas,
            "cache": _cache_contract(access, cache),
            "applications": {key: application.contract_parts for key, application in applications.items()},
        }
        self.contract = pulumi.Output.from_input(self.contract_parts)
        self.register_outputs({"contract": self.contract_parts})

    def _atlas(self, name: str, stack: StackConfig, secret: atlas.SecretOf) -> dict[str, Any]:
        """Makes all of Atlas but the applications' access; gives Atlas's part of the contract."""
        self._atlas_provider = atlas_provider(
            names.below(name, "atlas"), atlas.provider_args(stack), pulumi.ResourceOptions(parent=self)
        )
        child = pulumi.ResourceOptions(parent=self, providers=[self._atlas_provider])
        project = AtlasProject(names.below(name, "project"), atlas.project_args(stack), child).project_id
        container = None
        if (container_args := atlas_connectivity.network_container_args(stack, project_id=project)) is not None:
            role = names.below(name, "network-container")
            container = AtlasNetworkContainer(role, container_args, child).container_id
        cluster = AtlasCluster(
            names.below(name, "cluster"),
            atlas.cluster_args(
                stack,
                project_id=project,
                network_container_id=container,
                encryption_key_ready=self._atlas_key(name, stack, project, child),
            ),
            child,
        )
        contract: dict[str, Any] = {"projectId": project, "clusterName": cluster.cluster_name}
        contract |= self._connectivity(name, stack, project, cluster, container, child)
        schedule = atlas.backup_schedule_args(stack, project_id=project, cluster_name=cluster.cluster_name)
        if schedule is not None:
            backup = AtlasBackupSchedule(names.below(name, "backup"), schedule, child)
            contract["backupSchedule"] = backup.description
        if (alerts := atlas.alerts_args(stack, project_id=project, secret=secret)) is not None:
            contract["alerts"] = AtlasAlerts(names.below(name, "alerts"), alerts, child).alert_names
        return contract

    def _atlas_key(
        self, name: str, stack: StackConfig, project: pulumi.Output[str], child: pulumi.ResourceOptions
    ) -> pulumi.Output[str] | None:
        """Known once the project encrypts with a key of the platform's own; `None` where it does not."""
        role, created_arn = names.below(name, "atlas-key"), None
        if (created := atlas.created_key_args(stack)) is not None:
            created_arn = EncryptionKey(role, created, pulumi.ResourceOptions(parent=self)).key_arn
        args = atlas.encryption_key_args(stack, project_id=project, created_key_arn=created_arn)
        return None if args is None else AtlasEncryptionKey(role, args, child).ready

    def _connectivity(
        self,
        name: str,
        stack: StackConfig,
        project: pulumi.Output[str],
        cluster: AtlasCluster,
        container: pulumi.Output[str] | None,
        child: pulumi.ResourceOptions,
    ) -> dict[str, Any]:
        """Makes the one way to the cluster that the stack chooses."""
        link_args = atlas_connectivity.private_link_args(stack, project_id=project, cluster_name=cluster.cluster_name)
        if link_args is not None:
            link = AtlasPrivateLink(names.below(name, "private-link"), link_args, child)
            return {
                "connectivity": "privateLink",
                "endpointId": link.endpoint_id,
                "srvConnectionString": link.srv_connection_string,
                "expectedAccessEntries": [],
            }
        peering_args = None
        if container is not None:
            peering_args = atlas_connectivity.peering_args(
                stack, project_id=project, container_id=container, cluster_name=cluster.cluster_name
            )
        if peering_args is not None:
            peering = AtlasPeering(names.below(name, "peering"), peering_args, child)
            return {
                "connectivity": "peering",
                "peeringConnectionId": peering.connection_id,
                "srvConnectionString": peering.srv_connection_string,
                "expectedAccessEntries": peering.expected_entries,
            }
        list_args = atlas_connectivity.access_list_args(stack, project_id=project)
        if list_args is not None:
            entries = AtlasIpAccessList(names.below(name, "access-list"), list_args, child)
            return {
                "connectivity": "ipAccessList",
                "srvConnectionString": cluster.srv_connection_string,
                "expectedAccessEntries": entries.expected_entries,
            }
        raise ValueError("A platform has exactly one way to its cluster: privateLink, peering or ipAccessList.")

    def _cache(self, name: str, args: DataPlatformArgs) -> tuple[CacheAccess, CacheReplicationGroup]:
        child = pulumi.ResourceOptions(parent=self)
        access = CacheAccess(f"{name}-cache-access", cast(Any, args["cache_access"]), child)
        settings = {**args["cache"], "user_group_id": access.user_group_id}
        alarm_key: dict[str, Any] = {}
        if "cache_key" in args:
            key = CacheEncryptionKey(f"{name}-cache-key", cast(Any, args["cache_key"]), child)
            settings = {"kms_key_arn": key.key_arn, "log_kms_key_arn": key.key_arn, **settings}
            alarm_key = {"kms_key_arn": key.key_arn}
        cache = CacheReplicationGroup(f"{name}-cache", cast(Any, settings), child)
        if "cache_alarms" in args:
            CacheAlarms(
                f"{name}-cache-alarms",
                cast(Any, {**alarm_key, **args["cache_alarms"], "replication_group_id": cache.replication_group_id}),
                child,
            )
        return access, cache


def _cache_contract(access: CacheAccess, cache: CacheReplicationGroup) -> dict[str, Any]:
    return {
        "replicationGroupId": cache.replication_group_id,
        "arn": cache.arn,
        "endpoint": cache.endpoint,
        "readerEndpoint": cache.reader_endpoint,
        "port": cache.port,
        "tls": cache.tls,
        "clusterMode": cache.cluster_mode,
        "userNames": access.user_names,
        "usableMemoryBytes": cache.usable_memory_bytes,
        "connectionLimit": cache.connection_limit,
    }
