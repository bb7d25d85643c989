"""VPC: routes over a peering, and subnets."""

from __future__ import annotations

from collections.abc import Iterator

from .framework import networks
from .framework.policy import Setting, Settings, resource_policy
from .framework.resources import Resource
from .resource_types import DEFAULT_ROUTE_TABLE, ROUTE, ROUTE_TABLE, SUBNET


@resource_policy(
    "vpc-peering-route",
    ROUTE,
    ROUTE_TABLE,
    DEFAULT_ROUTE_TABLE,
    title="A route over a peering leads to one network.",
    severity="high",
    rationale="A wide route sends traffic for others to the peer, and lets the peer answer for them.",
    remedy="Name the peer's own range.",
    source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
    enforcement="always",
    settings={"widestPrefix": Setting("Prefix of the widest destination.", 16)},
    scanners={"checkov": ["CKV2_AWS_44"], "prowler": ["vpc_peering_routing_tables_with_least_privilege"]},
)
def peering_route(resource: Resource, settings: Settings) -> Iterator[str]:
    widest = settings.number("widestPrefix", resource)
    for text, network in peering_destinations(resource):
        if network.prefixlen < (widest if network.version == 4 else 44):
            yield f"{text} goes over the peering: that is more than one VPC."


def peering_destinations(resource: Resource) -> Iterator[tuple[str, networks.Network]]:
    views = [resource] if resource.type == ROUTE else resource.views("routes")
    for view in views:
        if not view.given("vpcPeeringConnectionId"):
            continue
        for key in ("destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock"):
            network = networks.parse(text) if (text := view.known(key)) else None
            if network is not None:
                yield text, network


@resource_policy(
    "vpc-private-subnet",
    SUBNET,
    title="A subnet gives out no public addresses.",
    severity="medium",
    rationale="Whatever starts in it is reachable from the internet as soon as a rule is wrong.",
    remedy="Leave mapPublicIpOnLaunch off.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
    enforcement="advice",
    scanners={
        "checkov": ["CKV_AWS_130"],
        "prowler": ["vpc_subnet_no_public_ip_by_default"],
        "trivy": ["AVD-AWS-0164"],
        "security-hub": ["EC2.15"],
        "config": ["subnet-auto-assign-public-ip-disabled"],
        "cfn-nag": ["W33"],
    },
)
def private_subnet(subnet: Resource, settings: Settings) -> Iterator[str]:
    if subnet.flag("mapPublicIpOnLaunch", default=False):
        yield "mapPublicIpOnLaunch is on: whatever starts here has a public address."
