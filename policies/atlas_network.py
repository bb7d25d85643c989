"""Atlas: what leads to its network."""

from __future__ import annotations

from collections.abc import Iterator

from .ec2_routes import peering_destinations
from .framework.policy import Settings, setting, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.security_groups import beyond
from .resource_types import ATLAS_ENDPOINT, ATLAS_PEERING, ROUTE, VPC_ENDPOINT

ATLAS_PORTS = (1024, 65535)


@stack_policy("atlas-endpoint-ports", severity="medium", enforcement="beyond-development")
@words(
    title="The security group of Atlas's endpoint opens Atlas's ports and no other.",
    rationale="Atlas tells its nodes apart by port, from 1024 upwards.",
    remedy="Open tcp 1024 to 65535.",
    source="https://www.mongodb.com/docs/atlas/security-private-endpoint/",
)
def endpoint_ports(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for endpoint in stack.of(VPC_ENDPOINT):
        if any(one.type == ATLAS_ENDPOINT for one in stack.behind(endpoint, "serviceName")):
            yield from beyond(stack, endpoint, *ATLAS_PORTS)


@stack_policy("atlas-peering-route", severity="high", enforcement="always")
@setting("widestPrefix", "Prefix of the widest destination.", 21)
@words(
    title="A route to Atlas leads to Atlas's network only.",
    rationale="A wider route sends traffic for others to Atlas.",
    remedy="Give the network container's own range, a /21 at most.",
    source="https://www.mongodb.com/docs/atlas/security-vpc-peering/",
)
def atlas_peering_route(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for route in stack.of(ROUTE):
        over_atlas = any(one.type == ATLAS_PEERING for one in _made_of(stack, route, "vpcPeeringConnectionId"))
        for text, network in peering_destinations(route):
            if over_atlas and network.prefixlen < settings.number("widestPrefix", route):
                yield route, f"{text} goes to Atlas, whose network is a /21 at most."


def _made_of(stack: Stack, resource: Resource, key: str) -> list[Resource]:
    """What a property is made of, through the accepter of a peering too."""
    found = stack.behind(resource, key)
    return found + [other for one in found for other in stack.behind(one, "vpcPeeringConnectionId")]
