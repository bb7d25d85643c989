"""The whole platform: every component, joined by the data that flows between them."""

from collections.abc import Callable
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
from ..cache import CacheAccess, CacheAlarmSettings, CacheAlarmTopics, CacheReplicationGroup
from ..cache.key_policies import cache_key_policy, caller_identity, log_key_policy
from ..keys import EncryptionKey
from . import cache
from .application import Application
from .model.stack import CACHE_PAGER_DUTY_KEY, StackConfig

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
    stack: Any
    """The stack file, as `StackConfig`."""
    secret: Any
    """Gives the value of a secret configuration key, as a secret output."""
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
        super().__init__("dolmen:index:DataPlatform", name, {"tier": args["tier"], "region": args["region"]}, opts)
        atlas, project, cluster = self._atlas(name, args)
        access, replication_group = self._cache(names.below(name, "cache"), args["stack"], args["secret"])
        child = pulumi.ResourceOptions(parent=self, providers=[self._atlas_provider])
        applications = {
            application: Application(
                f"{name}-{application}",
                cast(
                    Any,
                    {
                        **settings,
                        "region": args["region"],
                        "project_id": project.project_id,
                        "cluster_name": cluster.cluster_name,
                        "connection_string": atlas["srvConnectionString"],
                        "cache_login": access.logins[application],
                        "cache": replication_group,
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
            "tier": args["tier"],
            "region": args["region"],
            "atlas": atlas,
            "cache": _cache_contract(access, replication_group),
            "applications": {key: application.contract_parts for key, application in applications.items()},
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

    def _cache(
        self, name: str, stack: StackConfig, secret: Callable[[str], pulumi.Output[str]]
    ) -> tuple[CacheAccess, CacheReplicationGroup]:
        child = pulumi.ResourceOptions(parent=self)
        section = stack.cache
        access = CacheAccess(names.below(name, "access"), cache.cache_access_args(stack), child)
        key_arn = log_key_arn = None
        if cache.creates(section.encryption_key):
            policy = caller_identity(self).apply(cache_key_policy)
            key_arn = EncryptionKey(names.below(name, "key"), cache.cache_key_args(stack, policy), child).key_arn
        if cache.creates(section.logs.encryption_key):
            policy = caller_identity(self).apply(log_key_policy)
            log_key = EncryptionKey(names.below(name, "logs-key"), cache.cache_log_key_args(stack, policy), child)
            log_key_arn = log_key.key_arn
        args = cache.cache_replication_group_args(
            stack,
            user_group_id=access.user_group_id,
            key_arn=key_arn,
            log_key_arn=log_key_arn,
            alarm_settings=self._cache_alarms(names.below(name, "alarms"), stack, key_arn, secret),
        )
        return access, CacheReplicationGroup(name, args, child)

    def _cache_alarms(
        self,
        name: str,
        stack: StackConfig,
        key_arn: pulumi.Output[str] | None,
        secret: Callable[[str], pulumi.Output[str]],
    ) -> CacheAlarmSettings:
        section = stack.cache.alarms
        if section.topic_arn is not None:
            return cache.cache_alarm_settings(
                stack, warnings_topic_arn=section.topic_arn, severe_topic_arn=section.topic_arn
            )
        pager_duty_key = secret(CACHE_PAGER_DUTY_KEY) if section.pager_duty is not None else None
        args = cache.cache_alarm_topics_args(stack, key_arn=key_arn, pager_duty_key=pager_duty_key)
        topics = CacheAlarmTopics(name, args, pulumi.ResourceOptions(parent=self))
        return cache.cache_alarm_settings(
            stack, warnings_topic_arn=topics.warnings_topic_arn, severe_topic_arn=topics.severe_topic_arn
        )


def _cache_contract(access: CacheAccess, cache: CacheReplicationGroup) -> dict[str, object]:
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
