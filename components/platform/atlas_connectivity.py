"""Ways to an Atlas cluster: a private endpoint, VPC peering, an access list. See `atlas`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from .asked import ComponentCheck
from .model.stack import StackConfig

Input = pulumi.Input[str]


def private_link_args(stack: StackConfig, *, project_id: Input, cluster_name: Input) -> AtlasPrivateLinkArgs | None:
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


def network_container_args(stack: StackConfig, *, project_id: Input) -> AtlasNetworkContainerArgs | None:
    asked = stack.atlas.connectivity.peering
    if asked is None:
        return None
    return {"project_id": project_id, "region": stack.region, "atlas_cidr": asked.atlas_cidr}


def peering_args(
    stack: StackConfig, *, project_id: Input, container_id: Input, cluster_name: Input
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


def access_list_args(stack: StackConfig, *, project_id: Input) -> AtlasIpAccessListArgs | None:
    entries = stack.atlas.connectivity.ip_access_list
    return None if entries is None else {"project_id": project_id, "entries": entries}


# ---- what the components would refuse


def _private_links(stack: StackConfig) -> Iterator[tuple[KeyPath, AtlasPrivateLinkArgs]]:
    if (args := private_link_args(stack, project_id=_ID, cluster_name=_ID)) is not None:
        yield (*_SECTION, "privateLink"), args


def _network_containers(stack: StackConfig) -> Iterator[tuple[KeyPath, AtlasNetworkContainerArgs]]:
    if (args := network_container_args(stack, project_id=_ID)) is not None:
        yield (*_SECTION, "peering"), args


def _peerings(stack: StackConfig) -> Iterator[tuple[KeyPath, AtlasPeeringArgs]]:
    """Not where another way is chosen, too: the network is not made for this one then."""
    args = peering_args(stack, project_id=_ID, container_id=_ID, cluster_name=_ID)
    if args is not None and len(stack.atlas.connectivity.chosen) == 1:
        yield (*_SECTION, "peering"), args


def _access_lists(stack: StackConfig) -> Iterator[tuple[KeyPath, AtlasIpAccessListArgs]]:
    if (args := access_list_args(stack, project_id=_ID)) is not None:
        yield _SECTION, args


_ID = unknown(str)
"""In place of what another component gives."""
_SECTION: KeyPath = ("atlas", "connectivity")
_NETWORK: Mapping[str, KeyPath] = {
    "region": ("/", "aws:region"),
    "vpc_cidrs": ("/", "network", "vpcCidrs"),
    "subnet_ids": ("/", "network", "privateSubnetIds"),
    "route_table_ids": ("/", "network", "routeTableIds"),
    "client_security_group_ids": ("/", "network", "clientSecurityGroupIds"),
}
CHECKS: tuple[ComponentCheck[Any], ...] = (
    ComponentCheck(_private_links, private_link.problems, _NETWORK),
    ComponentCheck(_network_containers, network_container.problems, _NETWORK),
    ComponentCheck(_peerings, peering.problems, _NETWORK),
    ComponentCheck(_access_lists, access_list.problems, {"entries": ("ipAccessList",)}),
)
