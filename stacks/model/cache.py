"""ElastiCache: what the cache is, what a failure may lose, who watches it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from components.cache import rules
from components.cache.catalog import default_parameters
from components.cache.windows import maintenance_window, snapshot_window
from dolmen.stackfile import Problem
from stacks.model.applications import Credentials
from stacks.model.base import Section, broken

Engine = Literal["valkey", "redis"]
Durability = Literal["sync", "async", "snapshots"]


def _key_arn(value: str) -> str:
    if not re.fullmatch(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+", value):
        raise broken(
            "A key is named by its ARN (an alias may point elsewhere tomorrow).",
            "Write arn:aws:kms:<region>:<account>:key/<id>.",
        )
    return value


def _topic_arn(value: str) -> str:
    if not re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}", value):
        raise broken("A topic is named by its ARN.", "Write arn:aws:sns:<region>:<account>:<name>.")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value):
        raise broken("This is not an e-mail address.", "Write an address such as ops@example.com.")
    return value


def _window(parse: Any, example: str) -> AfterValidator:
    def check(value: str) -> str:
        if parse(value) is None:
            raise broken("A window is two times in UTC, in lower case.", f"Write it as in {example}.")
        return value

    return AfterValidator(check)


def _parameter_text(value: Any) -> Any:
    """Numbers may stand without quotes; `true` has no meaning that the engine knows."""
    if isinstance(value, bool):
        raise broken("The engine's switches are yes and no, not true and false.", 'Write "yes" or "no", in quotes.')
    return str(value) if isinstance(value, int) else value


KmsKeyArn = Annotated[str, AfterValidator(_key_arn)]
TopicArn = Annotated[str, AfterValidator(_topic_arn)]
Email = Annotated[str, AfterValidator(_email)]
MaintenanceWindow = Annotated[str, _window(maintenance_window, "sun:18:00-sun:19:00")]
SnapshotWindow = Annotated[str, _window(snapshot_window, "19:00-20:00")]
ParameterValue = Annotated[
    str,
    BeforeValidator(_parameter_text),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
Reason = Annotated[str, Field(min_length=10)]
LogRetention = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]


class ClusterMode(Section):
    """Keys spread over shards. Clients must speak the cluster protocol, even with one shard."""

    shards: Annotated[int, Field(ge=1, le=rules.MOST_SHARDS)] = 1
    """Shards, each with its own primary. More of them hold more keys and take more writes."""
    replicas_per_shard: Annotated[int, Field(ge=0, le=rules.MOST_REPLICAS)] = 1
    """Replicas of each shard. The first one lets another zone take over; more of them serve reads."""


def _cluster_mode_form(value: Any) -> str:
    return "tagged-union:disabled" if isinstance(value, str) else "tagged-union:enabled"


ClusterModeChoice = Annotated[
    Annotated[ClusterMode, Tag("tagged-union:enabled")] | Annotated[Literal["disabled"], Tag("tagged-union:disabled")],
    Discriminator(_cluster_mode_form),
]


class Snapshots(Section):
    """RDB snapshots that ElastiCache takes once a day and keeps in S3."""

    retention_days: Annotated[int, Field(ge=0, le=rules.MOST_RETENTION_DAYS)] = 7
    """Days to keep each snapshot, 0 to 35; 0 takes none. Production keeps at least 7."""
    window: SnapshotWindow = "19:00-20:00"
    """When the daily snapshot begins: hh:mm-hh:mm, UTC, at least an hour, apart from the maintenance window."""
    final: bool | None = None
    """Whether a last snapshot is taken when the cache is deleted. Default: yes in production, else no."""


class CreateKey(Section):
    """A key of the platform's own."""

    deletion_window_days: Annotated[int, Field(ge=7, le=30)] = 30
    """Days in which a deleted key can be brought back; without it, its data is lost."""


class Encryption(Section):
    """The key for data at rest. Nothing here means a key that AWS owns; it is encrypted in any case."""

    create: CreateKey | None = None
    """Make a key for this cache: for its data, its logs and its alarms' topics."""
    adopt: KmsKeyArn | None = None
    """Use a key that exists, for the data. Logs and topics keep keys of their own."""

    def problems(self) -> Iterator[Problem]:
        if self.create is not None and self.adopt is not None:
            yield Problem(("adopt",), "A cache has one key.", "Keep create or adopt.")


