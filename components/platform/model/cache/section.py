"""ElastiCache: what the cache is, what a failure may lose, who watches it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from dolmen.stackfile import Problem

from ....cache import replication_group_arguments as defaults
from ....cache import replication_group_limits as limits
from ....cache.topology import Durability, Engine
from ..applications import Credentials
from ..base import GIVEN, Section, broken
from ..key import KeyChoice
from ..secrets import Reader, SecretStorage
from .alarms import Alarms
from .keeping import Logs, Seed, Snapshots
from .topology import ClusterMode, ClusterModeChoice, NodeAutoscaling, Replicas


def _parameter_text(value: Any) -> Any:
    """Numbers may stand without quotes; `true` has no meaning that the engine knows."""
    if isinstance(value, bool):
        raise broken("The engine's switches are yes and no, not true and false.", 'Write "yes" or "no", in quotes.')
    return str(value) if isinstance(value, int) else value


ParameterValue = Annotated[
    str, BeforeValidator(_parameter_text), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]})
]


class ServiceUser(Section):
    """A login that belongs to no application."""

    credentials: Credentials = Credentials()
    """Generations of its passwords."""
    reader: Reader | None = None
    """Who reads its secret. Without it nobody but administrators can."""


class Cache(Section):
    """A replication group of ElastiCache, its users and its alarms."""

    engine: Engine = defaults.ENGINE
    """valkey, or redis for Redis OSS. From redis to valkey is in place, back is a replacement."""
    version: str
    """The engine's version, in quotes: "9.0". An upgrade is in place, a downgrade replaces the cache."""
    node_type: str
    """The node: memory, CPUs and connection limit. cache.r7g.large has 13.07 GiB, 2 vCPUs, 65000 connections."""
    cluster_mode: ClusterModeChoice
    """{ shards: 1, replicasPerShard: 1 }, which needs cluster-aware clients; or disabled, with replicas beside it."""
    autoscaling: NodeAutoscaling | None = None
    """Shards and replicas that follow the load."""
    replicas: Replicas | None = None
    """Replicas with cluster mode disabled, 0 to 5. In cluster mode, replicasPerShard takes its place."""
    preferred_zones: tuple[str, ...] | None = None
    """Zones of the primary and of each replica, with cluster mode disabled. They count when a node is made."""
    multi_az: bool = defaults.MULTI_AZ
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
    maintenance_window: str | None = None
    """When AWS may patch: ddd:hh:mm-ddd:hh:mm, UTC, at least an hour. Default: Monday, two in the morning in the region."""
    snapshots: Snapshots = Snapshots()
    """Daily snapshots."""
    seed: Seed | None = None
    """What the cache is filled from when it is made. Later changes and removal do nothing to it."""
    encryption_key: KeyChoice | None = None
    """A key of yours for data at rest; a created one serves logs, topics and secrets too. Default: a key that AWS owns."""
    logs: Logs = Logs()
    """Slow log and engine log."""
    alarms: Annotated[Alarms | None, GIVEN] = None
    """What to watch, and whom to tell. Without it there is no alarm and no topic; production needs it."""
    minor_upgrades: bool = defaults.MINOR_UPGRADES
    """Whether AWS raises the minor version by itself. The version written here then reads as a downgrade, which would
    replace the cache: raise it by hand instead."""
    apply_immediately: bool = defaults.APPLY_IMMEDIATELY
    """Whether changes take effect with `pulumi up`, or in the next maintenance window, in which case the next preview
    already shows them as done."""
    exporter_user: ServiceUser = ServiceUser()
    """The login of the metrics exporter: statistics only, no key. Its secret is `<platform>/cache/exporter`."""
    operations_user: ServiceUser = ServiceUser()
    """The login of people who look into the running cache: every key, nothing that empties or reconfigures it. Its
    secret is `<platform>/cache/operations`."""
    secrets: SecretStorage = SecretStorage()
    """How these two secrets are kept. Default for encryptionKey: the cache's created key, or AWS's own."""

    @property
    def shards(self) -> int:
        return self.cluster_mode.shards if isinstance(self.cluster_mode, ClusterMode) else 1

    @property
    def replicas_per_shard(self) -> int:
        return (
            self.cluster_mode.replicas_per_shard if isinstance(self.cluster_mode, ClusterMode) else self.replicas or 0
        )

    @property
    def nodes(self) -> int:
        """The most that there can be."""
        scaled = self.autoscaling or NodeAutoscaling()
        shards = self.shards if scaled.shards is None else scaled.shards.maximum
        replicas = self.replicas_per_shard if scaled.replicas is None else scaled.replicas.maximum
        return shards * (1 + replicas)

    @property
    def effective_parameters(self) -> Mapping[str, str]:
        return limits.effective_parameters(self.parameters)

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
