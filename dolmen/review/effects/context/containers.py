"""A network container beside the one that Atlas made with the first cluster of a region.

Source: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-creategroupcontainer (one for each
provider and region of a project); Atlas makes it by itself for the first dedicated cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from dolmen.engine.plan import Resource
from dolmen.knowledge.effects import Data
from dolmen.knowledge.object_names import object_name
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.identity import same_object
from dolmen.review.effects.context.sides import Sides
from dolmen.review.effects.model import Effect, EffectKind

_CONTAINER = "mongodbatlas:index/networkContainer:NetworkContainer"
_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"


def effects(change: ResourceChange, sides: Sides) -> Iterator[Effect]:
    new, name = change.new, object_name(_CONTAINER)
    if change.type != _CONTAINER or change.operation is not Operation.CREATE or new is None or name is None:
        return
    if any(one.type == _CONTAINER and same_object(one, new) for one in sides.base):
        return
    standing = next((one for one in sides.base if one.type == _CLUSTER and _beside(one, new, sides)), None)
    if standing is not None:
        why = (
            f"Cluster `{standing.name}` stands in the same project and region, so Atlas has made a network container there "
            f"already, and refuses a second one ({name.refused})."
        )
        safe = (
            "Adopt the one that exists by its id: `networkContainer.adopt` in a stack file, `adopt` of AtlasNetworkContainer; "
            "`atlas networking containers list` shows it."
        )
        yield Effect(EffectKind.FAILS_AT_APPLY, why, name.by[1:], data=Data.KEPT, safe_path=safe, source=name.source)


def _beside(cluster: Resource, container: Resource, sides: Sides) -> bool:
    if not sides.target(cluster, "projectId") & sides.target(container, "projectId"):
        return False
    provider = container.inputs.get("providerName")
    region = container.inputs.get("regionName") or container.inputs.get("region")
    return any(
        one.get("providerName") == provider and (provider == "GCP" or one.get("regionName") == region)
        for one in _regions(cluster)
    )


def _regions(cluster: Resource) -> Iterator[Mapping[str, Any]]:
    for spec in _objects(cluster.inputs.get("replicationSpecs")):
        yield from _objects(spec.get("regionConfigs"))


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    for one in cast("list[Any]", value) if isinstance(value, list) else []:
        if isinstance(one, Mapping):
            yield cast("Mapping[str, Any]", one)
