"""VPC: security groups in every form, prefix lists, endpoints, routes over a peering, subnets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .framework import networks
from .framework.documents import statements
from .framework.resources import Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .framework.values import UNKNOWN, View
from .types import (
    ATLAS_ENDPOINT,
    ATLAS_PEERING,
    DEFAULT_ROUTE_TABLE,
    DEFAULT_SECURITY_GROUP,
    EGRESS_RULE,
    INGRESS_RULE,
    PREFIX_LIST,
    PREFIX_LIST_ENTRY,
    REPLICATION_GROUP,
    ROUTE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
    SERVERLESS_CACHE,
    SUBNET,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
    VPC_ENDPOINT_SERVICE,
)

GROUPS = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)
RULES = (SECURITY_GROUP_RULE, INGRESS_RULE, EGRESS_RULE)
PREFIX_LISTS = (PREFIX_LIST, PREFIX_LIST_ENTRY)
ANY_SOURCE = (*GROUPS, *RULES, *PREFIX_LISTS)
ATLAS_PORTS = (1024, 65535)
WIDEST_PUBLIC = {4: 24, 6: 56}
"""A wider range belongs to more than one company's gateways."""


@dataclass(frozen=True)
class Opening:
    """One rule of a security group, wherever it was written."""

    view: View
    inward: bool
    protocol: str
    first: float | None
    """`None` where it is not known, or where the protocol has no ports."""
    last: float | None
    ranges: tuple[str, ...]
    groups: bool
    """Whether it names other security groups."""

    @property
    def every_protocol(self) -> bool:
        return self.protocol in ("-1", "all")

    @property
    def every_port(self) -> bool:
        if self.every_protocol:
            return True
        tcp_or_udp = self.protocol in ("tcp", "udp", "6", "17")
        return (
            tcp_or_udp and self.first is not None and self.last is not None and self.first <= 1 and self.last >= 65535
        )

    def networks(self) -> Iterator[tuple[str, networks.Network]]:
        for text in self.ranges:
            network = networks.parse(text)
            if network is not None:
                yield text, network


def openings(resource: Resource) -> Iterator[Opening]:
    if resource.type in GROUPS:
        for view in resource.views("ingress"):
            yield _inline(view, inward=True)
        for view in resource.views("egress"):
            yield _inline(view, inward=False)
    elif resource.type == SECURITY_GROUP_RULE:
        yield _inline(resource, inward=resource.known("type") != "egress")
    elif resource.type in RULES:
        ranges = tuple(text for key in ("cidrIpv4", "cidrIpv6") if (text := resource.known(key)))
        yield Opening(
            view=resource,
            inward=resource.type == INGRESS_RULE,
            protocol=resource.known("ipProtocol").lower(),
            first=resource.number("fromPort"),
            last=resource.number("toPort"),
            ranges=ranges,
            groups=resource.given("referencedSecurityGroupId"),
        )
    elif resource.type == PREFIX_LIST:
        ranges = tuple(view.known("cidr") for view in resource.views("entries"))
        yield Opening(resource, True, "", None, None, ranges, False)
    elif resource.type == PREFIX_LIST_ENTRY:
        yield Opening(resource, True, "", None, None, (resource.known("cidr"),), False)


def _inline(view: View, *, inward: bool) -> Opening:
    return Opening(
        view=view,
        inward=inward,
        protocol=view.known("protocol").lower(),
        first=view.number("fromPort"),
        last=view.number("toPort"),
        ranges=tuple(view.texts("cidrBlocks") + view.texts("ipv6CidrBlocks")),
        groups=view.given("securityGroups") or view.given("sourceSecurityGroupId"),
    )


def _ports(opening: Opening) -> str:
    if opening.every_port:
        return "every port"
    if opening.first is None or opening.last is None:
        return "its ports"
    if opening.first == opening.last:
        return f"port {opening.first:g}"
    return f"ports {opening.first:g} to {opening.last:g}"


@resource_rule("ec2-no-public-ingress", *ANY_SOURCE)
def no_public_ingress(resource: Resource, settings: Settings) -> Iterator[str]:
    given: list[networks.Network] = []
    for opening in openings(resource):
        if not opening.inward:
            continue
        for text, network in opening.networks():
            given.append(network)
            if networks.whole_world(network):
                yield f"{_ports(opening)[:1].upper()}{_ports(opening)[1:]} open to the whole internet: {text}."
    wide = networks.union_is_wide(given, {4: 8, 6: 16})
    if wide is not None:
        yield f"Its ranges together let {wide} in."


