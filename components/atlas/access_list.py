"""The project's access list: public addresses that may connect. The fallback where nothing private is possible."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas


class AtlasIpAccessListArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    entries: list[str]
    """Addresses and ranges in any spelling. Two spellings of one range are one entry; all of the internet is refused."""


class AtlasIpAccessList(pulumi.ComponentResource):
    """One resource for each range, named by the range: adding one touches no other.

    It does not own the list: entries made elsewhere stay. `expected_entries` says what should be there, so that it can
    be compared with what is."""

    expected_entries: pulumi.Output[Sequence[str]]
    """The ranges in canonical spelling."""

    def __init__(self, name: str, args: AtlasIpAccessListArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasIpAccessList", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        canonical = canonical_entries(args["entries"])
        for cidr in canonical:
            access_entry(name, args["project_id"], cidr, child)
        self.expected_entries = pulumi.Output.from_input(canonical)
        self.register_outputs({"expectedEntries": self.expected_entries})


def access_entry(
    name: str,
    project_id: pulumi.Input[str],
    entry: str,
    child: pulumi.ResourceOptions,
    depends_on: Sequence[pulumi.Resource] = (),
) -> mongodbatlas.ProjectIpAccessList:
    """An entry for a range or a security group (`sg-…`).

    It is named by its value, so that the order of a list means nothing. Its comment is constant: Atlas replaces an entry for a changed comment, and clients are locked out meanwhile."""
    group = entry if entry.startswith("sg-") else None
    return mongodbatlas.ProjectIpAccessList(
        f"{name}-{entry.replace('/', '_').replace(':', '-')}",
        project_id=project_id,
        cidr_block=None if group else str(ip_network(entry)),
        aws_security_group=group,
        comment="Managed with Pulumi",
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=list(depends_on))),
    )


def canonical_entries(entries: Sequence[str]) -> list[str]:
    """Each range once, in order. Raises for what is or makes up the whole internet: no caller means that."""
    networks = [_unmapped(ip_network(entry.strip(), strict=False)) for entry in entries]
    for version, bits in ((4, 32), (6, 128)):
        covered, last = 0, -1
        for network in sorted((n for n in networks if n.version == version), key=lambda n: int(n.network_address)):
            first, end = max(int(network.network_address), last + 1), int(network.broadcast_address)
            if end > last:
                covered += end - first + 1
                last = end
        if covered == 1 << bits:
            raise ValueError("These entries let the whole internet in. List the addresses of your NAT gateways.")
    return list(dict.fromkeys(str(network) for network in networks))


def _unmapped(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    """IPv4 in the spelling of IPv6 (`::ffff:203.0.113.10`) as what it is."""
    if isinstance(network, IPv6Network) and network.subnet_of(IPv6Network("::ffff:0:0/96")):
        return IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return network
