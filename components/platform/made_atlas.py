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
    AtlasLogExport,
    AtlasNetworkContainer,
    AtlasProject,
    AtlasPrometheus,
    atlas_key_policy,
    atlas_provider,
)
from ..identity import caller_identity
from ..keys import EncryptionKey
from ..secrets.given import GivenSecret
from . import atlas, atlas_connectivity, atlas_exports
from .doors import Doors
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
        self._part, self._secret, self._parent = part, secret, parent
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
        doors = Doors(parent, part, provider, project=project, cluster=cluster, container=container)
        output: dict[str, object] = {
            "projectId": project,
            "clusterName": cluster.cluster_name,
            "srvConnectionString": doors.srv_connection_string,
            "survives": cluster.survives,
            **doors.stack_output,
            **self._watched(name, project, cluster),
        }
        access = {
            called: atlas.database_access_args(
                part,
                called,
                project_id=project,
                cluster_name=cluster.cluster_name,
                connection_string=doors.srv_connection_string,
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
        if atlas.creates_key(self._part):
            policy = caller_identity(self._parent).apply(lambda identity: atlas_key_policy(identity, role))
            created_arn = EncryptionKey(role, atlas.created_key_args(self._part, policy), self._child).key_arn
        args = atlas.encryption_key_args(self._part, project_id=project, created_key_arn=created_arn)
        return None if args is None else AtlasEncryptionKey(role, args, self._in_atlas).ready

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
