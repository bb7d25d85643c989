"""Ways to an Atlas cluster: a private endpoint, VPC peering, an access list. See `atlas`."""

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
    AtlasPrivateLinkArgs,
    access_list,
    network_container,
    peering,
    private_link,
)
from .asked import OTHERS, REGION, ComponentCheck, section
from .parts import AtlasPart, atlas_part

Input = pulumi.Input[str]


def private_link_args(stack: AtlasPart, *, project_id: Input, cluster_name: Input) -> AtlasPrivateLinkArgs | None:
    if stack.atlas.connectivity.private_link is None:
        return None
    return {
        "project_id": project_id,
        "cluster_name": cluster_name,
        "region": stack.region,
        "vpc_id": stack.network.vpc_id,
        "subnet_ids": stack.network.private_subnet_ids,
        "client_security_group_ids": stack.network.client_security_group_ids,
        "tags": dict(stack.tags),
    }


def network_container_args(stack: AtlasPart, *, project_id: Input) -> AtlasNetworkContainerArgs | None:
    asked = stack.atlas.connectivity.peering
    if asked is None:
        return None
    return {"project_id": project_id, "region": stack.region, "atlas_cidr": asked.atlas_cidr}


def peering_args(
    stack: AtlasPart, *, project_id: Input, container_id: Input, cluster_name: Input
) -> AtlasPeeringArgs | None:
    asked, network = stack.atlas.connectivity.peering, stack.network
    if asked is None:
        return None
    groups = _by_themselves(network.client_security_group_ids) if asked.access == "securityGroups" else None
    return {
        "project_id": project_id,
        "container_id": container_id,
        "atlas_cidr": asked.atlas_cidr,
        "cluster_name": cluster_name,
        "region": stack.region,
        "aws_account_id": asked.aws_account_id,
        "vpc_id": network.vpc_id,
        "vpc_cidrs": network.vpc_cidrs,
        "route_table_ids": _by_themselves(network.route_table_ids),
        "client_security_group_ids": groups,
        "tags": dict(stack.tags),
    }


def _by_themselves(ids: Sequence[str]) -> Mapping[str, str]:
    """Ids in a stack file are known beforehand: each is its own key."""
    return unknown(dict[str, str]) if known(ids) is None else {each: each for each in ids}


def access_list_args(stack: AtlasPart, *, project_id: Input) -> AtlasIpAccessListArgs | None:
    entries = stack.atlas.connectivity.ip_access_list
    return None if entries is None else {"project_id": project_id, "entries": entries}


# ---- what the components would refuse


def _peering_of(stack: AtlasPart) -> AtlasPeeringArgs | None:
    """Not where another way is chosen, too: the network is not made for this one then."""
    alone = len(stack.atlas.connectivity.chosen) == 1
    return peering_args(stack, project_id=OTHERS, container_id=OTHERS, cluster_name=OTHERS) if alone else None


_SECTION = ("atlas", "connectivity")
_NETWORK: Mapping[str, KeyPath] = {
    "region": REGION,
    "vpc_cidrs": ("/", "network", "vpcCidrs"),
    "subnet_ids": ("/", "network", "privateSubnetIds"),
    "route_table_ids": ("/", "network", "routeTableIds"),
    "client_security_group_ids": ("/", "network", "clientSecurityGroupIds"),
}
CHECKS: tuple[ComponentCheck[Any], ...] = (
    ComponentCheck(
        section(
            atlas_part,
            *_SECTION,
            "privateLink",
            args=partial(private_link_args, project_id=OTHERS, cluster_name=OTHERS),
        ),
        private_link.problems,
        _NETWORK,
    ),
    ComponentCheck(
        section(atlas_part, *_SECTION, "peering", args=partial(network_container_args, project_id=OTHERS)),
        network_container.problems,
        _NETWORK,
    ),
    ComponentCheck(section(atlas_part, *_SECTION, "peering", args=_peering_of), peering.problems, _NETWORK),
    ComponentCheck(
        section(atlas_part, *_SECTION, args=partial(access_list_args, project_id=OTHERS)),
        access_list.problems,
        {"entries": ("ipAccessList",)},
    ),
)
