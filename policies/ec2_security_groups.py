"""VPC: what may connect, and to what."""

from __future__ import annotations

from collections.abc import Iterator

from .framework import networks
from .framework.policy import Settings, resource_policy, setting, words
from .framework.resources import Resource
from .framework.security_groups import networks_of, openings, ports
from .resource_types import DEFAULT_SECURITY_GROUP, PREFIX_LISTS, SECURITY_GROUP, SECURITY_GROUP_RULES, SECURITY_GROUPS

ANY_SOURCE = (*SECURITY_GROUPS, *SECURITY_GROUP_RULES, *PREFIX_LISTS)
WIDEST_PUBLIC = {4: 24, 6: 56}
"""A wider range belongs to more than one company's gateways."""


@resource_policy("ec2-no-public-ingress", *ANY_SOURCE, severity="critical", enforcement="always")
@words(
    title="Nothing is open to the whole internet.",
    rationale="Any spelling counts: 0.0.0.0/0, 1.2.3.4/0, ::/0, the two halves, a prefix list that holds them.",
    remedy="Name the security groups that may connect.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
)
def no_public_ingress(resource: Resource, settings: Settings) -> Iterator[str]:
    given: list[networks.Network] = []
    for opening, text, network in networks_of(resource, inward=True):
        given.append(network)
        if networks.whole_world(network):
            yield f"{ports(opening)[:1].upper()}{ports(opening)[1:]} open to the whole internet: {text}."
    wide = networks.union_is_wide(given, {4: 8, 6: 16})
    if wide is not None:
        yield f"Its ranges together let {wide} in."


@resource_policy("ec2-narrow-public-ingress", *ANY_SOURCE, severity="high", enforcement="always")
@words(
    title="A public range that may connect is no wider than one company's.",
    rationale="Beyond a /24 (IPv6 /56) the addresses belong to strangers.",
    remedy="Name single addresses, or security groups.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
)
def narrow_public_ingress(resource: Resource, settings: Settings) -> Iterator[str]:
    for _, text, network in networks_of(resource, inward=True):
        wide = network.prefixlen < WIDEST_PUBLIC[network.version] and not networks.whole_world(network)
        if wide and networks.public(network):
            yield f"{text} is {network.num_addresses:,} public addresses: more than one company's."


@resource_policy(
    "ec2-narrow-private-ingress", *SECURITY_GROUPS, *SECURITY_GROUP_RULES, severity="low", enforcement="advice"
)
@setting("widestPrefix", "Prefix of the widest private range.", 16)
@words(
    title="A private range that may connect is no wider than a VPC.",
    rationale="A /8 lets in every network that is ever peered or connected.",
    remedy="Name the VPC's own range, or security groups.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
)
def narrow_private_ingress(resource: Resource, settings: Settings) -> Iterator[str]:
    widest = settings.number("widestPrefix", resource)
    for _, text, network in networks_of(resource, inward=True):
        if not networks.public(network) and network.version == 4 and network.prefixlen < widest:
            yield f"{text} is wider than any VPC (/{widest:g})."


@resource_policy(
    "ec2-no-public-egress", *SECURITY_GROUPS, *SECURITY_GROUP_RULES, severity="high", enforcement="beyond-development"
)
@words(
    title="What holds data cannot send it anywhere.",
    rationale="A cache and an endpoint open no connections of their own; a rule that lets them is a way out for data.",
    remedy="Remove the rule, or name where it has to go.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
)
def no_public_egress(resource: Resource, settings: Settings) -> Iterator[str]:
    for opening, text, network in networks_of(resource, inward=False):
        if networks.public(network) and network.prefixlen < WIDEST_PUBLIC[network.version]:
            yield f"It may reach {text} on {ports(opening)}: what it holds can leave to anywhere there."


@resource_policy(
    "ec2-limited-ports", *SECURITY_GROUPS, *SECURITY_GROUP_RULES, severity="high", enforcement="beyond-development"
)
@words(
    title="A rule opens the ports that are needed.",
    rationale="Every port or protocol opens whatever else gets the group later.",
    remedy="Give protocol tcp with fromPort and toPort.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
)
def limited_ports(resource: Resource, settings: Settings) -> Iterator[str]:
    """A group that lets its own members talk to each other opens nothing to others."""
    for opening in openings(resource):
        if opening.inward and opening.every_port and not opening.view.flag("self", default=False):
            yield "Every port is open." if not opening.every_protocol else "Every protocol and port is open."


@resource_policy("ec2-rule-description", *SECURITY_GROUPS, *SECURITY_GROUP_RULES, severity="low", enforcement="advice")
@words(
    title="A security group and each of its rules says what it is for.",
    rationale="Nobody dares to remove a rule that nobody can explain.",
    remedy="Give description.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
)
def rule_description(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type in SECURITY_GROUP_RULES:
        if not resource.given("description"):
            yield "Nothing says what the rule is for."
        return
    said_by_default = resource.known("description") in ("Managed by Pulumi", "Managed by Terraform")
    if resource.type == SECURITY_GROUP and (said_by_default or not resource.given("description")):
        yield "Nothing says what the group is for."
    for opening in openings(resource):
        if not opening.view.given("description"):
            yield f"Nothing says what the rule for {ports(opening)} is for."


@resource_policy(
    "ec2-default-security-group", DEFAULT_SECURITY_GROUP, severity="high", enforcement="beyond-development"
)
@words(
    title="The default security group lets nothing in or out.",
    rationale="Whatever names no group of its own has the default one.",
    remedy="Leave ingress and egress of DefaultSecurityGroup empty.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
)
def default_security_group(resource: Resource, settings: Settings) -> Iterator[str]:
    for key, way in (("ingress", "in"), ("egress", "out")):
        if resource.count(key):
            yield f"The default group lets something {way}: whatever names no group of its own has that rule."
