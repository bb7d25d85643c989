"""VPC: routes over a peering, and subnets."""

from __future__ import annotations

from collections.abc import Iterator

from .framework import networks
from .framework.policy import Settings, resource_policy, setting, words
from .framework.resources import Resource
from .resource_types import DEFAULT_ROUTE_TABLE, ROUTE, ROUTE_TABLE, SUBNET


@resource_policy("vpc-peering-route", ROUTE, ROUTE_TABLE, DEFAULT_ROUTE_TABLE, severity="high", enforcement="always")
@setting("widestPrefix", "Prefix of the widest destination.", 16)
@words(
    title="A route over a peering leads to one network.",
    rationale="A wide route sends traffic for others to the peer, and lets the peer answer for them.",
    remedy="Name the peer's own range.",
    source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
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


@resource_policy("vpc-private-subnet", SUBNET, severity="medium", enforcement="advice")
@words(
    title="A subnet gives out no public addresses.",
    rationale="Whatever starts in it is reachable from the internet as soon as a rule is wrong.",
    remedy="Leave mapPublicIpOnLaunch off.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
)
def private_subnet(subnet: Resource, settings: Settings) -> Iterator[str]:
    if subnet.flag("mapPublicIpOnLaunch", default=False):
        yield "mapPublicIpOnLaunch is on: whatever starts here has a public address."
