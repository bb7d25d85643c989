"""The whole platform: every component, joined by the data that flows between them."""

from typing import Any, NotRequired, TypedDict, cast

import pulumi

from .. import names
from ..atlas.access_list import AtlasIpAccessList
from ..atlas.alerts import AtlasAlerts
from ..atlas.backup_schedule import AtlasBackupSchedule
from ..atlas.cluster import AtlasCluster
from ..atlas.encryption_key import AtlasEncryptionKey
from ..atlas.network_container import AtlasNetworkContainer
from ..atlas.peering import AtlasPeering
from ..atlas.private_link import AtlasPrivateLink
from ..atlas.project import AtlasProject
from ..atlas.provider import atlas_provider
from ..cache.access import CacheAccess
from ..cache.alarms import CacheAlarms
from ..cache.encryption_key import CacheEncryptionKey
from ..cache.replication_group import CacheReplicationGroup
from .application import Application
from .arguments.atlas import database_access
from .model.stack import StackConfig
from .secrets import SecretOf

CONTRACT_VERSION = 1
"""Raised when a reader of the output `dolmen` would have to change."""


class DataPlatformArgs(TypedDict):
    """What each component is asked for. A mapping holds that component's own arguments, without those that other
    components of the platform give it (ids, names, endpoints, keys)."""

    tier: str
    """`development`, `staging` or `production`: what policies hold the platform to."""
    region: str
    """The AWS region of everything."""
    atlas_credentials: dict[str, Any]
    """`aws_secret`: the AWS secret that holds Atlas's key, or nothing for the environment."""
    project: dict[str, Any]
    """`AtlasProject`."""
    cluster: dict[str, Any]
    """`AtlasCluster`."""
    private_link: NotRequired[dict[str, Any]]
    """`AtlasPrivateLink`. Exactly one of this, `peering` and `access_list`."""
    network_container: NotRequired[dict[str, Any]]
    """`AtlasNetworkContainer`; goes with `peering`."""
    peering: NotRequired[dict[str, Any]]
    """`AtlasPeering`."""
    access_list: NotRequired[dict[str, Any]]
    """`AtlasIpAccessList`."""
    encryption_key: NotRequired[dict[str, Any]]
    """`AtlasEncryptionKey`. Default: Atlas's own encryption."""
    backup_schedule: NotRequired[dict[str, Any]]
    """`AtlasBackupSchedule`. Default: no backups."""
    alerts: NotRequired[dict[str, Any]]
    """`AtlasAlerts`. Default: none."""
    cache_key: NotRequired[dict[str, Any]]
    """`CacheEncryptionKey`. Default: no key of the cache's own."""
    cache_access: dict[str, Any]
    """`CacheAccess`."""
    cache: dict[str, Any]
    """`CacheReplicationGroup`."""
    cache_alarms: NotRequired[dict[str, Any]]
    """`CacheAlarms`. Default: none."""
    stack: StackConfig
    """What the stack asks for."""
    secret: SecretOf
    """Gives the values of secrets that the stack's configuration holds."""


