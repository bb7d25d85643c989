"""What ElastiCache offers, read from the tables in `data/`: node types, engine versions, parameters, commands, alarms.

A name that is not in a table is a `LookupError`; a component's `problems` say so in words before it comes to that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NotRequired, TypedDict

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class NodeType:
    """One type of node, with what its family can do."""

    name: str
    family: str
    vcpu: int
    memory_gib: float
    maxmemory_bytes: int
    """The node's memory before `reserved-memory-percent` is taken off."""
    connections: int
    """`maxclients`, which belongs to the node type and cannot be set."""
    durability: bool
    data_tiering: bool
    burstable: bool
    minimum_version: Mapping[str, str]
    """Engine → lowest version; an engine that is not a key does not run on this type."""


class Parameter(TypedDict):
    """What a parameter group may set one parameter to."""

    type: str
    """`integer`, `enum` or `pattern`."""
    default: str
    minimum: NotRequired[int]
    maximum: NotRequired[int]
    forbidden: NotRequired[list[int]]
    """First and last number of a range inside the permitted one that ElastiCache refuses."""
    values: NotRequired[list[str]]
    dataTieringValues: NotRequired[list[str]]
    pattern: NotRequired[str]
    hint: NotRequired[str]
    since: NotRequired[str]
    """The lowest engine version of the family that has the parameter."""


class AlarmRow(TypedDict):
    """One alarm of every member; the fields are explained in `data/alarms.json`."""

    key: str
    metric: str
    source: str
    dimensions: str
    where: str
    statistic: str
    comparison: str
    threshold: float | str
    period: int
    evaluate: int
    breach: int
    missingData: str
    reported: str
    silence: str
    severity: str
    description: str


class CommandTable(TypedDict):
    """The server's own commands, and what ElastiCache makes of them."""

    guide: list[str]
    """The eight that the operating guide denies to every application."""
    restricted: list[str]
    """Those that ElastiCache runs for nobody, and that no access string may name."""
    always: list[str]
    """Those that no access string takes away."""
    moduleCategories: list[str]
    modulePrefixes: list[str]
    since: dict[str, str]
    """Sign of newer syntax → the engine version that understands it."""
    categories: dict[str, list[str]]
    """Every command and subcommand → its categories."""


@cache
def node_types() -> Mapping[str, NodeType]:
    """Every node type that a new cache may have."""
    table = _read("node-types.json")
    families, rows = table["families"], table["nodeTypes"]
    return {name: _node_type(name, row, families[row["family"]]) for name, row in rows.items()}


def node_type(name: str) -> NodeType:
    return node_types()[name]


def previous_generations() -> Mapping[str, str]:
    """Families that AWS keeps only for clusters that exist, and what follows them."""
    return _read("node-types.json")["previousGenerations"]


def engine_versions(engine: str) -> tuple[str, ...]:
    """Every version of the engine, oldest first."""
    return tuple(_read("engine-versions.json")["engines"][engine])


def parameter_family(engine: str, version: str) -> str:
    """The parameter group family of an engine version: `("valkey", "9.0")` → `valkey9`."""
    return _read("engine-versions.json")["engines"][engine][version]["family"]


def durability_needs() -> Mapping[str, str]:
    """Engine → the version from which on it writes a transactional log."""
    return _read("engine-versions.json")["rules"]["durability"]


class AutoscalingTable(TypedDict):
    """What ElastiCache can scale by itself, and by which metrics."""

    families: list[str]
    sizes: list[str]
    dimensions: dict[str, str]
    metrics: dict[str, dict[str, str]]


def autoscaling() -> AutoscalingTable:
    return _read("autoscaling.json")


def parameters(family: str) -> Mapping[str, Parameter]:
    """What a parameter group of the family may set."""
    return _read(f"parameters/{family}.json")["parameters"]


def default_parameters() -> Mapping[str, str]:
    """What Dolmen sets where the user says nothing."""
    return _read("parameters/defaults.json")["parameters"]


def unchangeable_parameters() -> Mapping[str, str]:
    """Parameters that ElastiCache lets nobody set → what to do instead."""
    return _read("parameters/refused.json")["unchangeable"]


def renamed_parameters() -> Mapping[str, str]:
    return _read("parameters/refused.json")["renamed"]


def removed_parameters(family: str) -> tuple[str, ...]:
    return tuple(_read("parameters/refused.json")["removed"].get(family, ()))


def commands() -> CommandTable:
    return _read("commands.json")


def cluster_clients() -> Mapping[str, tuple[str, ...]]:
    """Command that cluster-aware clients send by themselves → the clients that cannot work without it."""
    table = _read("cluster-clients.json")["commands"]
    return {command: tuple(row["clients"]) for command, row in table.items()}


def alarm_rows() -> list[AlarmRow]:
    return _read("alarms.json")["alarms"]


def published_metrics() -> Mapping[str, list[str]]:
    """Metric → with which dimensions AWS publishes it: `cluster`, `node`."""
    return _read("alarms.json")["published"]


def version_key(version: str) -> tuple[int, ...]:
    """For comparing versions as numbers: 9.10 comes after 9.9."""
    return tuple(int(part) for part in version.split("."))


def older(version: str, than: str) -> bool:
    return version_key(version) < version_key(than)


def usable_memory_bytes(node_type_name: str, reserved_memory_percent: int) -> int:
    """What one node keeps for keys (AWS: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html)."""
    return node_type(node_type_name).maxmemory_bytes * (100 - reserved_memory_percent) // 100


@cache
def _read(file: str) -> Any:
    """A table as it is written; the functions above say what shape it has."""
    return json.loads((_DATA / file).read_text(encoding="utf-8"))


def _node_type(name: str, row: Any, family: Any) -> NodeType:
    return NodeType(
        name=name,
        family=row["family"],
        vcpu=row["vcpu"],
        memory_gib=row["memoryGiB"],
        maxmemory_bytes=row["maxmemoryBytes"],
        connections=row["connections"],
        durability=family["durability"],
        data_tiering=family["dataTiering"],
        burstable=family["burstable"],
        minimum_version=family["minimumVersion"],
    )
