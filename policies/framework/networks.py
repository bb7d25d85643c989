"""Address ranges in any spelling that a cloud would take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

Network = IPv4Network | IPv6Network

NOT_PUBLIC_IPV4 = tuple(
    IPv4Network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")
)
NOT_PUBLIC_IPV6 = tuple(IPv6Network(text) for text in ("fc00::/7", "fe80::/10", "::1/128"))


def parse(text: str) -> Network | None:
    """`1.2.3.4/0`, `000.0.0.0/0`, `0/0`, `0.0.0.0/0.0.0.0`, `::/00`, `::ffff:0:0/96`: all are read as they are meant."""
    address, slash, prefix = text.strip().partition("/")
    if not slash and address in ("0.0.0.0", "::"):  # noqa: S104  (read, not bound: it stands for every address)
        prefix = "0"
    if re.fullmatch(r"\d+(\.\d+){0,3}", address):
        parts = [str(int(part)) for part in address.split(".")]
        address = ".".join(parts + ["0"] * (4 - len(parts)))
    if prefix.isdigit():
        prefix = str(int(prefix))
    try:
        network = ip_network(f"{address}/{prefix}" if prefix else address, strict=False)
    except ValueError:
        return None
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped and network.prefixlen >= 96:
        return ip_network(f"{network.network_address.ipv4_mapped}/{network.prefixlen - 96}", strict=False)
    return network


def whole_world(network: Network) -> bool:
    """Everything, or the half of it that two entries make everything of, or all addresses that are in public use."""
    return network.prefixlen <= 1 or (network.version == 6 and network.prefixlen <= 3)


def public(network: Network) -> bool:
    """Whether a packet from the internet can come from here."""
    if isinstance(network, IPv4Network):
        return not any(network.subnet_of(private) for private in NOT_PUBLIC_IPV4)
    return not any(network.subnet_of(private) for private in NOT_PUBLIC_IPV6)


def union_is_wide(networks: Iterable[Network], prefix: dict[int, int]) -> Network | None:
    """The widest public block that ranges make together, if it is wider than `prefix` of its version and than each."""
    given = list(networks)
    four = [network for network in given if isinstance(network, IPv4Network)]
    six = [network for network in given if isinstance(network, IPv6Network)]
    for block in (*collapse_addresses(four), *collapse_addresses(six)):
        if public(block) and block.prefixlen < prefix[block.version] and block not in given:
            return block
    return None


def reach(networks: Iterable[Network]) -> int:
    """How many public IPv4 addresses ranges let in together, however they are cut."""
    four = collapse_addresses([network for network in networks if isinstance(network, IPv4Network) and public(network)])
    return sum(block.num_addresses for block in four)