class Logs(Section):
    """Logs in CloudWatch."""

    slow_log: bool = True
    """Commands that took longer than slowlog-log-slower-than."""
    engine_log: bool = True
    """What the engine itself reports: failovers, snapshots, warnings."""
    retention_days: LogRetention = 30
    """Days to keep them; CloudWatch knows 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 and some longer ones."""
    kms_key_arn: KmsKeyArn | None = None
    """A key for the logs, whose policy lets CloudWatch Logs use it. Default: the cache's created key, or AWS's own."""


class SlackChannel(Section):
    """A channel reached through Amazon Q Developer in chat applications (AWS Chatbot), authorized once in the console."""

    workspace_id: Annotated[str, Field(pattern=r"^T[A-Z0-9]{8,12}$")]
    """The Slack workspace: T and 8 to 12 letters and digits."""
    channel_id: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{8,12}$")]
    """The channel: C and 8 to 12 letters and digits, at the end of the channel's link."""


class PagerDuty(Section):
    """An "Amazon CloudWatch" integration of a PagerDuty service. Its key is the secret `dolmen:cachePagerDutyKey`."""


class Alarms(Section):
    """CloudWatch alarms, one for each node and metric."""

    topic_arn: TopicArn | None = None
    """A topic that exists and takes every alarm. Default: the platform makes two encrypted topics, warnings and severe."""
    email: tuple[Email, ...] = ()
    """Addresses that get every alarm. Each must confirm once."""
    slack: SlackChannel | None = None
    """A Slack channel that gets every alarm."""
    pager_duty: PagerDuty | None = None
    """Page someone, for severe alarms only."""
    memory_percent: Annotated[int, Field(ge=1, le=99)] = 80
    """Share of the memory for keys, above which to warn."""
    connections_percent: Annotated[int, Field(ge=1, le=99)] = 80
    """Share of the node's connection limit, above which to warn."""
    cpu_percent: Annotated[int, Field(ge=1, le=99)] = 90
    """Share of the one core that runs commands, above which to warn."""
    replication_lag_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    """How far a replica may fall behind."""

    def problems(self) -> Iterator[Problem]:
        if self.topic_arn is None:
            return
        for key, given in (("email", self.email), ("slack", self.slack), ("pagerDuty", self.pager_duty)):
            if given:
                yield Problem(
                    (key,),
                    "A given topic has its own subscribers; Dolmen adds none to a topic that it does not own.",
                    f"Remove {key}, or remove topicArn and let Dolmen make the topics.",
                )


class ServiceUser(Section):
    """A login that belongs to no application."""

    credentials: Credentials = Credentials()
    """Generations of its passwords."""


class Relaxations(Section):
    """Rules of production that this platform does without, each with the reason why."""

    single_zone: Reason | None = None
    """No replica in another zone: a failed node is an outage, and its data is lost."""
    short_snapshot_retention: Reason | None = None
    """Snapshots kept for less than 7 days, or none."""
    no_final_snapshot: Reason | None = None
    """Nothing is kept when the cache is deleted."""
    burstable_nodes: Reason | None = None
    """t3 and t4g nodes, which slow down when their CPU credits are spent."""
    memory_share: Reason | None = None
    """More or less than 70 to 80 % of a node's memory for keys."""
    no_logs: Reason | None = None
    """The slow log or the engine log switched off."""
    raised_node_quota: Reason | None = None
    """More than 90 nodes, in any tier: AWS allows them after a quota increase."""


class Cache(Section):
    """A replication group of ElastiCache, its users and its alarms."""

    engine: Engine = "valkey"
    """valkey, or redis for Redis OSS. From redis to valkey is in place, back is a replacement."""
    version: str
    """The engine's version, in quotes: "9.0". An upgrade is in place, a downgrade replaces the cache."""
    node_type: str
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
    relaxations: Relaxations = Relaxations()
    """Rules of production that this cache does without, each with its reason."""

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
            *rules.parameter_findings(
                self.parameters, engine=self.engine, engine_version=self.version, node_type=self.node_type
            ),
        ]
        for finding in found:
            yield Problem(self._path(finding.argument), finding.rule, finding.remedy)
        nodes = self.topology.nodes
        if 90 < nodes <= rules.MOST_NODES and self.relaxations.raised_node_quota is None:
            yield Problem(
                ("clusterMode", "shards"),
                f"These are {nodes} nodes, and AWS allows 90 in a cache unless the quota was raised.",
                "Choose fewer, or say under relaxations.raisedNodeQuota that and when it was raised.",
            )

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
