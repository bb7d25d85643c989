"""Atlas: sizes, nodes and versions of a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .atlas_cluster import regions, shared, sizes
from .framework.policy import Settings, resource_policy, setting, words
from .framework.resources import Resource
from .framework.tables import components, table
from .framework.values import UNKNOWN, View, version_numbers
from .resource_types import (
    ANY_ATLAS_CLUSTER,
    ATLAS_CLUSTERS,
    ATLAS_FLEX_CLUSTER,
    ATLAS_LEGACY_CLUSTER,
    ATLAS_SERVERLESS,
)


def electable(cluster: Resource, region: View) -> float | None:
    if cluster.type == ATLAS_LEGACY_CLUSTER:
        return region.number("electableNodes", default=0)
    specification = region.view("electableSpecs")
    return specification.number("nodeCount", default=0) if specification else 0


@resource_policy("atlas-tier", *ANY_ATLAS_CLUSTER, severity="medium", enforcement="production")
@setting("smallest", "The smallest size.", {"development": "M0", "staging": "M10", "production": "M20"})
@setting("largest", "The largest size.", {"development": "M30", "staging": "M60", "production": "R700"})
@words(
    title="A cluster's size fits its tier.",
    rationale="Shared sizes have no private network, no continuous backup and no reserved CPU; an oversized one is a bill.",
    remedy="Choose M20 or larger in production, M10 or larger in staging; in a stack file, instanceSize or autoscaling.compute.minimum.",
    source="https://www.mongodb.com/docs/atlas/manage-clusters/",
)
def tier(cluster: Resource, settings: Settings) -> Iterator[str]:
    smallest, largest = settings.text("smallest", cluster), settings.text("largest", cluster)
    if cluster.type in (ATLAS_FLEX_CLUSTER, ATLAS_SERVERLESS):
        if rank(smallest):
            yield f"It shares its hosts with others, and has no private network: at least {smallest} here."
        return
    found = set(sizes(cluster))
    for region in regions(cluster):
        scaling = region.view("autoScaling")
        if scaling and scaling.flag("computeEnabled", default=False):
            found |= {
                one for key in ("computeMinInstanceSize", "computeMaxInstanceSize") if (one := scaling.known(key))
            }
    for size in sorted(found):
        if rank(size) < rank(smallest):
            yield f"{size} is smaller than {smallest}, the smallest here."
        if rank(size) > rank(largest):
            yield f"{size} is larger than {largest}, the largest here."


def rank(size: str) -> int:
    """Sizes of all clouds and classes in one order: the number in a name rises with the memory. Shared ones come first."""
    found = re.search(r"\d+", size)
    return int(found[0]) if found and size not in table("atlas")["sharedSizes"] else 0


@resource_policy("atlas-electable-nodes", *ATLAS_CLUSTERS, severity="high", enforcement="always")
@words(
    title="A cluster has 3, 5 or 7 electable nodes.",
    rationale="An election needs a majority; an even number adds a node that can fail and none that helps.",
    remedy="Set nodeCount: 3 in electableSpecs.",
    source="https://www.mongodb.com/docs/atlas/cluster-config/multi-cloud-distribution/",
)
def electable_nodes(cluster: Resource, settings: Settings) -> Iterator[str]:
    if shared(cluster):
        return
    if cluster.type == ATLAS_LEGACY_CLUSTER and not regions(cluster):
        nodes = cluster.number("replicationFactor", default=3)
        if nodes is not None and nodes not in (3, 5, 7):
            yield f"{nodes:g} electable nodes: 3, 5 or 7, since an election needs a majority."
        return
    for specification in cluster.views("replicationSpecs"):
        given = specification.views("regionConfigs") + specification.views("regionsConfigs")
        counts = [electable(cluster, region) for region in given]
        known = [count for count in counts if count is not None]
        if given and len(known) == len(counts) and sum(known) not in (3, 5, 7):
            yield f"{sum(known):g} electable nodes: 3, 5 or 7, since an election needs a majority."


@resource_policy("atlas-region-loss", *ATLAS_CLUSTERS, severity="medium", enforcement="advice-in-production")
@words(
    title="A cluster over several regions survives the loss of any of them.",
    rationale="Without a majority of the electable nodes no primary can be elected, and writes stop until the region is back.",
    remedy="Spread them over three regions: 2, 2 and 1; in a stack file, cluster.regions.",
    source="https://www.mongodb.com/docs/atlas/cluster-config/multi-cloud-distribution/",
)
def region_loss(cluster: Resource, settings: Settings) -> Iterator[str]:
    """One region alone is a choice of its own, and said to be none of a cluster's faults."""
    for specification in cluster.views("replicationSpecs"):
        given = specification.views("regionConfigs") + specification.views("regionsConfigs")
        counts = [(electable(cluster, region), region.known("regionName")) for region in given]
        voting = [(count, name) for count, name in counts if count]
        if len(voting) < 2 or any(count is None for count, _ in counts):
            continue
        total, (most, name) = sum(count for count, _ in voting), max(voting)
        if total - most <= total // 2:
            yield f"Without {name or 'one of them'}, {total - most:g} of {total:g} electable nodes are left: no majority, and no writes."


