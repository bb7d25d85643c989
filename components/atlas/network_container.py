"""The address range of Atlas's side, which must exist before the cluster."""

from collections.abc import Iterator
from typing import TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import Problem, check, known
from ..outputs import register
from . import addresses
from .regions import atlas_region, region_problems


class AtlasNetworkContainerArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    region: pulumi.Input[str]
    """The AWS region: `ap-northeast-2`. There is one container for each region of a project."""
    atlas_cidr: pulumi.Input[str]
    """The range of the clusters in it, /21 to /24, private, and overlapping no range of the VPC."""


class AtlasNetworkContainer(pulumi.ComponentResource):
    """The network that Atlas places the project's clusters of one region in.

    Atlas makes one by itself, with a range of its choice, when a cluster comes first. So it is a component of its own,
    for the cluster to wait for (`network_container_id`). Another range is an update that Atlas accepts until a cluster
    lies in it, and refuses from then on without having changed anything; another region is another container."""

    container_id: pulumi.Output[str]
    """Atlas's id of the container."""
    atlas_cidr: pulumi.Output[str]
    """The range of the clusters in it."""

    def __init__(self, name: str, args: AtlasNetworkContainerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasNetworkContainerArgs, problems(args))
        super().__init__("dolmen:index:AtlasNetworkContainer", name, {}, opts)
        container = mongodbatlas.NetworkContainer(
            name,
            project_id=args["project_id"],
            provider_name="AWS",
            region_name=atlas_region(args["region"]),
            atlas_cidr_block=args["atlas_cidr"],
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["regionName"]),
        )
        self.container_id = container.container_id
        self.atlas_cidr = container.atlas_cidr_block
        register(self)


def problems(args: AtlasNetworkContainerArgs) -> Iterator[Problem]:
    """What Atlas would refuse of a container.

    https://www.mongodb.com/docs/atlas/security-vpc-peering/"""
    yield from region_problems(args.get("region"))
    cidr = known(args.get("atlas_cidr"))
    if cidr is None:
        return
    place = ("atlas_cidr",)
    network = addresses.ipv4(cidr)
    if network is None:
        yield from addresses.ipv4_problems(cidr, place)
    elif not 21 <= network.prefixlen <= 24:
        yield Problem(
            place,
            "Atlas's range has a prefix of /21 to /24 on AWS; it decides how many nodes fit.",
            f"Write {network.network_address}/21, or a smaller range.",
        )
    elif not any(network.subnet_of(private) for private in addresses.PRIVATE):
        yield Problem(
            place,
            "Atlas's range lies in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
            "Write such as 192.168.248.0/21.",
        )
    elif reserved := addresses.overlapping(network, addresses.RESERVED_BY_AWS):
        yield Problem(
            place,
            f"{reserved} is reserved: AWS services and Docker use it inside, and would not reach a peer there.",
            "Choose another range, such as 192.168.248.0/21.",
        )
