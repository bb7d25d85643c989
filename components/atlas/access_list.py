"""The project's access list: public addresses that may connect. The fallback where nothing private is possible."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from .. import names
from ..arguments import Problem, check, known
from ..outputs import register
from . import addresses

WIDEST = {4: 24, 6: 56}
"""The shortest prefix of an entry, by family: a wider range belongs to more than one company's gateways."""


class AtlasIpAccessListArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    entries: Sequence[str]
    """Public addresses and ranges in any spelling, none wider than /24 (IPv6: /56). Two spellings of one range are one
    entry."""


class AtlasIpAccessList(pulumi.ComponentResource):
    """One resource for each range, named by the range: adding one touches no other.

    It does not own the list: entries made elsewhere stay. `expected_entries` says what should be there, so that it can
    be compared with what is."""

    expected_entries: pulumi.Output[Sequence[str]]
    """The ranges in canonical spelling; what takes them from here waits for the entries."""

    def __init__(self, name: str, args: AtlasIpAccessListArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasIpAccessListArgs, problems(args))
        super().__init__("dolmen:index:AtlasIpAccessList", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        entries = [
            access_entry(name, cidr, args["project_id"], child, cidr=cidr)
            for cidr in canonical_entries(args["entries"])
        ]
        self.expected_entries = pulumi.Output.all(*(entry.cidr_block for entry in entries))
        register(self)


def access_entry(
    owner: str,
    key: str,
    project_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
    *,
    cidr: str | None = None,
    security_group: pulumi.Input[str] | None = None,
) -> mongodbatlas.ProjectIpAccessList:
    """An entry for a range or a security group, named by its key, so that the order of a list means nothing.

    Its comment is constant: Atlas replaces an entry for a changed comment, and clients are locked out meanwhile."""
    return mongodbatlas.ProjectIpAccessList(
        names.keyed(owner, key.replace("/", "_").replace(":", "-")),
        project_id=project_id,
        cidr_block=cidr,
        aws_security_group=security_group,
        comment="Managed with Pulumi",
        opts=opts,
    )


def canonical_entries(entries: Sequence[str]) -> list[str]:
    """Each range once, in order and in canonical spelling; an address alone is a range of one."""
    return list(dict.fromkeys(str(ip_network(entry.strip(), strict=False)) for entry in entries))


def problems(args: AtlasIpAccessListArgs) -> Iterator[Problem]:
    """What lets in nobody, or more than somebody's own gateways."""
    entries = known(args.get("entries"))
    if entries is None:
        return
    if not entries:
        yield Problem(
            ("entries",), "At least 1 entry is needed here.", "List your NAT gateways as /32, or choose privateLink."
        )
    for index, entry in enumerate(entries):
        found = _entry_problem(entry)
        if found is not None:
            yield Problem(("entries", index), *found)
    networks = [_unmapped(network) for entry in entries if (network := addresses.parsed(entry))]
    for family, widest_entry in WIDEST.items():
        ranges = [network for network in networks if network.version == family]
        widest = addresses.widest_cover(ranges)
        if widest is not None and widest < min(widest_entry, *(network.prefixlen for network in ranges)):
            yield Problem(
                ("entries",),
                f"Together these ranges cover a /{widest}, wider than the /{widest_entry} that one entry may have."
                if widest
                else "Together these ranges are the whole internet.",
                "List your NAT gateways as /32, or choose privateLink.",
            )


def _entry_problem(entry: str) -> tuple[str, str] | None:
    """Rule and remedy for one entry."""
    network = addresses.parsed(entry)
    if network is None:
        return "This is neither an address nor a range.", "Write a NAT gateway's address: 203.0.113.10/32."
    if (unmapped := _unmapped(network)).prefixlen == 0:
        same = "" if unmapped == network else " IPv4"
        spelled = "" if entry == str(unmapped) else f",{same} in another spelling"
        return (
            f"This is the whole internet ({unmapped}){spelled}.",
            "List your NAT gateways as /32, or choose privateLink.",
        )
    widest, public = WIDEST[network.version], addresses.is_public(network)
    if network.version == 4 and not public and (network.is_private or network.prefixlen >= widest):
        return (
            "No packet from the internet comes from this range, and Atlas sees public addresses here.",
            "List the public addresses of your NAT gateways, or choose privateLink or peering.",
        )
    if network.version == 6 and network.prefixlen >= 3 and not public:
        return (
            "This is no range of the IPv6 internet, which is 2000::/3: it is local, or IPv4 in another spelling.",
            "List the public addresses of your NAT gateways, IPv4 as such: 203.0.113.10/32.",
        )
    if network.prefixlen < widest:
        return (
            f"An entry is no wider than /{widest}: this one lets {network.num_addresses:,} addresses in.",
            "List your NAT gateways as /32, or choose privateLink.",
        )
    if addresses.has_host_bits(entry):
        return "The address has bits outside its prefix.", f"Write {network}."
    return None


def _unmapped(network: addresses.Network) -> addresses.Network:
    """IPv4 in the spelling of IPv6 (`::ffff:203.0.113.10`) as what it is."""
    if isinstance(network, IPv6Network) and network.subnet_of(IPv6Network("::ffff:0:0/96")):
        return IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return network
