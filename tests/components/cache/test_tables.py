"""The tables of node types, versions, parameters, commands and alarms: whole, and in agreement with what else is known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from components.cache import tables
from components.cache.access_string_problems import command_categories
from components.cache.parameters import parameter_problems
from components.cache.topology import Topology, topology_problems

DATA = Path(tables.__file__).parent / "data"
FILES = sorted(DATA.rglob("*.json"))
DURABLE = {"r8g", "r7g", "r6g", "m8g", "m7g", "m6g", "c8gn", "c7gn"}
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Durability.Limitations.html and the announcement of 2026-10-27."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_table_says_where_it_comes_from_and_when(file: Path) -> None:
    table: dict[str, Any] = json.loads(file.read_text())
    assert table["source"] and len(table["date"]) == 10, "a reviewer could not check it"


def test_node_types_are_those_that_aws_lists() -> None:
    """Against the list that CloudFormation's linter carries, where it is installed."""
    linter = pytest.importorskip("cfnlint")
    listed = (
        Path(linter.__file__).parent / "data/schemas/extensions/aws_elasticache_cachecluster/cachenodetype_enum.json"
    )
    offered = set(re.findall(r"cache\.[a-z0-9]+\.[a-z0-9]+", listed.read_text()))
    ours = set(tables.node_types())
    assert ours <= offered, "a node type that no region offers"
    old = set(tables.previous_generations())
    assert {name for name in offered - ours if name.split(".")[1] not in old} == set(), "a node type is missing"


def test_durability_runs_on_the_families_that_aws_names() -> None:
    assert {node.family for node in tables.node_types().values() if node.durability} == DURABLE


def test_only_r6gd_tiers_data() -> None:
    assert {node.family for node in tables.node_types().values() if node.data_tiering} == {"r6gd"}


@pytest.mark.parametrize("name", tables.node_types())
def test_a_nodes_figures_fit_each_other(name: str) -> None:
    node = tables.node_type(name)
    assert abs(node.maxmemory_bytes / 2**30 - node.memory_gib) < 0.02 * node.memory_gib + 0.1, "two pages of AWS differ"
    assert node.connections in (20000, 46000, 65000)
    assert node.burstable == node.family.startswith("t")


@pytest.mark.parametrize("engine", ["valkey", "redis"])
def test_every_version_has_a_family_whose_parameters_are_known(engine: str) -> None:
    for version in tables.engine_versions(engine):
        family = tables.parameter_family(engine, version)
        assert family.startswith(engine) and family.endswith(version.split(".")[0])
        assert tables.parameters(family)
        defaults = tables.default_parameters()
        found = parameter_problems(
            defaults, Topology(engine, version, "cache.r6gd.xlarge", None, None, None, None, None)
        )
        assert not list(found), "Dolmen's own defaults would be refused"


@pytest.mark.parametrize("family", ["redis7", "valkey7", "valkey8", "valkey9"])
def test_a_parameter_is_either_settable_or_refused(family: str) -> None:
    settable = set(tables.parameters(family))
    refused = {*tables.unchangeable_parameters(), *tables.renamed_parameters(), *tables.removed_parameters(family)}
    assert not settable & refused
    assert {"appendonly", "appendfsync", "save", "maxclients", "maxmemory", "lua-time-limit"} <= refused
    assert set(tables.renamed_parameters().values()) <= settable, "the remedy names a parameter that does not exist"


def test_the_guides_eight_commands_are_dangerous_in_the_servers_own_table() -> None:
    for command in tables.commands()["guide"]:
        entries = [c for name, c in command_categories().items() if name == command or name.startswith(f"{command}|")]
        assert any("dangerous" in categories for categories in entries), f"-@dangerous does not take {command} away"


def test_durability_everywhere_it_may_run_and_nowhere_else() -> None:
    """Every engine version × node family × cluster mode × replicas: refused exactly where AWS says so."""
    families = {node.family: name for name, node in tables.node_types().items()}
    tried = allowed = 0
    for engine in ("valkey", "redis"):
        for version in tables.engine_versions(engine):
            for family, node in families.items():
                for cluster_mode in (True, False):
                    for replicas in (0, 1):
                        topology = Topology(engine, version, node, cluster_mode, 1, replicas, replicas > 0, "async")
                        refused = any(p.argument == ("durability",) for p in topology_problems(topology))
                        may = (
                            engine == "valkey"
                            and version >= "9"
                            and family in DURABLE
                            and cluster_mode
                            and replicas > 0
                        )
                        assert refused != may, topology
                        tried += 1
                        allowed += may
    assert tried > 300 and allowed == 2 * len(DURABLE)
