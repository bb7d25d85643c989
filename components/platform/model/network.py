"""The network that the platform is placed in. Dolmen creates no VPC: it is given one."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator, Field

from dolmen.stackfile import Problem

from ...atlas import addresses
from .base import Section, broken, judged_by


def _aws_id(prefix: str, what: str) -> AfterValidator:
    def check(value: str) -> str:
        body = value.removeprefix(f"{prefix}-")
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
        if body == value or len(body) not in (8, 17) or set(body) - set("0123456789abcdef"):
            raise broken(
                f"{what} id is `{prefix}-` and 17 hexadecimal digits, or 8 where it is old.",
                f"Copy it from the AWS console or `aws ec2 describe-…`: {prefix}-0a1b2c3d4e5f60718.",
            )
        return value

    return AfterValidator(check)


VpcId = Annotated[str, _aws_id("vpc", "A VPC")]
SubnetId = Annotated[str, _aws_id("subnet", "A subnet")]
RouteTableId = Annotated[str, _aws_id("rtb", "A route table")]
SecurityGroupId = Annotated[str, _aws_id("sg", "A security group")]
Ipv4Cidr = Annotated[str, judged_by(addresses.ipv4_problems)]


class Network(Section):
    """The VPC, its private subnets, and who may connect from inside."""

    vpc_id: VpcId
    """The VPC of the application."""
    vpc_cidrs: Annotated[tuple[Ipv4Cidr, ...], Field(min_length=1)]
    """All IPv4 ranges of the VPC, the primary one first: overlaps with Atlas are found by arithmetic from these."""
    private_subnet_ids: Annotated[tuple[SubnetId, ...], Field(min_length=2)]
    """Private subnets for the cache and the private endpoint, in at least two availability zones."""
    subnet_zones: tuple[str, ...] | None = None
    """The availability zone of each private subnet, in the same order (`ap-northeast-2a`). Optional: with it, "two zones"
    is checked before anything is sent; without it, the plan says that it could not be."""
    route_table_ids: tuple[RouteTableId, ...] = ()
    """Route tables that need a route to Atlas; only VPC peering uses them."""
    client_security_group_ids: Annotated[tuple[SecurityGroupId, ...], Field(min_length=1)]
    """Security groups of the clients. Only these may connect, to the cache and to the private endpoint."""

    def problems(self) -> Iterator[Problem]:
        for key, values in (
            ("vpcCidrs", self.vpc_cidrs),
            ("privateSubnetIds", self.private_subnet_ids),
            ("routeTableIds", self.route_table_ids),
            ("clientSecurityGroupIds", self.client_security_group_ids),
        ):
            for index, value in enumerate(values):
                if value in values[:index]:
                    yield Problem((key, index), "This entry stands in the list twice.", "Remove one of the two.")
        ranges = [IPv4Network(cidr) for cidr in self.vpc_cidrs]
        for index, later in enumerate(ranges):
            if not 16 <= later.prefixlen <= 28:
                # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
                yield Problem(
                    ("vpcCidrs", index),
                    "A range of a VPC has a prefix of /16 to /28.",
                    "List the ranges as `aws ec2 describe-vpcs` shows them.",
                )
            for earlier in ranges[:index]:
                if later.overlaps(earlier) and later != earlier:
                    yield Problem(
                        ("vpcCidrs", index),
                        f"The ranges of one VPC cannot overlap, and this one overlaps {earlier}.",
                        "List the ranges as `aws ec2 describe-vpcs` shows them.",
                    )
        yield from self._zone_problems()

    def _zone_problems(self) -> Iterator[Problem]:
        if self.subnet_zones is None:
            return
        if len(self.subnet_zones) != len(self.private_subnet_ids):
            yield Problem(
                ("subnetZones",),
                f"There is one zone for each private subnet: {len(self.private_subnet_ids)}, not {len(self.subnet_zones)}.",
                "List the zones in the order of privateSubnetIds.",
            )
        elif len(set(self.subnet_zones)) < 2:
            yield Problem(
                ("subnetZones",),
                "The private subnets lie in one availability zone; failover and the endpoint need at least two.",
                "Add a private subnet in another zone.",
            )
