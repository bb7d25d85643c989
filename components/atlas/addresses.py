"""Arithmetic on address ranges: canonical spelling, coverage of the whole internet, overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_interface, ip_network
from typing import TypeAlias

from ..arguments import Place, Problem

Network: TypeAlias = IPv4Network | IPv6Network

NOT_PUBLIC = tuple(
    IPv4Network(cidr)
    for cidr in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
"""Ranges that no packet from the internet comes from (RFC 1918, 6598, 5735)."""

PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All that is routed on the internet (RFC 4291). Outside lie private and local addresses, and IPv4 in disguise:
`::ffff:0:0/96` is the whole internet of IPv4."""

PRIVATE = tuple(IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918: where Atlas takes the range of a network container from."""

PEERABLE = (*PRIVATE, IPv4Network("100.64.0.0/10"))
"""Ranges of a VPC that can be peered with Atlas: a public one would be an entry from the internet in its access list."""

RESERVED_BY_AWS = (IPv4Network("172.17.0.0/16"),)
"""Used by Docker's bridge and inside AWS services, which then cannot reach a peer there.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""


def parsed(text: str) -> Network | None:
    """The range in any spelling, host bits dropped; an address alone is a range of one. `None` if it is no range."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def ipv4_problems(text: str, argument: Place = ()) -> Iterator[Problem]:
    """What is wrong with a range of IPv4 in canonical form; host bits usually mean a typing mistake."""
    network = parsed(text)
    if network is None:
        yield Problem(
            argument, "This is not a network in CIDR notation.", "Write an address and a prefix: 10.20.0.0/16."
        )
    elif not isinstance(network, IPv4Network):
        yield Problem(argument, "An IPv4 network is expected here.", "Write an IPv4 network: 10.20.0.0/16.")
    elif "/" not in text:
        yield Problem(
            argument, "A network has a prefix length.", f"Write {text}/32 for one address, or the whole range."
        )
    elif str(network) != text:
        yield Problem(argument, "The address has bits outside its prefix.", f"Write {network}.")


def ipv4(text: str | None) -> IPv4Network | None:
    """The range, where it is one of IPv4 in canonical form."""
    return None if text is None or any(ipv4_problems(text)) else IPv4Network(text)


def is_public(network: Network) -> bool:
    """Whether packets from the internet can come from this range."""
    if isinstance(network, IPv6Network):
        return network.subnet_of(PUBLIC_IPV6)
    return overlapping(network, NOT_PUBLIC) is None


def has_host_bits(text: str) -> bool:
    """Whether the address has bits outside its prefix, which usually means a typing mistake."""
    interface = ip_interface(text.strip())
    return interface.ip != interface.network.network_address


def widest_cover(networks: Iterable[Network]) -> int | None:
    """The shortest prefix that the ranges cover together: 0 means that they are the whole internet of one family."""
    by_family: dict[int, list[Network]] = {}
    for network in networks:
        by_family.setdefault(network.version, []).append(network)
    prefixes = [
        merged.prefixlen
        for family in by_family.values()
        for merged in collapse_addresses(family)  # pyright: ignore[reportArgumentType, reportUnknownVariableType]
    ]
    return min(prefixes, default=None)


def overlapping(network: IPv4Network, others: Sequence[IPv4Network]) -> IPv4Network | None:
    """The first of `others` that shares an address with `network`."""
    return next((other for other in others if network.overlaps(other)), None)


def free_range(prefix: int, taken: Sequence[IPv4Network]) -> IPv4Network | None:
    """A private range of this prefix that overlaps none of `taken`, for a remedy to name."""
    for cidr in ("192.168.248.0/21", "172.31.248.0/21", "10.255.248.0/21"):
        candidate = next(IPv4Network(cidr).subnets(new_prefix=max(prefix, 21)))
        if overlapping(candidate, taken) is None:
            return candidate
    return None
