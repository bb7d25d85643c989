"""Ways to an Atlas cluster: VPC peering, an access list; private endpoints are in `atlas_doors`. See `atlas`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pulumi

from dolmen.stackfile.problems import KeyPath

from ..arguments import known, unknown
from ..atlas import (
    AtlasIpAccessListArgs,
    AtlasNetworkContainerArgs,
    AtlasPeeringArgs,
    access_list,
    network_container,
    peering,
)
from . import atlas_doors
from .asked import OTHERS, REGION, ComponentCheck, section
from .model.atlas.doors import Peering, account_of
from .parts import AtlasPart, atlas_part

Input = pulumi.Input[str]


def network_container_args(stack: AtlasPart, *, project_id: Input) -> AtlasNetworkContainerArgs | None:
    asked = stack.atlas.network_container
    if asked is None:
        return None
    return {
        "project_id": project_id,
        "region": stack.region,
        "atlas_cidr": asked.atlas_cidr,
        "adopt": asked.adopt,
    }


def peering_args(
    stack: AtlasPart, *, project_id: Input, container_id: Input, cluster_name: Input
) -> AtlasPeeringArgs | None:
    asked, network, container = stack.atlas.connectivity.peering, stack.network, stack.atlas.network_container
    if asked is None or container is None:
        return None
    groups = _by_themselves(network.client_security_group_ids) if asked.access == "securityGroups" else None
    return {
        "project_id": project_id,
        "container_id": container_id,
        "atlas_cidr": container.atlas_cidr,
        "cluster_name": cluster_name,
        "region": stack.region,
        "aws_account_id": _account(asked),
        "vpc_id": network.vpc_id,
        "vpc_cidrs": network.vpc_cidrs,
        "route_table_ids": _by_themselves(network.route_table_ids),
        "client_security_group_ids": groups,
        "tags": dict(stack.tags),
    }


def _account(peering: Peering) -> str | None:
    role = known(peering.aws_role)
    return peering.aws_account_id if role is None or peering.aws_account_id is not None else account_of(role)


def _by_themselves(ids: Sequence[str]) -> Mapping[str, str]:
    """Ids in a stack file are known beforehand: each is its own key."""
    return unknown(dict[str, str]) if known(ids) is None else {each: each for each in ids}


def access_list_args(stack: AtlasPart, *, project_id: Input) -> AtlasIpAccessListArgs | None:
    entries = stack.atlas.connectivity.ip_access_list
    return None if entries is None else {"project_id": project_id, "entries": entries}


# ---- what the components would refuse


def _peering_of(stack: AtlasPart) -> AtlasPeeringArgs | None:
    """Not where another way is chosen by mistake, too: the network is not made for this one then."""
    if not stack.atlas.connectivity.deliberate:
        return None
    return peering_args(stack, project_id=OTHERS, container_id=OTHERS, cluster_name=OTHERS)


_SECTION = ("atlas", "connectivity")
_CIDR: KeyPath = ("/", "atlas", "networkContainer", "atlasCidr")
_NETWORK: Mapping[str, KeyPath] = {
    "region": REGION,
    "atlas_cidr": _CIDR,
    "vpc_cidrs": ("/", "network", "vpcCidrs"),
    "route_table_ids": ("/", "network", "routeTableIds"),
    "client_security_group_ids": ("/", "network", "clientSecurityGroupIds"),
}
CHECKS: tuple[ComponentCheck[Any], ...] = (
    *atlas_doors.CHECKS,
    ComponentCheck(
        section(atlas_part, "atlas", "networkContainer", args=partial(network_container_args, project_id=OTHERS)),
        network_container.problems,
        {"region": REGION},
    ),
    ComponentCheck(section(atlas_part, *_SECTION, "peering", args=_peering_of), peering.problems, _NETWORK),
    ComponentCheck(
        section(atlas_part, *_SECTION, args=partial(access_list_args, project_id=OTHERS)),
        access_list.problems,
        {"entries": ("ipAccessList",)},
    ),
)
