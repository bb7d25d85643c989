"""ElastiCache: what the cache is, what a failure may lose, who watches it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from dolmen.stackfile import Problem

from ....cache import rules
from ....cache.catalog import default_parameters
from ....cache.parameter_rules import parameter_findings
from ..applications import Credentials
from ..base import Section
from .alarms import Alarms
from .keeping import Encryption, Logs, Snapshots
from .topology import ClusterMode, ClusterModeChoice
from .values import Durability, Engine, MaintenanceWindow, NodeType, ParameterValue


class ServiceUser(Section):
    """A login that belongs to no application."""

    credentials: Credentials = Credentials()
    """Generations of its passwords."""


class Cache(Section):
    """A replication group of ElastiCache, its users and its alarms."""

    engine: Engine = "valkey"
    """valkey, or redis for Redis OSS. From redis to valkey is in place, back is a replacement."""
    version: str
    """The engine's version, in quotes: "9.0". An upgrade is in place, a downgrade replaces the cache."""
    node_type: NodeType
    """The node: memory, CPUs and connection limit. cache.r7g.large has 13.07 GiB, 2 vCPUs, 65000 connections."""
    cluster_mode: ClusterModeChoice
    """{ shards: 1, replicasPerShard: 1 }, which needs cluster-aware clients; or disabled, with replicas beside it."""
    replicas: Annotated[int, Field(ge=0, le=rules.MOST_REPLICAS)] | None = None
    """Replicas with cluster mode disabled, 0 to 5. In cluster mode, replicasPerShard takes its place."""
    multi_az: bool = True
    """Whether a replica in another zone takes over by itself when the primary fails."""
    durability: Durability
    """What a failure may lose. sync: nothing that was acknowledged, writes take milliseconds. async: at most 10 s of
    writes, and writes are refused when the log falls 10 s behind. snapshots: everything since the last snapshot. The
    guide's append-only file with everysec is async, or sync where nothing may be lost. sync and async need Valkey 9.0,
    cluster mode with a cluster-aware client, Multi-AZ and a replica, on r, m or c nodes without data tiering. A
    change to sync or async replaces the cache; see docs/components/cache.md for the way that does not."""
    parameters: Mapping[str, ParameterValue] = {}
    """Engine parameters beside Dolmen's own: maxmemory-policy allkeys-lru, maxmemory-samples 5, reserved-memory-percent
    25, timeout 300, tcp-keepalive 300, slowlog-log-slower-than 10000, slowlog-max-len 128."""
    maintenance_window: MaintenanceWindow = "sun:17:00-sun:18:00"
    """When AWS may patch: ddd:hh:mm-ddd:hh:mm, UTC, at least an hour. The default is Monday 02:00 in Seoul."""
    snapshots: Snapshots = Snapshots()
    """Daily snapshots."""
    encryption: Encryption = Encryption()
    """The key for data at rest."""
    logs: Logs = Logs()
    """Slow log and engine log."""
    alarms: Alarms = Alarms()
    """What to watch, and whom to tell."""
    minor_upgrades: bool = False
    """Whether AWS raises the minor version by itself. The version written here then reads as a downgrade, which would
    replace the cache: raise it by hand instead."""
    apply_immediately: bool = True
    """Whether changes take effect with `pulumi up`, or in the next maintenance window, in which case the next preview
    already shows them as done."""
    exporter_user: ServiceUser = ServiceUser()
    """The login of the metrics exporter: statistics only, no key."""
    operations_user: ServiceUser = ServiceUser()
    """The login of people who look into the running cache: every key, nothing that empties or reconfigures it."""

    @property
    def shards(self) -> int:
        return self.cluster_mode.shards if isinstance(self.cluster_mode, ClusterMode) else 1

    @property
    def replicas_per_shard(self) -> int:
        return (
            self.cluster_mode.replicas_per_shard if isinstance(self.cluster_mode, ClusterMode) else self.replicas or 0
        )

    @property
    def topology(self) -> rules.Topology:
        return rules.Topology(
            engine=self.engine,
            engine_version=self.version,
            node_type=self.node_type,
            cluster_mode=isinstance(self.cluster_mode, ClusterMode),
            shards=self.shards,
            replicas=self.replicas_per_shard,
            multi_az=self.multi_az,
            durability=self.durability,
        )

    @property
    def effective_parameters(self) -> Mapping[str, str]:
        return {**default_parameters(), **self.parameters}

    def problems(self) -> Iterator[Problem]:
        if isinstance(self.cluster_mode, ClusterMode):
            if self.replicas is not None:
                yield Problem(
                    ("replicas",),
                    "In cluster mode the replicas are counted in each shard.",
                    "Write clusterMode.replicasPerShard instead.",
                )
        elif self.replicas is None:
            yield Problem(
                ("replicas",),
                "With cluster mode disabled, the number of replicas is a choice of its own.",
                "Add replicas: 1, or 0 for a single node.",
            )
            return
        found = [
            *rules.topology_findings(self.topology),
            *rules.window_findings(self.maintenance_window, self.snapshots.window, self.snapshots.retention_days),
            *parameter_findings(
                self.parameters, engine=self.engine, engine_version=self.version, node_type=self.node_type
            ),
        ]
        for finding in found:
            yield Problem(self._path(finding.argument), finding.rule, finding.remedy)

    def _path(self, argument: str) -> tuple[str, ...]:
        if argument.startswith("parameters."):
            return ("parameters", argument.removeprefix("parameters."))
        cluster = isinstance(self.cluster_mode, ClusterMode)
        return {
            "engine_version": ("version",),
            "node_type": ("nodeType",),
            "shards": ("clusterMode", "shards"),
            "replicas": ("clusterMode", "replicasPerShard") if cluster else ("replicas",),
            "multi_az": ("multiAz",),
            "maintenance_window": ("maintenanceWindow",),
            "snapshot_window": ("snapshots", "window"),
            "snapshot_retention_days": ("snapshots", "retentionDays"),
        }.get(argument, (argument,))
