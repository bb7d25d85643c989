"""How clients reach the cluster: exactly one of a private endpoint, VPC peering and an access list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from dolmen.stackfile import Problem

from ....atlas import addresses
from ..base import Section, for_editors


class PrivateLink(Section):
    """An interface endpoint of AWS in the VPC's private subnets. Nothing else can reach the cluster."""


class Peering(Section):
    """The cluster's network and the VPC are peered: both see each other's private addresses."""

    atlas_cidr: str
    """The range of the cluster's network, /21 to /24. It must overlap no range of the VPC and can never be changed."""
    aws_account_id: str | None = None
    """The account that owns the VPC. Default: the deploying account."""
    access: Literal["vpcCidrs", "securityGroups"] = "vpcCidrs"
    """Who may connect: every address of the VPC, or only the client security groups."""


class Connectivity(Section):
    """Exactly one way to the cluster."""

    private_link: PrivateLink | None = None
    """First choice: a private endpoint in the VPC. `{}` is enough."""
    peering: Peering | None = None
    """VPC peering."""
    ip_access_list: Annotated[tuple[str, ...], for_editors(minItems=1)] | None = None
    """Fallback: public addresses, of NAT gateways. Production needs an acceptance for it."""

    @property
    def chosen(self) -> tuple[str, ...]:
        given = {"privateLink": self.private_link, "peering": self.peering, "ipAccessList": self.ip_access_list}
        return tuple(key for key, value in given.items() if value is not None)

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
        given = self.ip_access_list or ()
        networks = [addresses.parsed(entry) for entry in given]
        for index, network in enumerate(networks):
            if network is not None and network in networks[:index]:
                first = given[networks.index(network)]
                spelled = "" if first == given[index] else f", spelled {first}"
                yield Problem(
                    ("ipAccessList", index),
                    f"This range stands in the list already{spelled}.",
                    "Remove one of the two: each range is one resource.",
                )