@resource_rule("ec2-narrow-public-ingress", *ANY_SOURCE)
def narrow_public_ingress(resource: Resource, settings: Settings) -> Iterator[str]:
    for opening in openings(resource):
        for text, network in opening.networks():
            wide = network.prefixlen < WIDEST_PUBLIC[network.version] and not networks.whole_world(network)
            if opening.inward and wide and networks.public(network):
                yield f"{text} is {network.num_addresses:,} public addresses: more than one company's."


@resource_rule("ec2-narrow-private-ingress", *GROUPS, *RULES)
def narrow_private_ingress(resource: Resource, settings: Settings) -> Iterator[str]:
    widest = settings.number("widestPrefix", resource)
    for opening in openings(resource):
        for text, network in opening.networks():
            if opening.inward and not networks.public(network) and network.version == 4 and network.prefixlen < widest:
                yield f"{text} is wider than any VPC (/{widest:g})."


@resource_rule("ec2-no-public-egress", *GROUPS, *RULES)
def no_public_egress(resource: Resource, settings: Settings) -> Iterator[str]:
    for opening in openings(resource):
        for text, network in opening.networks():
            if not opening.inward and networks.public(network) and network.prefixlen < WIDEST_PUBLIC[network.version]:
                yield f"It may reach {text} on {_ports(opening)}: what it holds can leave to anywhere there."


@resource_rule("ec2-limited-ports", *GROUPS, *RULES)
def limited_ports(resource: Resource, settings: Settings) -> Iterator[str]:
    """A group that lets its own members talk to each other opens nothing to others."""
    for opening in openings(resource):
        if opening.inward and opening.every_port and not opening.view.flag("self", default=False):
            yield "Every port is open." if not opening.every_protocol else "Every protocol and port is open."