@resource_policy("atlas-supported-version", *ATLAS_CLUSTERS, severity="high", enforcement="beyond-development")
@words(
    title="A cluster's MongoDB gets security fixes.",
    rationale="Versions beyond their end of life have holes that are known and stay open.",
    remedy="Set mongoDbMajorVersion: 8.0.",
    source="https://www.mongodb.com/legal/support-policy/lifecycles",
)
def supported_version(cluster: Resource, settings: Settings) -> Iterator[str]:
    version, oldest = cluster.known("mongoDbMajorVersion"), components()["mongodbVersions"][0]
    if version and version_numbers(version) < version_numbers(oldest):
        yield f"MongoDB {version} gets no more security fixes; {oldest} and later do."


@resource_policy("atlas-stable-version", *ATLAS_CLUSTERS, severity="low", enforcement="advice-in-production")
@words(
    title="A production cluster stays on a long-lived version.",
    rationale="With the rapid releases Atlas changes the version when it likes, and never goes back.",
    remedy="Set versionReleaseSystem: LTS.",
    source="https://www.mongodb.com/docs/atlas/tutorial/major-version-change/",
)
def stable_version(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.known("versionReleaseSystem") == "CONTINUOUS":
        yield "versionReleaseSystem is CONTINUOUS: Atlas installs every new release by itself."


@resource_policy("atlas-storage-autoscaling", *ATLAS_CLUSTERS, severity="low", enforcement="advice")
@words(
    title="A cluster's disk grows before it is full.",
    rationale="A full disk stops all writes.",
    remedy="Set diskGbEnabled: true in autoScaling.",
    source="https://www.mongodb.com/docs/atlas/cluster-autoscaling/",
)
def storage_autoscaling(cluster: Resource, settings: Settings) -> Iterator[str]:
    """NVMe disks come in one size."""
    if shared(cluster) or any("NVME" in size for size in sizes(cluster)):
        return
    if cluster.type == ATLAS_LEGACY_CLUSTER:
        if cluster.flag("autoScalingDiskGbEnabled", default=True) is False:
            yield "autoScalingDiskGbEnabled is off: a full disk stops all writes."
        return
    for region in regions(cluster):
        scaling = region.view("autoScaling")
        if region.raw("autoScaling") is UNKNOWN:
            continue
        if scaling is None or scaling.flag("diskGbEnabled", default=False) is False:
            yield "diskGbEnabled is off: a full disk stops all writes."


@resource_policy("atlas-not-paused", *ATLAS_CLUSTERS, severity="high", enforcement="production-only")
@words(
    title="A production cluster runs.",
    rationale="A paused cluster takes no connection and no backup.",
    remedy="Leave paused off.",
    source="https://www.mongodb.com/docs/atlas/pause-terminate-cluster/",
)
def not_paused(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.flag("paused", default=False):
        yield "The cluster is paused: nobody can connect, and no backup is taken."


@resource_policy("atlas-termination-protection", *ANY_ATLAS_CLUSTER, severity="high", enforcement="production-only")
@words(
    title="A production cluster cannot be deleted by one click.",
    rationale="Protection in Pulumi does not keep anybody from deleting it in Atlas.",
    remedy="Set terminationProtectionEnabled: true.",
    source="https://www.mongodb.com/docs/atlas/cluster-additional-settings/",
)
def termination_protection(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.flag("terminationProtectionEnabled", default=False) is False:
        yield "terminationProtectionEnabled is not on: anybody with the right role deletes it with one click."
