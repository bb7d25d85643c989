"""How clients reach the cluster: exactly one of a private endpoint, VPC peering and an access list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from dolmen.stackfile import Problem

from ..base import Section, broken
from ..network import Ipv4Cidr
from . import addresses

WIDEST_PUBLIC_RANGE = {4: 24, 6: 56}
"""A wider range belongs to more than one company's gateways."""


class PrivateLink(Section):
    """An interface endpoint of AWS in the VPC's private subnets. Nothing else can reach the cluster."""


def _atlas_cidr(value: str) -> str:
    network = IPv4Network(value)
    if not 21 <= network.prefixlen <= 24:
        raise broken(
            "Atlas's range has a prefix of /21 to /24 on AWS; it decides how many nodes fit.",
            f"Write {network.network_address}/21, or a smaller range.",
        )
    if not any(network.subnet_of(private) for private in addresses.PRIVATE):
        raise broken(
            "Atlas's range lies in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.", "Write such as 192.168.248.0/21."
        )
    if reserved := addresses.overlapping(network, addresses.RESERVED_BY_AWS):
        raise broken(
            f"{reserved} is reserved: AWS services and Docker use it inside, and would not reach a peer there.",
            "Choose another range, such as 192.168.248.0/21.",
        )
    return value


def _account(value: str) -> str:
    if not re.fullmatch(r"\d{12}", value):
        raise broken("An AWS account id has 12 digits.", 'Quote it, with leading zeros: "012345678901".')
    return value


class Peering(Section):
    """The cluster's network and the VPC are peered: both see each other's private addresses."""

    atlas_cidr: Annotated[Ipv4Cidr, AfterValidator(_atlas_cidr)]
    """The range of the cluster's network, /21 to /24. It must overlap no range of the VPC and can never be changed."""
    aws_account_id: Annotated[str, AfterValidator(_account)] | None = None
    """The account that owns the VPC. Default: the deploying account."""
    access: Literal["vpcCidrs", "securityGroups"] = "vpcCidrs"
    """Who may connect: every address of the VPC, or only the client security groups."""


def _access_entry(value: str) -> str:
    network = addresses.parsed(value)
    if network is None:
        raise broken("This is neither an address nor a range.", "Write a NAT gateway's address: 203.0.113.10/32.")
    if network.prefixlen == 0:
        whole = "the whole internet (0.0.0.0/0)" if network.version == 4 else "the whole internet (::/0)"
        raise broken(
            f"This is {whole}{'' if value == str(network) else ', in another spelling'}.",
            "List your NAT gateways as /32, or choose privateLink.",
        )
    widest = WIDEST_PUBLIC_RANGE[network.version]
    if (
        network.version == 4
        and not addresses.is_public(network)
        and (network.is_private or network.prefixlen >= widest)
    ):
        raise broken(
            "No packet from the internet comes from this range, and Atlas sees public addresses here.",
            "List the public addresses of your NAT gateways, or choose privateLink or peering.",
        )
    if network.version == 6 and network.prefixlen >= 3 and not addresses.is_public(network):
        raise broken(
            "This is no range of the IPv6 internet, which is 2000::/3: it is local, or IPv4 in another spelling.",
            "List the public addresses of your NAT gateways, IPv4 as such: 203.0.113.10/32.",
        )
    if network.prefixlen < widest:
        raise broken(
            f"An entry is no wider than /{widest}: this one lets {network.num_addresses:,} addresses in.",
            "List your NAT gateways as /32, or choose privateLink.",
        )
    return value


AccessEntry = Annotated[str, AfterValidator(_access_entry)]


class Connectivity(Section):
    """Exactly one way to the cluster."""

    private_link: PrivateLink | None = None
    """First choice: a private endpoint in the VPC. `{}` is enough."""
    peering: Peering | None = None
    """VPC peering."""
    ip_access_list: Annotated[tuple[AccessEntry, ...], Field(min_length=1)] | None = None
    """Fallback: public addresses, of NAT gateways. Production needs an acceptance for it."""

    @property
    def chosen(self) -> tuple[str, ...]:
        given = {
            "privateLink": self.private_link,
            "peering": self.peering,
            "ipAccessList": self.ip_access_list,
        }
        return tuple(key for key, value in given.items() if value is not None)

    @property
    def access_list(self) -> tuple[str, ...]:
        """The entries of `ipAccessList` in canonical spelling: an address alone is a range of one."""
        networks = (addresses.parsed(entry) for entry in self.ip_access_list or ())
        return tuple(str(network) for network in networks if network is not None)

    def problems(self) -> Iterator[Problem]:
        if not self.chosen:
            yield Problem(
                (),
                "No way to the cluster is chosen, and exactly one is needed.",
                "Write privateLink: {}, the first choice.",
            )
        elif len(self.chosen) > 1:
            yield Problem(
                (),
                f"Exactly one way to the cluster is chosen: each other one would be a second door. Here are "
                f"{' and '.join(self.chosen)}.",
                "Keep privateLink, and remove the others.",
            )
        yield from self._access_list_problems()

    def _access_list_problems(self) -> Iterator[Problem]:
        given = self.ip_access_list or ()
        canonical = self.access_list
        for index, network in enumerate(canonical):
            if network in canonical[:index]:
                first = canonical.index(network)
                spelled = "" if given[first] == given[index] else f", spelled {given[first]}"
                yield Problem(
                    ("ipAccessList", index),
                    f"This range stands in the list already{spelled}.",
                    "Remove one of the two: each range is one resource.",
                )
            elif addresses.has_host_bits(given[index]):
                yield Problem(("ipAccessList", index), "The address has bits outside its prefix.", f"Write {network}.")
        networks = [network for text in canonical if (network := addresses.parsed(text))]
        widest = addresses.widest_cover(networks)
        single = min((network.prefixlen for network in networks if network.version == 4), default=None)
        if widest is not None and single is not None and widest < min(single, WIDEST_PUBLIC_RANGE[4]):
            yield Problem(
                ("ipAccessList",),
                f"Together these ranges cover a /{widest}, wider than the /{WIDEST_PUBLIC_RANGE[4]} that one entry may have.",
                "List your NAT gateways as /32, or choose privateLink.",
            )