class DataPlatform(pulumi.ComponentResource):
    """MongoDB Atlas and ElastiCache side by side, and for each application its users, secrets and reader.

    Nothing here waits for what it does not need: cluster, private endpoint and cache are made at the same time. An
    application's secret waits for its users and for the network path to the cluster.
    """

    contract: pulumi.Output[dict[str, Any]]
    """What other tools and programs may rely on: versioned, and without any secret."""

    def __init__(self, name: str, args: DataPlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:DataPlatform", name, {"tier": args["tier"], "region": args["region"]}, opts)
        atlas, project, cluster = self._atlas(name, args)
        access, cache = self._cache(name, args)
        child = pulumi.ResourceOptions(parent=self, providers=[self._atlas_provider])
        stack = args["stack"]
        applications = {
            application: Application(
                names.below(name, application),
                {
                    "stack": stack,
                    "application": application,
                    "secret": args["secret"],
                    "database_access": {
                        **database_access(stack, application),
                        "project_id": project.project_id,
                        "cluster_name": cluster.cluster_name,
                        "connection_string": atlas["srvConnectionString"],
                    },
                    "cache_login": access.logins[application],
                    "cache": cache,
                },
                child,
            )
            for application in stack.applications
        }
        # The same as parts, each known or unknown for itself: exported so, a preview shows what is known already.
        self.contract_parts = {
            "version": CONTRACT_VERSION,
            "platform": name,
            "tier": args["tier"],
            "region": args["region"],
            "atlas": atlas,
            "cache": _cache_contract(access, cache),
            "applications": {key: application.stack_output for key, application in applications.items()},
        }
        self.contract = pulumi.Output.from_input(self.contract_parts)
        self.register_outputs({"contract": self.contract_parts})

    def _atlas(self, name: str, args: DataPlatformArgs) -> tuple[dict[str, Any], AtlasProject, AtlasCluster]:
        self._atlas_provider = atlas_provider(
            f"{name}-atlas",
            aws_secret=args["atlas_credentials"].get("aws_secret"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        child = pulumi.ResourceOptions(parent=self, providers=[self._atlas_provider])
        project = AtlasProject(f"{name}-project", cast(Any, args["project"]), child)
        in_project = {"project_id": project.project_id}
        first: list[pulumi.Input[str]] = []
        container = None
        if "encryption_key" in args:
            key = AtlasEncryptionKey(f"{name}-atlas-key", cast(Any, {**args["encryption_key"], **in_project}), child)
            first.append(key.ready)
        if "network_container" in args:
            container = AtlasNetworkContainer(
                f"{name}-container", cast(Any, {**args["network_container"], **in_project}), child
            )
            first.append(container.container_id)
        cluster = AtlasCluster(
            f"{name}-cluster", cast(Any, {**args["cluster"], **in_project, "created_after": first}), child
        )
        of_cluster = {**in_project, "cluster_name": cluster.cluster_name}
        contract: dict[str, Any] = {"projectId": project.project_id, "clusterName": cluster.cluster_name}
        contract |= self._connectivity(name, args, cluster, container, of_cluster, child)
        if "backup_schedule" in args:
            schedule = AtlasBackupSchedule(
                f"{name}-backup", cast(Any, {**args["backup_schedule"], **of_cluster}), child
            )
            contract["backupSchedule"] = schedule.description
        if "alerts" in args:
            alerts = AtlasAlerts(f"{name}-alerts", cast(Any, {**args["alerts"], **in_project}), child)
            contract["alerts"] = alerts.alert_names
        return contract, project, cluster

    def _connectivity(
        self,
        name: str,
        args: DataPlatformArgs,
        cluster: AtlasCluster,
        container: AtlasNetworkContainer | None,
        of_cluster: dict[str, Any],
        child: pulumi.ResourceOptions,
    ) -> dict[str, Any]:
        if "private_link" in args:
            link = AtlasPrivateLink(f"{name}-link", cast(Any, {**args["private_link"], **of_cluster}), child)
            return {
                "connectivity": "privateLink",
                "endpointId": link.endpoint_id,
                "srvConnectionString": link.srv_connection_string,
                "expectedAccessEntries": [],
            }
        if "peering" in args and container is not None:
            network = {"container_id": container.container_id, "atlas_cidr": container.atlas_cidr}
            peering = AtlasPeering(f"{name}-peering", cast(Any, {**args["peering"], **of_cluster, **network}), child)
            return {
                "connectivity": "peering",
                "peeringConnectionId": peering.connection_id,
                "srvConnectionString": peering.srv_connection_string,
                "expectedAccessEntries": peering.expected_entries,
            }
        if "access_list" in args:
            project = {"project_id": of_cluster["project_id"]}
            entries = AtlasIpAccessList(f"{name}-access", cast(Any, {**args["access_list"], **project}), child)
            return {
                "connectivity": "ipAccessList",
                "srvConnectionString": cluster.srv_connection_string,
                "expectedAccessEntries": entries.expected_entries,
            }
        raise ValueError(
            "A platform has exactly one of private_link, peering (with network_container) and access_list."
        )

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
