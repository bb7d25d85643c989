"""What ElastiCache offers, read from the tables in `data/`: node types, engine versions, parameters.

A name that is not in the tables is a `LookupError`; the rules in `rules.py` say so in words before it comes to that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class NodeType:
    name: str
    family: str
    vcpu: int
    memory_gib: float
    maxmemory_bytes: int
    """The node's memory before `reserved-memory-percent` is taken off."""
    connections: int
    """`maxclients`, which belongs to the node type and cannot be set."""
    network_gbps: float
    """What the network carries without end; bursts are higher on the smaller types."""
    durability: bool
    data_tiering: bool
    burstable: bool
    minimum_version: Mapping[str, str]
    """Engine → lowest version; an engine that is not a key does not run on this type."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str
    """`integer`, `enum` or `pattern`."""
    minimum: int | None = None
    maximum: int | None = None
    forbidden: tuple[int, int] | None = None
    """A closed range inside the permitted one that ElastiCache refuses."""
    values: tuple[str, ...] = ()
    data_tiering_values: tuple[str, ...] = ()
    pattern: str = ""
    hint: str = ""
    default: str = ""
    since: str | None = None
    """The lowest engine version of the family that has the parameter."""


@cache
def node_types() -> Mapping[str, NodeType]:
    table = _read("node-types.json")
    families: dict[str, dict[str, Any]] = table["families"]
    return {name: _node_type(name, row, families[row["family"]]) for name, row in table["nodeTypes"].items()}


def node_type(name: str) -> NodeType:
    return node_types()[name]


@cache
def previous_generations() -> Mapping[str, str]:
    """Families that AWS keeps only for clusters that exist, and what follows them."""
    successors: dict[str, str] = _read("node-types.json")["previousGenerations"]
    return successors


@cache
def engine_versions(engine: str) -> tuple[str, ...]:
    """Every version of the engine, oldest first."""
    return tuple(_read("engine-versions.json")["engines"][engine])


def parameter_family(engine: str, version: str) -> str:
    """The parameter group family of an engine version: `("valkey", "9.0")` → `valkey9`."""
    family: str = _read("engine-versions.json")["engines"][engine][version]["family"]
    return family


@cache
def durability_needs() -> Mapping[str, str]:
    """Engine → the version from which on it writes a transactional log."""
    needs: dict[str, str] = _read("engine-versions.json")["rules"]["durability"]
    return needs


@cache
def parameters(family: str) -> Mapping[str, Parameter]:
    rows: dict[str, dict[str, Any]] = _read(f"parameters/{family}.json")["parameters"]
    return {name: _parameter(name, row) for name, row in rows.items()}


@cache
def default_parameters() -> Mapping[str, str]:
    """What Dolmen sets where the user says nothing."""
    chosen: dict[str, str] = _read("parameters/defaults.json")["parameters"]
    return chosen


@cache
def unchangeable_parameters() -> Mapping[str, str]:
    """Parameters that ElastiCache lets nobody set → what to do instead."""
    refused: dict[str, str] = _read("parameters/refused.json")["unchangeable"]
    return refused


@cache
def renamed_parameters() -> Mapping[str, str]:
    renamed: dict[str, str] = _read("parameters/refused.json")["renamed"]
    return renamed


@cache
def removed_parameters(family: str) -> tuple[str, ...]:
    return tuple(_read("parameters/refused.json")["removed"].get(family, ()))


def version_key(version: str) -> tuple[int, ...]:
    """For comparing versions as numbers: 9.10 comes after 9.9."""
    return tuple(int(part) for part in version.split("."))


def usable_memory_bytes(node_type_name: str, reserved_memory_percent: int) -> int:
    """What one node keeps for keys (AWS: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html)."""
    return node_type(node_type_name).maxmemory_bytes * (100 - reserved_memory_percent) // 100


@cache
def _read(file: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_DATA / file).read_text(encoding="utf-8"))
    return document


def _node_type(name: str, row: Mapping[str, Any], family: Mapping[str, Any]) -> NodeType:
    return NodeType(
        name=name,
        family=row["family"],
        vcpu=row["vcpu"],
        memory_gib=row["memoryGiB"],
        maxmemory_bytes=row["maxmemoryBytes"],
        connections=row["connections"],
        network_gbps=row["networkGbps"],
        durability=family["durability"],
        data_tiering=family["dataTiering"],
        burstable=family["burstable"],
        minimum_version=family["minimumVersion"],
    )


def _parameter(name: str, row: Mapping[str, Any]) -> Parameter:
    low_high = row.get("forbidden")
    return Parameter(
        name=name,
        type=row["type"],
        minimum=row.get("minimum"),
        maximum=row.get("maximum"),
        forbidden=(low_high[0], low_high[1]) if low_high else None,
        values=tuple(row.get("values", ())),
        data_tiering_values=tuple(row.get("dataTieringValues", ())),
        pattern=row.get("pattern", ""),
        hint=row.get("hint", ""),
        default=row.get("default", ""),
        since=row.get("since"),
    )
