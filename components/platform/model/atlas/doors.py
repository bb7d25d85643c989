"""Doors to the cluster: private endpoints, wherever they lie, and a peering with the network of Atlas's side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator

from dolmen.stackfile import Problem

from ..base import Section, broken, for_editors
from ..network import SecurityGroupId, SubnetId, VpcId


def _role(value: str) -> str:
    if not re.fullmatch(r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]+", value):
        raise broken(
            "This is no ARN of an IAM role.",
            "Copy it from the other account: arn:aws:iam::<account>:role/<name>.",
        )
    return value


def _door_name(value: str) -> str:
    if not re.fullmatch(r"[a-z](-?[a-z0-9])*", value) or len(value) > 20:
        raise broken(
            "A door's name has at most 20 lower-case letters, digits and single hyphens, and begins with a letter.",
            "Write a name such as analytics.",
        )
    return value


RoleArn = Annotated[str, AfterValidator(_role)]
DoorName = Annotated[str, AfterValidator(_door_name)]


def account_of(role: str) -> str:
    """The account that a role belongs to."""
    return role.split(":")[4]


class Endpoint(Section):
    """An interface endpoint of AWS: one that exists, or one that is made in a VPC."""

    endpoint_id: str | None = None
    """An interface endpoint that exists, `vpce-…`, in whatever account: nothing of AWS is made."""
    aws_role: RoleArn | None = None
    """A role in another account, with which the endpoint is made there. Default: the deploying account."""
    vpc_id: VpcId | None = None
    """The VPC that it lies in, such as a hub's. Default: the platform's own."""
    subnet_ids: tuple[SubnetId, ...] | None = None
    """Private subnets of that VPC, one in each zone. Default: those of the platform."""
    client_security_group_ids: tuple[SecurityGroupId, ...] | None = None
    """Security groups of the clients there; only these may connect. Default: those of the platform."""
    security_group_ids: tuple[SecurityGroupId, ...] | None = None
    """Security groups of yours for the endpoint, in place of the one that is made. Open them to clients on 1024 to 65535."""

    def problems(self) -> Iterator[Problem]:
        if self.endpoint_id is not None and self.aws_role is not None:
            yield Problem(
                ("awsRole",),
                "The endpoint exists, and nothing is made in its account.",
                "Remove awsRole or endpointId.",
            )
        if self.aws_role is not None and self.vpc_id is None:
            yield Problem(
                ("vpcId",),
                "Another account has a VPC of its own.",
                "Name its VPC, its subnets and its clients' groups.",
            )


class RegionEndpoint(Endpoint):
    """An interface endpoint, and Atlas's side of it in that region."""

    service_id: str | None = None
    """Atlas's endpoint service, where the project has one in this region: Atlas takes one. Default: it is made."""


class PrivateLink(RegionEndpoint):
    """An interface endpoint of AWS in private subnets. Nothing else can reach the cluster. `{}` is enough."""

    regions: Mapping[str, RegionEndpoint] = {}
    """The endpoint of each other region of the cluster, by AWS's name of the region. It comes before the nodes there."""
    further: Mapping[DoorName, Endpoint] = {}
    """More endpoints of the cluster in this region, such as of other VPCs, by names of yours."""

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        others = {("regions", name): one for name, one in self.regions.items()}
        for place, endpoint in {**others, **{("further", name): one for name, one in self.further.items()}}.items():
            if endpoint.vpc_id is None and endpoint.endpoint_id is None and endpoint.aws_role is None:
                yield Problem(place, "Each other endpoint lies in another VPC.", "Write its vpcId, or its endpointId.")


class Peering(Section):
    """The cluster's network (`networkContainer`) and the VPC are peered: both see each other's private addresses."""

    aws_account_id: str | None = None
    """The account that owns the VPC. Default: that of `awsRole`, or the deploying account."""
    aws_role: RoleArn | None = None
    """A role in the account that owns the VPC, which accepts the peering and makes the routes there. Default: the
    deploying account does."""
    access: Literal["vpcCidrs", "securityGroups"] = "vpcCidrs"
    """Who may connect: every address of the VPC, or only the client security groups."""

    def problems(self) -> Iterator[Problem]:
        if self.aws_role is not None and self.aws_account_id not in (None, account_of(self.aws_role)):
            yield Problem(
                ("awsAccountId",),
                "The role belongs to another account than this one, and only the owner of a VPC accepts its peering.",
                f"Write {account_of(self.aws_role)}, or remove it.",
            )


class NetworkContainer(Section):
    """The network that Atlas places the cluster in: made before it, or adopted. It outlives a peering."""

    atlas_cidr: Annotated[str, for_editors(examples=["192.168.248.0/21"])]
    """Its range, /21 to /24. It must overlap no range of the VPC and can never be changed once a cluster lies in it."""
    adopt: str | None = None
    """The id of the one that exists: Atlas makes one with a cluster that comes first, and refuses a second one in the
    region. Default: one is made."""
