"""An engine's version and the family of the parameter group that it is given.

Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html (families),
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html (a parameter group of the new version).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dolmen.engine.plan import Resource
from dolmen.knowledge.effects import Data, Source
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.effects.context.sides import Sides, touches
from dolmen.review.effects.model import Effect, EffectKind

Family = Callable[[str, tuple[str, ...]], str]
"""(engine, numbers of its version) → family."""


def _cache_family(engine: str, version: tuple[str, ...]) -> str:
    """Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html"""
    major, minor = version[0], version[1] if len(version) > 1 else ""
    if engine == "redis" and int(major) < 7:
        return "redis6.x" if major == "6" else f"redis{major}.{minor}" if minor else ""
    if engine == "memcached":
        return f"memcached{major}.{minor}" if minor else ""
    return f"{engine}{major}"


def _database_family(engine: str, version: tuple[str, ...]) -> str:
    """Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html"""
    major, minor = version[0], version[1] if len(version) > 1 else ""
    if engine in ("postgres", "aurora-postgresql"):
        return f"{engine}{major}" if int(major) >= 10 else ""
    if engine in ("mysql", "mariadb", "aurora-mysql", "docdb"):
        return f"{engine}{major}.{minor}" if minor else ""
    return ""


@dataclass(frozen=True, slots=True)
class _Engine:
    group: str
    """The type of its parameter groups."""
    path: str
    """The input that names one."""
    family: Family
    engine: str = ""
    """Where the program gives none."""
    source: str = "docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html"


_CACHE = "aws:elasticache/parameterGroup:ParameterGroup"
_CACHE_SOURCE = "docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement-upgrade-considerations.html"
_ENGINES: Mapping[str, _Engine] = {
    "aws:elasticache/replicationGroup:ReplicationGroup": _Engine(
        _CACHE, "parameterGroupName", _cache_family, "redis", _CACHE_SOURCE
    ),
    "aws:elasticache/cluster:Cluster": _Engine(_CACHE, "parameterGroupName", _cache_family, source=_CACHE_SOURCE),
    "aws:rds/instance:Instance": _Engine(
        "aws:rds/parameterGroup:ParameterGroup", "parameterGroupName", _database_family
    ),
    "aws:rds/cluster:Cluster": _Engine(
        "aws:rds/clusterParameterGroup:ClusterParameterGroup", "dbClusterParameterGroupName", _database_family
    ),
    "aws:docdb/cluster:Cluster": _Engine(
        "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
        "dbClusterParameterGroupName",
        _database_family,
        "docdb",
    ),
}


def effects(change: ResourceChange, sides: Sides) -> Iterator[Effect]:
    known = _ENGINES.get(change.type)
    if known is None or change.new is None or not touches(change, "engine", "engineVersion", known.path):
        return
    wanted, given = _wanted(change.new, known), _given(change.new, known, sides)
    if not wanted or not given or wanted == given:
        return
    why = f"The engine's version needs a parameter group of the family {wanted}, and it is given one of {given}: AWS refuses it."
    safe = f"Give it a parameter group of the family {wanted} in the same update (named after its family, so that it is made first)."
    source = Source(known.source, "2026-11-30")
    paths = ("engineVersion", known.path)
    yield Effect(EffectKind.FAILS_AT_APPLY, why, paths, data=Data.KEPT, safe_path=safe, source=source)


def _wanted(resource: Resource, known: _Engine) -> str:
    engine, version = resource.inputs.get("engine") or known.engine, resource.inputs.get("engineVersion")
    numbers = tuple(re.findall(r"\d+", version)) if isinstance(version, str) and "‹" not in version else ()
    return known.family(engine, numbers) if isinstance(engine, str) and numbers else ""


def _given(resource: Resource, known: _Engine, sides: Sides) -> str:
    group = sides.maker(resource, known.path, (known.group,))
    if group is not None:
        family = group.inputs.get("family")
        return family if isinstance(family, str) and "‹" not in family else ""
    name = resource.inputs.get(known.path)
    if not isinstance(name, str) or not name.startswith("default."):
        return ""
    return name.removeprefix("default.").removesuffix(".cluster.on")
