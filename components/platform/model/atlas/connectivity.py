"""How clients reach the cluster: one door of three, or two of them while clients move from one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from dolmen.stackfile import Problem

from ....atlas import addresses
from ..base import Section, for_editors
from .doors import Peering, PrivateLink


class Connectivity(Section):
    """The way to the cluster: one of the three. Two at once, with `use`, only to move from one to the other."""

    private_link: PrivateLink | None = None
    """First choice: a private endpoint in the VPC. `{}` is enough."""
    peering: Peering | None = None
    """VPC peering. `{}` is enough, with `networkContainer`."""
    ip_access_list: Annotated[tuple[str, ...], for_editors(minItems=1)] | None = None
    """Fallback: public addresses, of NAT gateways. Production needs an acceptance for it."""
    use: Literal["privateLink", "peering", "ipAccessList"] | None = None
    """While two ways are open: the one whose connection string the applications get. Default: the only one."""

    @property
    def chosen(self) -> tuple[str, ...]:
        given = {"privateLink": self.private_link, "peering": self.peering, "ipAccessList": self.ip_access_list}
        return tuple(key for key, value in given.items() if value is not None)

    @property
    def deliberate(self) -> bool:
        """Whether the ways are chosen on purpose: one, or two of which one is used."""
        return len(self.chosen) == 1 or (len(self.chosen) == 2 and self.use is not None)

    @property
    def needs_the_network(self) -> bool:
        """Whether a way begins in the platform's own network, and not in one that it names itself."""
        link = self.private_link
        ours = link is not None and link.endpoint_id is None and link.vpc_id is None
        return ours or self.peering is not None

    @property
    def used(self) -> str:
        """The way whose connection string the applications get."""
        return self.chosen[0] if self.use is None else self.use

    def problems(self) -> Iterator[Problem]:
        yield from self._choice_problems()
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

    def _choice_problems(self) -> Iterator[Problem]:
        if not self.chosen:
            yield Problem(
                (),
                "No way to the cluster is chosen, and exactly one is needed.",
                "Write privateLink: {}, the first choice.",
            )
        elif not self.deliberate:
            yield Problem(
                (),
                f"Exactly one way to the cluster is chosen: each other one would be a second door. Here are "
                f"{' and '.join(self.chosen)}.",
                "Keep privateLink, and remove the others. To move clients from one to another, keep the two, and write "
                "use: <the one that they use now>.",
            )
        elif self.use is not None and self.use not in self.chosen:
            yield Problem(
                ("use",),
                "This way to the cluster is not open.",
                f"Write use: {' or use: '.join(self.chosen)}, or open it.",
            )
