"""What security groups and their rules open, in every form that AWS takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..resource_types import (
    INGRESS_RULE,
    PREFIX_LIST,
    PREFIX_LIST_ENTRY,
    SECURITY_GROUP_RULE,
    SECURITY_GROUP_RULES,
    SECURITY_GROUPS,
)
from . import networks
from .resources import Resource, Stack
from .values import View


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
        if self.protocol not in ("tcp", "udp", "6", "17") or self.first is None or self.last is None:
            return False
        return self.first <= 1 and self.last >= 65535


def openings(resource: Resource) -> Iterator[Opening]:
    if resource.type in SECURITY_GROUPS:
        for key in ("ingress", "egress"):
            yield from (_inline(view, inward=key == "ingress") for view in resource.views(key))
    elif resource.type == SECURITY_GROUP_RULE:
        yield _inline(resource, inward=resource.known("type") != "egress")
    elif resource.type in SECURITY_GROUP_RULES:
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


def networks_of(resource: Resource, *, inward: bool) -> Iterator[tuple[Opening, str, networks.Network]]:
    """The ranges that a rule lets in, or out to, as they are written and as they are meant."""
    for opening in openings(resource):
        for text in opening.ranges if opening.inward == inward else ():
            if (network := networks.parse(text)) is not None:
                yield opening, text, network


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


def ports(opening: Opening) -> str:
    if opening.every_port:
        return "every port"
    if opening.first is None or opening.last is None:
        return "its ports"
    if opening.first == opening.last:
        return f"port {opening.first:g}"
    return f"ports {opening.first:g} to {opening.last:g}"


def beyond(stack: Stack, target: Resource, lowest: float, highest: float) -> Iterator[tuple[Resource, str]]:
    """What the security groups of `target` open beyond its ports."""
    wanted = f"{lowest:g}" if lowest == highest else f"{lowest:g} to {highest:g}"
    for group in stack.behind(target, "securityGroupIds"):
        for rule in (group, *_rules_of(stack, group)):
            for opening in (one for one in openings(rule) if one.inward):
                first, last = opening.first, opening.last
                beyond = first is not None and last is not None and not lowest <= first <= last <= highest
                if opening.every_protocol or beyond:
                    yield rule, f"It opens {ports(opening)}, and {target.name} listens on {wanted} alone."
                elif opening.protocol not in ("tcp", "6", ""):
                    yield rule, f"It opens {opening.protocol}, and {target.name} speaks tcp alone."


def _rules_of(stack: Stack, group: Resource) -> Iterator[Resource]:
    for rule in stack.of(*SECURITY_GROUP_RULES):
        if stack.points_at(rule, "securityGroupId", group):
            yield rule
