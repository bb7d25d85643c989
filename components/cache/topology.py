"""What a replication group is made of, and which combinations ElastiCache refuses."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

from ..arguments import Problem, between
from . import tables
from .tables import older

Engine = Literal["valkey", "redis"]
Durability = Literal["sync", "async", "snapshots"]
MOST_REPLICAS = 5
MOST_SHARDS = 500
MOST_NODES = 500
"""With a raised quota; 90 without one (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html)."""


@dataclass(frozen=True, slots=True)
class Topology:
    """A replication group as far as it is known; `None` is nothing to judge."""

    engine: str | None
    version: str | None
    node_type: str | None
    cluster_mode: bool | None
    shards: float | None
    replicas: float | None
    """Per shard."""
    multi_az: bool | None
    durability: str | None

    @property
    def version_exists(self) -> bool:
        return self.engine in get_args(Engine) and self.version in tables.engine_versions(self.engine or "")

    @property
    def node(self) -> tables.NodeType | None:
        return tables.node_types().get(self.node_type or "")


def topology_problems(topology: Topology) -> Iterator[Problem]:
    """Everything that ElastiCache would refuse of it."""
    yield from _version_problems(topology)
    yield from _node_type_problems(topology)
    yield from _size_problems(topology)
    yield from _durability_problems(topology)


def _version_problems(topology: Topology) -> Iterator[Problem]:
    engine, version = topology.engine, topology.version
    if engine is None:
        return
    if engine not in get_args(Engine):
        yield Problem(("engine",), "The engine is valkey or redis (Redis OSS).", "Write valkey.")
    elif version is not None and not topology.version_exists:
        known = tables.engine_versions(engine)
        other = "redis" if engine == "valkey" else "valkey"
        hint = f" {version} is a version of {other}." if version in tables.engine_versions(other) else ""
        yield Problem(
            ("version",),
            f"ElastiCache runs {engine} in versions {', '.join(known)}.{hint}",
            f'Write "{known[-1]}", in quotes.',
        )


def _node_type_problems(topology: Topology) -> Iterator[Problem]:
    name, node = topology.node_type, topology.node
    if name is None:
        return
    if node is None:
        yield _unknown_node_type(name)
    elif topology.engine in get_args(Engine):
        needs = node.minimum_version.get(topology.engine or "")
        if needs is None:
            yield Problem(
                ("node_type",),
                f"The {node.family} nodes run Valkey only.",
                "Choose engine valkey, or a node of the generation before.",
            )
        elif topology.version is not None and topology.version_exists and older(topology.version, needs):
            yield Problem(
                ("node_type",),
                f"{name} needs {topology.engine} {needs} or later.",
                "Raise the version or choose another node.",
            )


def _unknown_node_type(name: str) -> Problem:
    """What is wrong with a node type that the table does not have, and which one was probably meant."""
    family = name.removeprefix("cache.").split(".")[0]
    successor = tables.previous_generations().get(family)
    if successor:
        rule = f"{family} nodes are a previous generation, kept for clusters that exist."
        return Problem(("node_type",), rule, f"Choose a {successor} node.")
    near = get_close_matches(name, tables.node_types(), 3, 0.6)
    families = ", ".join(sorted({known.family for known in tables.node_types().values()}))
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"The families are {families}: cache.r7g.large."
    return Problem(("node_type",), "This is not a node type of ElastiCache.", remedy)


def _size_problems(topology: Topology) -> Iterator[Problem]:
    shards, replicas = topology.shards, topology.replicas
    wrong = [
        *between(("replicas",), replicas, 0, MOST_REPLICAS, f"A shard has 0 to {MOST_REPLICAS} replicas."),
        *between(("shards",), shards, 1, MOST_SHARDS, f"A cache has 1 to {MOST_SHARDS} shards."),
    ]
    yield from wrong
    if topology.cluster_mode is False and shards is not None and shards > 1:
        yield Problem(
            ("shards",),
            "A cache has exactly one shard with cluster mode disabled.",
            "Enable cluster mode for more shards.",
        )
    elif not wrong and shards is not None and replicas is not None and shards * (1 + replicas) > MOST_NODES:
        yield Problem(
            ("shards",),
            f"A cache has at most {MOST_NODES} nodes, and these are {int(shards * (1 + replicas))}.",
            "Choose fewer shards of a larger node type, or fewer replicas.",
        )
    if topology.multi_az and replicas is not None and 0 <= replicas < 1:
        yield Problem(
            ("multi_az",),
            "Multi-AZ keeps a replica in another zone to fail over to, and there is none.",
            "Set at least one replica, or turn Multi-AZ off and accept an outage when the node fails.",
        )


def _durability_problems(topology: Topology) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Durability.Limitations.html"""
    choice, node = topology.durability, topology.node
    if choice is None or choice == "snapshots":
        return
    if choice not in get_args(Durability):
        yield Problem(
            ("durability",),
            "Durability is sync (nothing acknowledged is lost), async (at most 10 s of writes) or snapshots (everything "
            "since the last snapshot).",
            "Write one of the three.",
        )
        return
    since = tables.durability_needs().get(topology.engine or "")
    if topology.engine in get_args(Engine) and since is None:
        yield Problem(
            ("durability",), f"Durability {choice} exists for Valkey only.", "Choose engine valkey, or snapshots."
        )
    elif since and topology.version is not None and topology.version_exists and older(topology.version, since):
        yield Problem(
            ("durability",),
            f"Durability {choice} needs Valkey {since} or later.",
            f'Write version "{since}", or choose durability snapshots.',
        )
    if topology.cluster_mode is False:
        yield Problem(
            ("durability",),
            f"Durability {choice} needs cluster mode, and with it a cluster-aware client.",
            "Enable cluster mode (one shard will do), or choose durability snapshots.",
        )
    if topology.multi_az is False or (topology.replicas is not None and 0 <= topology.replicas < 1):
        yield Problem(
            ("durability",),
            f"Durability {choice} needs Multi-AZ and at least one replica in each shard.",
            "Set at least one replica and turn Multi-AZ on, or choose durability snapshots.",
        )
    if node and node.data_tiering:
        yield Problem(
            ("durability",),
            f"Data tiering ({node.family}) and durability exclude each other.",
            "Choose durability snapshots, or an r7g or r8g node.",
        )
    elif node and not node.durability:
        able = sorted({known.family for known in tables.node_types().values() if known.durability})
        yield Problem(
            ("durability",),
            f"{node.family} nodes write no transactional log: durability {choice} runs on {', '.join(able)}.",
            "Choose a node of one of these families, or durability snapshots.",
        )