@resource_rule("ec2-rule-description", *GROUPS, *RULES)
def rule_description(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type in RULES:
        if not resource.given("description"):
            yield "Nothing says what the rule is for."
        return
    if resource.type == SECURITY_GROUP and (
        not resource.given("description")
        or resource.known("description") in ("Managed by Pulumi", "Managed by Terraform")
    ):
        yield "Nothing says what the group is for."
    for opening in openings(resource):
        if not opening.view.given("description"):
            yield f"Nothing says what the rule for {_ports(opening)} is for."


@resource_rule("ec2-default-security-group", DEFAULT_SECURITY_GROUP)
def default_security_group(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.count("ingress"):
        yield "The default group lets something in: whatever names no group of its own has that rule."
    if resource.count("egress"):
        yield "The default group lets something out: whatever names no group of its own has that rule."


@stack_rule("elasticache-reachable-on-its-port")
def reachable_on_its_port(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """A serverless cache has a second port, for reads."""
    for cache in stack.of(REPLICATION_GROUP):
        if (port := cache.number("port", default=6379)) is not None:
            yield from _only(stack, cache, port, port)
    for cache in stack.of(SERVERLESS_CACHE):
        yield from _only(stack, cache, 6379, 6380)


@stack_rule("atlas-endpoint-ports")
def endpoint_ports(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """Atlas tells its nodes apart by port on one address, from 1024 upwards."""
    for endpoint in stack.of(VPC_ENDPOINT):
        if any(one.type == ATLAS_ENDPOINT for one in stack.behind(endpoint, "serviceName")):
            yield from _only(stack, endpoint, *ATLAS_PORTS)


def _only(stack: Stack, target: Resource, lowest: float, highest: float) -> Iterator[tuple[Resource, str]]:
    """What the security groups of `target` open beyond its ports."""
    wanted = f"{lowest:g}" if lowest == highest else f"{lowest:g} to {highest:g}"
    for group in stack.behind(target, "securityGroupIds"):
        for rule in (group, *_rules_of(stack, group)):
            for opening in (one for one in openings(rule) if one.inward):
                first, last = opening.first, opening.last
                beyond = first is not None and last is not None and not lowest <= first <= last <= highest
                if opening.every_protocol or beyond:
                    yield rule, f"It opens {_ports(opening)}, and {target.name} listens on {wanted} alone."
                elif opening.protocol not in ("tcp", "6", ""):
                    yield rule, f"It opens {opening.protocol}, and {target.name} speaks tcp alone."


def _rules_of(stack: Stack, group: Resource) -> Iterator[Resource]:
    for rule in stack.of(*RULES):
        if stack.points_at(rule, "securityGroupId", group):
            yield rule


# ---- endpoints


@resource_rule("vpc-endpoint-policy", VPC_ENDPOINT, VPC_ENDPOINT_POLICY)
def endpoint_policy(endpoint: Resource, settings: Settings) -> Iterator[str]:
    """Endpoints of other companies' services have no policy. Their names are made when the service is: one that is not
    known yet is such a name, since those of AWS's own services are known to everybody."""
    service = endpoint.text("serviceName")
    if endpoint.type == VPC_ENDPOINT and (service is UNKNOWN or ".vpce." in str(service)):
        endpoint.unjudged.discard("serviceName")
        return
    if not endpoint.given("policy"):
        if endpoint.type == VPC_ENDPOINT and str(service).split(".")[-1] not in ("execute-api",):
            yield "It has no policy: everybody who reaches it may do everything with the service, in any account."
        return
    for statement in statements(endpoint, "policy"):
        if statement.public() and (not statement.resources or "*" in statement.resources):
            yield "Its policy lets everybody do what it names, in any account."


@resource_rule("vpc-endpoint-zones", VPC_ENDPOINT)
def endpoint_zones(endpoint: Resource, settings: Settings) -> Iterator[str]:
    if endpoint.known("vpcEndpointType").lower() != "interface":
        return
    subnets = endpoint.count("subnetIds")
    if subnets is not None and subnets < 2 and not (endpoint.count("subnetConfigurations") or 0) >= 2:
        yield "It stands in one zone, and fails with it."


@resource_rule("vpc-endpoint-security-group", VPC_ENDPOINT)
def endpoint_security_group(endpoint: Resource, settings: Settings) -> Iterator[str]:
    if endpoint.known("vpcEndpointType").lower() == "interface" and not endpoint.given("securityGroupIds"):
        yield "securityGroupIds is absent: the VPC's default group decides who reaches it."


@resource_rule("vpc-endpoint-service", VPC_ENDPOINT_SERVICE)
def endpoint_service(service: Resource, settings: Settings) -> Iterator[str]:
    if service.flag("acceptanceRequired", default=False) is False:
        yield "acceptanceRequired is off: nobody looks at who connects."
    if "*" in service.texts("allowedPrincipals"):
        yield "Every AWS account may connect."


# ---- routes and subnets


@resource_rule("vpc-peering-route", ROUTE, ROUTE_TABLE, DEFAULT_ROUTE_TABLE)
def peering_route(resource: Resource, settings: Settings) -> Iterator[str]:
    widest = settings.number("widestPrefix", resource)
    for text, network in _peering_destinations(resource):
        if network.prefixlen < (widest if network.version == 4 else 44):
            yield f"{text} goes over the peering: that is more than one VPC."


@stack_rule("atlas-peering-route")
def atlas_peering_route(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    widest = settings.number
    for route in stack.of(ROUTE):
        over_atlas = any(one.type == ATLAS_PEERING for one in _made_of(stack, route, "vpcPeeringConnectionId"))
        for text, network in _peering_destinations(route):
            if over_atlas and network.prefixlen < widest("widestPrefix", route):
                yield route, f"{text} goes to Atlas, whose network is a /21 at most."


def _made_of(stack: Stack, resource: Resource, key: str) -> list[Resource]:
    """What a property is made of, through the accepter of a peering too."""
    found = stack.behind(resource, key)
    return found + [other for one in found for other in stack.behind(one, "vpcPeeringConnectionId")]


def _peering_destinations(resource: Resource) -> Iterator[tuple[str, networks.Network]]:
    views = [resource] if resource.type == ROUTE else resource.views("routes")
    for view in views:
        if not view.given("vpcPeeringConnectionId"):
            continue
        for key in ("destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock"):
            network = networks.parse(text) if (text := view.known(key)) else None
            if network is not None:
                yield text, network


@resource_rule("vpc-private-subnet", SUBNET)
def private_subnet(subnet: Resource, settings: Settings) -> Iterator[str]:
    if subnet.flag("mapPublicIpOnLaunch", default=False):
        yield "mapPublicIpOnLaunch is on: whatever starts here has a public address."
