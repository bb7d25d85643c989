"""The address range of Atlas's side: made before the cluster, or adopted where Atlas has made it."""

import re
from collections.abc import Iterator
from typing import NotRequired, TypedDict

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
    adopt: NotRequired[pulumi.Input[str] | None]
    """The id of a container that exists, with this range. Default: one is made."""


class AtlasNetworkContainer(pulumi.ComponentResource):
    """The network that Atlas places the project's clusters of one region in.

    Atlas makes one by itself, with a range of its choice, when a cluster comes first, and refuses a second one in the
    region (`CONTAINER_ALREADY_EXISTS`): that one is adopted by its id. It is looked up, and a range or a region other
    than the arguments' ends the preview; nothing in it is changed.

    One that is made comes before the cluster, which waits for it (`network_container_id`). Another range is an update
    that Atlas accepts until a cluster lies in it, and refuses from then on without having changed anything; another
    region is another container."""

    container_id: pulumi.Output[str]
    """Atlas's id of the container."""
    atlas_cidr: pulumi.Output[str]
    """The range of the clusters in it."""

    def __init__(self, name: str, args: AtlasNetworkContainerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasNetworkContainerArgs, problems(args))
        super().__init__("dolmen:index:AtlasNetworkContainer", name, {}, opts)
        if (adopted := args.get("adopt")) is not None:
            self._adopt(args, adopted)
        else:
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

    def _adopt(self, args: AtlasNetworkContainerArgs, adopted: pulumi.Input[str]) -> None:
        found = mongodbatlas.get_network_container_output(
            project_id=args["project_id"], container_id=adopted, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        asked = pulumi.Output.all(id=adopted, cidr=args["atlas_cidr"], region=atlas_region(args["region"]))
        self.container_id = pulumi.Output.all(asked=asked, found=found).apply(
            lambda both: _as_asked(both["asked"], both["found"].atlas_cidr_block, both["found"].region_name)
        )
        self.atlas_cidr = self.container_id.apply(lambda _: args["atlas_cidr"])


def _as_asked(asked: dict[str, str], cidr: str, region: str) -> str:
    """The adopted container's id. Raises where Atlas knows another range or region of it."""
    wrong = [
        f"its {what} is {found}, not {asked[key]}"
        for key, what, found in (("cidr", "range", cidr), ("region", "region", region))
        # A plan without credentials has something else in place of the answer.
        if asked[key] != found and _is_answer(key, found)
    ]
    if wrong:
        raise pulumi.RunError(
            f"The network container {asked['id']} is another one than the one that is asked for: {' and '.join(wrong)}. "
            "Write the range that Atlas shows for it, or the id of the region's own container."
        )
    return asked["id"]


def _is_answer(key: str, found: str) -> bool:
    return (
        addresses.ipv4(found) is not None if key == "cidr" else re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)+", found) is not None
    )


def problems(args: AtlasNetworkContainerArgs) -> Iterator[Problem]:
    """What Atlas would refuse of a container.

    https://www.mongodb.com/docs/atlas/security-vpc-peering/"""
    yield from region_problems(args.get("region"))
    adopted = known(args.get("adopt"))
    if adopted is not None and not re.fullmatch(r"[0-9a-f]{24}", adopted):
        yield Problem(
            ("adopt",),
            "The id of a network container has 24 hexadecimal digits.",
            "Copy it from Atlas: `atlas networking containers list`.",
        )
    cidr = known(args.get("atlas_cidr"))
    if cidr is None:
        return
    place = ("atlas_cidr",)
    network = addresses.ipv4(cidr)
    if network is None:
        yield from addresses.ipv4_problems(cidr, place)
    elif adopted is None:
        yield from _range_problems(network, place)


def _range_problems(network: addresses.IPv4Network, place: tuple[str]) -> Iterator[Problem]:
    """What Atlas would refuse to make; of a container that exists, its range is what it is."""
    if not 21 <= network.prefixlen <= 24:
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
