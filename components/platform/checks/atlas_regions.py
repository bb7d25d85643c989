"""Stack checks between a cluster's regions and the ways to it."""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.stackfile import Problem

from ..model.atlas.cluster import Cluster
from ..model.atlas.connectivity import Connectivity
from ..model.atlas.doors import NetworkContainer


def the_platform_lies_in_a_region_of_the_cluster(region: str, atlas__cluster: Cluster) -> Iterator[Problem]:
    if atlas__cluster.regions and region not in [one.region for one in atlas__cluster.regions]:
        yield Problem(
            ("atlas", "cluster", "regions"),
            f"The clients are in {region} (`aws:region`), and the cluster has no node there.",
            "List that region too, with read-only nodes at least.",
        )


def every_region_has_its_endpoint(
    region: str, atlas__cluster: Cluster, atlas__connectivity: Connectivity
) -> Iterator[Problem]:
    """Atlas returns private strings "only if you deployed a private endpoint to all regions to which you deployed this
    cluster's nodes". So an endpoint comes before the nodes of its region, and may stand there without any. https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-getcluster"""
    link = atlas__connectivity.private_link
    if link is None:
        return
    place = ("atlas", "connectivity", "privateLink")
    others = [one.region for one in atlas__cluster.regions or () if one.region != region]
    missing = [one for one in others if one not in link.regions]
    if missing:
        yield Problem(
            (*place, "regions"),
            f"Atlas gives no private connection string before each region of the cluster has an endpoint: "
            f"{', '.join(missing)} has none.",
            f"Write regions: {{{missing[0]}: {{vpcId: …, subnetIds: […], clientSecurityGroupIds: […]}}}}.",
        )
    if region in link.regions:
        yield Problem(
            (*place, "regions", region),
            "This is the platform's own region: privateLink itself is its endpoint.",
            "Remove it, and write what it says under privateLink.",
        )
    if others and link.further:
        yield Problem(
            (*place, "further"),
            "A connection string of a cluster over several regions leads through one endpoint in each: further ones in "
            "one region would have none.",
            "Remove further, and connect the other VPCs to these ones.",
        )


def peering_has_its_container(
    atlas__connectivity: Connectivity, atlas__network_container: NetworkContainer | None
) -> Iterator[Problem]:
    opened = atlas__connectivity.deliberate and atlas__connectivity.peering is not None
    if opened and atlas__network_container is None:
        yield Problem(
            ("atlas", "connectivity", "peering"),
            "A peering leads to the network container of Atlas's side, and there is none.",
            "Write networkContainer: { atlasCidr: 192.168.248.0/21 } beside connectivity; with a cluster that exists, "
            "Atlas has made one already: add adopt: <its id>, and its range.",
        )


def peering_reaches_one_region(atlas__cluster: Cluster, atlas__connectivity: Connectivity) -> Iterator[Problem]:
    if atlas__connectivity.peering is not None and len(atlas__cluster.regions or ()) > 1:
        yield Problem(
            ("atlas", "connectivity", "peering"),
            "A peering leads to the nodes of one region; each other region of the cluster would need one of its own.",
            "Choose privateLink, with an endpoint for each region.",
        )


CHECKS = (
    the_platform_lies_in_a_region_of_the_cluster,
    every_region_has_its_endpoint,
    peering_has_its_container,
    peering_reaches_one_region,
)
