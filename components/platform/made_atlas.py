"""Atlas on a platform: its components, joined, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from .. import names
from ..atlas import (
    AtlasAlerts,
    AtlasAuditing,
    AtlasBackupSchedule,
    AtlasCluster,
    AtlasDatabaseAccessArgs,
    AtlasEncryptionKey,
    AtlasIpAccessList,
    AtlasLogExport,
    AtlasNetworkContainer,
    AtlasPeering,
    AtlasPrivateLink,
    AtlasProject,
    AtlasPrometheus,
    atlas_provider,
)
from ..keys import EncryptionKey
from ..secrets.given import GivenSecret
from . import atlas, atlas_connectivity, atlas_exports
from .parts import AtlasPart
from .secret_values import SecretOf


@dataclass(frozen=True)
class MadeAtlas:
    """What the rest of a platform sees of Atlas; as it stands, of a platform without it."""

    output: Mapping[str, object] = field(default_factory=dict[str, object])
    """Its part of the stack output."""
    access: Mapping[str, AtlasDatabaseAccessArgs] = field(default_factory=dict[str, AtlasDatabaseAccessArgs])
    """Application → its role and users, for those that use Atlas."""
    providers: list[pulumi.ProviderResource] = field(default_factory=list[pulumi.ProviderResource])
    """What makes resources in Atlas."""


def made_atlas(name: str, part: AtlasPart | None, secret: SecretOf, parent: pulumi.Resource) -> MadeAtlas:
    """Makes everything of Atlas but what belongs to applications, where the platform has Atlas."""
    return MadeAtlas() if part is None else _Making(name, part, secret, parent).made


class _Making:
    def __init__(self, name: str, part: AtlasPart, secret: SecretOf, parent: pulumi.Resource) -> None:
        self._part, self._secret = part, secret
        self._child = pulumi.ResourceOptions(parent=parent)
        provider = atlas_provider(names.below(name, "atlas"), atlas.provider_args(part), self._child)
        self._in_atlas = pulumi.ResourceOptions(parent=parent, providers=[provider])
        project = AtlasProject(names.below(name, "project"), atlas.project_args(part), self._in_atlas).project_id
        container = self._network_container(name, project)
        cluster = AtlasCluster(
            names.below(name, "cluster"),
            atlas.cluster_args(
                part,
                project_id=project,
                network_container_id=container,
                encryption_key_ready=self._atlas_key(name, project),
            ),
            self._in_atlas,
        )
        connection_string, connectivity = self._connectivity(name, project, cluster, container)
        output: dict[str, object] = {
            "projectId": project,
            "clusterName": cluster.cluster_name,
            "srvConnectionString": connection_string,
            **connectivity,
            **self._watched(name, project, cluster),
        }
        access = {
            called: atlas.database_access_args(
                part,
                called,
                project_id=project,
                cluster_name=cluster.cluster_name,
                connection_string=connection_string,
            )
            for called in part.applications
        }
        self.made = MadeAtlas({"atlas": output}, access, [provider])

    def _network_container(self, name: str, project: pulumi.Output[str]) -> pulumi.Output[str] | None:
        args = atlas_connectivity.network_container_args(self._part, project_id=project)
        if args is None:
            return None
        return AtlasNetworkContainer(names.below(name, "network-container"), args, self._in_atlas).container_id

    def _atlas_key(self, name: str, project: pulumi.Output[str]) -> pulumi.Output[str] | None:
        """Known once the project encrypts with a key of the platform's own; `None` where it does not."""
        role, created_arn = names.below(name, "atlas-key"), None
        if (created := atlas.created_key_args(self._part)) is not None:
            created_arn = EncryptionKey(role, created, self._child).key_arn
        args = atlas.encryption_key_args(self._part, project_id=project, created_key_arn=created_arn)
        return None if args is None else AtlasEncryptionKey(role, args, self._in_atlas).ready

    def _connectivity(
        self, name: str, project: pulumi.Output[str], cluster: AtlasCluster, container: pulumi.Output[str] | None
    ) -> tuple[pulumi.Output[str], dict[str, object]]:
        """Makes the one way to the cluster that the stack chooses: its connection string, and what the output says."""
        link_args = atlas_connectivity.private_link_args(
            self._part, project_id=project, cluster_name=cluster.cluster_name
        )
        if link_args is not None:
            link = AtlasPrivateLink(names.below(name, "private-link"), link_args, self._in_atlas)
            return link.srv_connection_string, {
                "connectivity": "privateLink",
                "endpointId": link.endpoint_id,
                "expectedAccessEntries": [],
            }
        peering_args = container and atlas_connectivity.peering_args(
            self._part, project_id=project, container_id=container, cluster_name=cluster.cluster_name
        )
        if peering_args is not None:
            peering = AtlasPeering(names.below(name, "peering"), peering_args, self._in_atlas)
            return peering.srv_connection_string, {
                "connectivity": "peering",
                "peeringConnectionId": peering.connection_id,
                "expectedAccessEntries": peering.expected_entries,
            }
        list_args = atlas_connectivity.access_list_args(self._part, project_id=project)
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
        schedule = atlas.backup_schedule_args(
            self._part, project_id=project, cluster_name=cluster.cluster_name, zone_id=cluster.zone_id
        )
        if schedule is not None:
            found["backupSchedule"] = AtlasBackupSchedule(
                names.below(name, "backup"), schedule, self._in_atlas
            ).description
        if (alerts := atlas.alerts_args(self._part, project_id=project, secret=self._secret)) is not None:
            found["alerts"] = AtlasAlerts(names.below(name, "alerts"), alerts, self._in_atlas).alert_names
        if (audited := atlas.auditing_args(self._part, project_id=project)) is not None:
            AtlasAuditing(names.below(name, "auditing"), audited, self._in_atlas)
        self._exports(name, project)
        return found

    def _exports(self, name: str, project: pulumi.Output[str]) -> None:
        """Sends logs and metrics elsewhere, where the stack asks for it."""
        logs = atlas_exports.log_export_args(self._part, project_id=project, secret=self._secret)
        if logs is not None:
            AtlasLogExport(names.below(name, "log-export"), logs, self._in_atlas)
        scraped = atlas_exports.prometheus_args(self._part, project_id=project)
        if scraped is not None:
            role = names.below(name, "prometheus")
            made = AtlasPrometheus(role, scraped, self._in_atlas)
            GivenSecret(role, atlas_exports.prometheus_secret_args(self._part, made), self._child)
