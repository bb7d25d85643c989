"""What ElastiCache would refuse, found before anything is sent: pure rules over plain values.

Each finding names the argument, the rule and the remedy; the stack model and the components say them in their own way.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from . import catalog
from .windows import SHORTEST, maintenance_window, overlap, snapshot_window

DURABILITY_CHOICES = ("sync", "async", "snapshots")
MOST_REPLICAS = 5
MOST_SHARDS = 500
MOST_NODES = 500
"""With a raised quota; 90 without one (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html)."""
MOST_RETENTION_DAYS = 35


@dataclass(frozen=True, slots=True)
class Finding:
    argument: str
    """The name of the component's argument, or `parameters.<name>`."""
    rule: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Topology:
    engine: str
    engine_version: str
    node_type: str
    cluster_mode: bool
    shards: int
    replicas: int
    """Per shard."""
    multi_az: bool
    durability: str

    @property
    def nodes(self) -> int:
        return self.shards * (1 + self.replicas)


class CacheConfigurationError(ValueError):
    """Arguments that ElastiCache would refuse. Lists every finding."""

    def __init__(self, subject: str, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        lines = (f"  {finding.argument}: {finding.rule} {finding.remedy}" for finding in self.findings)
        super().__init__("\n".join([f"{subject} cannot be made as asked:", *lines]))


def topology_findings(topology: Topology) -> Iterator[Finding]:
    yield from version_findings(topology.engine, topology.engine_version)
    yield from node_type_findings(topology.node_type, topology.engine, topology.engine_version)
    yield from _size_findings(topology)
    yield from _durability_findings(topology)


def version_findings(engine: str, version: str) -> Iterator[Finding]:
    if engine not in ("valkey", "redis"):
        yield Finding("engine", "The engine is valkey or redis (Redis OSS).", "Write valkey.")
        return
    known = catalog.engine_versions(engine)
    if version not in known:
        other = "redis" if engine == "valkey" else "valkey"
        hint = f" {version} is a version of {other}." if version in catalog.engine_versions(other) else ""
        yield Finding(
            "engine_version",
            f"ElastiCache runs {engine} in versions {', '.join(known)}.{hint}",
            f'Write "{known[-1]}", in quotes.',
        )


def node_type_findings(name: str, engine: str, version: str) -> Iterator[Finding]:
    known = catalog.node_types()
    if name not in known:
        yield unknown_node_type(name)
        return
    needs = known[name].minimum_version.get(engine)
    if engine in ("valkey", "redis") and needs is None:
        yield Finding(
            "node_type",
            f"The {known[name].family} nodes run Valkey only.",
            "Choose engine valkey, or a node of the generation before.",
        )
    elif needs is not None and version in catalog.engine_versions(engine) and older(version, needs):
        yield Finding(
            "node_type", f"{name} needs {engine} {needs} or later.", "Raise the version or choose another node."
        )


def unknown_node_type(name: str) -> Finding:
    """What is wrong with a node type that the table does not have, and which one was probably meant."""
    family = name.removeprefix("cache.").split(".")[0]
    successor = catalog.previous_generations().get(family)
    if successor:
        rule = f"{family} nodes are a previous generation, kept for clusters that exist."
        return Finding("node_type", rule, f"Choose a {successor} node.")
    near = get_close_matches(name, catalog.node_types(), 3, 0.6)
    families = ", ".join(sorted({known.family for known in catalog.node_types().values()}))
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"The families are {families}: cache.r7g.large."
    return Finding("node_type", "This is not a node type of ElastiCache.", remedy)


def _size_findings(topology: Topology) -> Iterator[Finding]:
    if not 0 <= topology.replicas <= MOST_REPLICAS:
        yield Finding(
            "replicas", f"A shard has 0 to {MOST_REPLICAS} replicas.", f"Write a number from 0 to {MOST_REPLICAS}."
        )
    if not 1 <= topology.shards <= (MOST_SHARDS if topology.cluster_mode else 1):
        yield Finding(
            "shards",
            f"A cache has 1 to {MOST_SHARDS} shards, and exactly one with cluster mode disabled.",
            "Enable cluster mode for more shards." if not topology.cluster_mode else f"Write 1 to {MOST_SHARDS}.",
        )
    elif 0 <= topology.replicas <= MOST_REPLICAS and topology.nodes > MOST_NODES:
        yield Finding(
            "shards",
            f"A cache has at most {MOST_NODES} nodes, and these are {topology.nodes}.",
            "Choose fewer shards of a larger node type, or fewer replicas.",
        )
    if topology.multi_az and topology.replicas < 1:
        yield Finding(
            "multi_az",
            "Multi-AZ keeps a replica in another zone to fail over to, and there is none.",
            "Set at least one replica, or turn Multi-AZ off and accept an outage when the node fails.",
        )
    node = catalog.node_types().get(topology.node_type)
    if node and node.data_tiering and topology.durability in ("sync", "async"):
        yield Finding(
            "durability",
            f"Data tiering ({node.family}) and durability exclude each other.",
            "Choose durability snapshots, or an r7g or r8g node.",
        )


def _durability_findings(topology: Topology) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Durability.Limitations.html"""
    choice = topology.durability
    if choice not in DURABILITY_CHOICES:
        yield Finding(
            "durability",
            "Durability is sync (nothing acknowledged is lost), async (at most 10 s of writes) or snapshots (everything "
            "since the last snapshot).",
            "Write one of the three.",
        )
        return
    if choice == "snapshots":
        return
    since = catalog.durability_needs().get(topology.engine)
    if since is None:
        yield Finding(
            "durability", f"Durability {choice} exists for Valkey only.", "Choose engine valkey, or snapshots."
        )
    elif topology.engine_version in catalog.engine_versions(topology.engine) and older(topology.engine_version, since):
        yield Finding(
            "durability",
            f"Durability {choice} needs Valkey {since} or later.",
            f'Write version "{since}", or choose durability snapshots.',
        )
    if not topology.cluster_mode:
        yield Finding(
            "durability",
            f"Durability {choice} needs cluster mode, and with it a cluster-aware client.",
            "Enable cluster mode (one shard will do), or choose durability snapshots.",
        )
    if topology.replicas < 1 or not topology.multi_az:
        yield Finding(
            "durability",
            f"Durability {choice} needs Multi-AZ and at least one replica in each shard.",
            "Set at least one replica and turn Multi-AZ on, or choose durability snapshots.",
        )
    node = catalog.node_types().get(topology.node_type)
    if node and not node.durability and not node.data_tiering:
        able = sorted({known.family for known in catalog.node_types().values() if known.durability})
        yield Finding(
            "durability",
            f"{node.family} nodes write no transactional log: durability {choice} runs on {', '.join(able)}.",
            "Choose a node of one of these families, or durability snapshots.",
        )


def window_findings(maintenance: str, snapshot: str, retention_days: int) -> Iterator[Finding]:
    """The snapshot window counts only where snapshots are kept (`retention_days` above 0)."""
    weekly = maintenance_window(maintenance)
    daily = snapshot_window(snapshot)
    if weekly is None:
        yield Finding(
            "maintenance_window",
            "A maintenance window reads ddd:hh:mm-ddd:hh:mm, in UTC and lower case.",
            "Write, for example, sun:18:00-sun:19:00.",
        )
    elif weekly.length < SHORTEST:
        yield Finding("maintenance_window", "A maintenance window lasts at least 60 minutes.", "Make it longer.")
    if daily is None:
        yield Finding(
            "snapshot_window", "A snapshot window reads hh:mm-hh:mm, in UTC.", "Write, for example, 19:00-20:00."
        )
    elif daily.length < SHORTEST:
        yield Finding("snapshot_window", "A snapshot window lasts at least 60 minutes.", "Make it longer.")
    if not 0 <= retention_days <= MOST_RETENTION_DAYS:
        yield Finding(
            "snapshot_retention_days",
            f"ElastiCache keeps snapshots for 1 to {MOST_RETENTION_DAYS} days, or takes none (0).",
            f"Write 0 to {MOST_RETENTION_DAYS}; keep older ones by exporting them to S3.",
        )
    if weekly and daily and retention_days > 0 and overlap(weekly, daily):
        yield Finding(
            "snapshot_window",
            f"Snapshot and maintenance windows cannot overlap, and this one meets {maintenance}.",
            "Move one of the two.",
        )


def subnet_findings(subnet_ids: object, multi_az: bool) -> Iterator[Finding]:
    """Only where the list is known; whether two subnets lie in two zones, their ids do not tell."""
    if not isinstance(subnet_ids, list | tuple):
        return
    ids: Sequence[object] = subnet_ids  # pyright: ignore[reportUnknownVariableType]
    known = [each for each in ids if isinstance(each, str)]
    different = len(set(known)) + len(ids) - len(known)
    if different < (2 if multi_az else 1):
        yield Finding(
            "subnet_ids",
            "Multi-AZ needs subnets in at least two zones." if multi_az else "A cache lies in at least one subnet.",
            "Name one private subnet of each zone.",
        )


def replication_group_id_findings(identifier: str) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    if not re.fullmatch(r"[a-z](-?[a-z0-9])*", identifier) or len(identifier) > 40:
        yield Finding(
            "replication_group_id",
            "A replication group id has 1 to 40 lower-case letters, digits and single hyphens, begins with a letter and "
            "does not end with a hyphen.",
            "Write an id such as chat-prod-cache.",
        )


def older(version: str, than: str) -> bool:
    return catalog.version_key(version) < catalog.version_key(than)
