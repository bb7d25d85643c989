"""Changes that a cloud takes only one step at a time, or only after another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from dolmen.engine.plan import Resource
from dolmen.knowledge.effects import Data, Source
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.effects.context.sides import Sides
from dolmen.review.effects.model import Effect, EffectKind

_PAUSED = Source("www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-updategroupcluster", "2026-11-30")
_ATLAS = Source("www.mongodb.com/docs/atlas/tutorial/major-version-change", "2026-11-30")
_RDS = Source("docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html", "2026-11-30")
_EKS = Source("docs.aws.amazon.com/eks/latest/userguide/update-cluster.html", "2026-11-30")


def effects(change: ResourceChange, _: Sides) -> Iterator[Effect]:
    rule = _RULES.get(change.type)
    if rule is not None and change.operation is Operation.UPDATE and change.old is not None and change.new is not None:
        yield from rule(change.old, change.new, change)


def _cluster(old: Resource, new: Resource, change: ResourceChange) -> Iterator[Effect]:
    others = [one.label for one in change.properties if one.path[:1] != ("paused",)]
    if old.inputs.get("paused") is True and new.inputs.get("paused") is True and others:
        why = "The cluster is paused, and Atlas changes nothing of a paused cluster."
        yield _refused(why, "Resume it (`paused` false) in an update of its own, then change it.", _PAUSED, *others)
    before, after = (_numbers(one.inputs.get("mongoDbMajorVersion")) for one in (old, new))
    if before and after and after[0] > before[0] + 1:
        why = f"Atlas upgrades MongoDB by one major version at a time; from {before[0]} to {after[0]} it refuses."
        safe = f"Upgrade to {before[0] + 1} first, and check the application, in an update of its own."
        yield _refused(why, safe, _ATLAS, "mongoDbMajorVersion")


def _database(old: Resource, new: Resource, _: ResourceChange) -> Iterator[Effect]:
    before, after = (_numbers(one.inputs.get("engineVersion")) for one in (old, new))
    if not before or not after or new.inputs.get("allowMajorVersionUpgrade") is True:
        return
    # Up to MySQL 8.4 and PostgreSQL 9.6, and in MariaDB, the second number belongs to the major version.
    numbers = 1 if "postgres" in str(new.inputs.get("engine")) and before[0] >= 10 else 2
    if after[:numbers] > before[:numbers]:
        why = "A new major version needs `allowMajorVersionUpgrade`; without it AWS refuses."
        yield _refused(why, "Set `allow_major_version_upgrade=True` in the same update.", _RDS, "engineVersion")


def _kubernetes(old: Resource, new: Resource, _: ResourceChange) -> Iterator[Effect]:
    before, after = (_numbers(one.inputs.get("version")) for one in (old, new))
    if len(before) > 1 and len(after) > 1 and after[0] == before[0] and after[1] > before[1] + 1:
        why = f"EKS upgrades by one minor version at a time; from {before[0]}.{before[1]} to {after[0]}.{after[1]} it refuses."
        yield _refused(why, f"Upgrade to {before[0]}.{before[1] + 1} first, nodes included.", _EKS, "version")


_RULES: Mapping[str, Callable[[Resource, Resource, ResourceChange], Iterator[Effect]]] = {
    "mongodbatlas:index/advancedCluster:AdvancedCluster": _cluster,
    "mongodbatlas:index/cluster:Cluster": _cluster,
    "aws:rds/instance:Instance": _database,
    "aws:rds/cluster:Cluster": _database,
    "aws:eks/cluster:Cluster": _kubernetes,
}


def _numbers(version: object) -> tuple[int, ...]:
    if not isinstance(version, str) or "‹" in version:
        return ()
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _refused(why: str, safe: str, source: Source, *paths: str) -> Effect:
    return Effect(EffectKind.FAILS_AT_APPLY, why, paths, data=Data.KEPT, safe_path=safe, source=source)
