"""The address range of Atlas's side, which must exist before the cluster."""

from typing import TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas


class AtlasNetworkContainerArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    atlas_region: pulumi.Input[str]
    """Atlas's name of the region: `AP_NORTHEAST_2`. There is one container for each region of a project."""
    atlas_cidr: pulumi.Input[str]
    """The range of the clusters in it, /21 to /24, private, and overlapping no range of the VPC."""


class AtlasNetworkContainer(pulumi.ComponentResource):
    """The network that Atlas places the project's clusters of one region in.

    Atlas makes one by itself, with a range of its choice, when a cluster comes first. So it is a component of its own,
    for the cluster to wait for (`created_after`). Another range is an update that Atlas accepts until a cluster lies in
    it, and refuses from then on without having changed anything; another region is another container."""

    container_id: pulumi.Output[str]
    """Atlas's id of the container."""
    atlas_cidr: pulumi.Output[str]
    """The range of the clusters in it."""

    def __init__(self, name: str, args: AtlasNetworkContainerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasNetworkContainer", name, {}, opts)
        container = mongodbatlas.NetworkContainer(
            f"{name}-container",
            project_id=args["project_id"],
            provider_name="AWS",
            region_name=args["atlas_region"],
            atlas_cidr_block=args["atlas_cidr"],
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["regionName"]),
        )
        self.container_id = container.container_id
        self.atlas_cidr = container.atlas_cidr_block
        self.register_outputs({"containerId": self.container_id, "atlasCidr": self.atlas_cidr})
