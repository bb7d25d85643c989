"""Private endpoints of a stack: the first one, one for each other region, further ones. See `atlas_connectivity`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pulumi

from dolmen.stackfile.problems import KeyPath

from ..arguments import known
from ..atlas import AtlasPrivateLinkArgs, private_link_limits
from .asked import OTHERS, REGION, ComponentCheck
from .model.atlas.doors import Endpoint, RegionEndpoint, account_of
from .model.stack import StackConfig
from .parts import AtlasPart, atlas_part

Input = pulumi.Input[str]


class AwsPlace(NamedTuple):
    """Where AWS resources are made that do not lie in the deploying account and region."""

    region: str
    role: str | None

    @property
    def account(self) -> str | None:
        return None if self.role is None else account_of(self.role)


def private_link_args(
    stack: AtlasPart, *, project_id: Input, cluster_name: Input, other_endpoints: Sequence[Input] = ()
) -> AtlasPrivateLinkArgs | None:
    """Of the first endpoint, in the platform's region, whose connection string is read."""
    asked = stack.atlas.connectivity.private_link
    if asked is None:
        return None
    return {
        **_service_args(stack, asked, stack.region, project_id),
        "cluster_name": cluster_name,
        "other_endpoints": other_endpoints,
    }


def region_link_args(stack: AtlasPart, *, project_id: Input) -> Mapping[str, AtlasPrivateLinkArgs]:
    """Of the endpoint in each other region of the cluster."""
    asked = stack.atlas.connectivity.private_link
    if asked is None or known(asked.regions) is None:
        return {}
    return {region: _service_args(stack, one, region, project_id) for region, one in asked.regions.items()}


def further_link_args(
    stack: AtlasPart, *, project_id: Input, cluster_name: Input, private_link_id: Input, service_name: Input
) -> Mapping[str, AtlasPrivateLinkArgs]:
    """Of further endpoints in the platform's region, at the same service."""
    asked = stack.atlas.connectivity.private_link
    if asked is None or known(asked.further) is None:
        return {}
    return {
        name: {
            "project_id": project_id,
            "cluster_name": cluster_name,
            "region": stack.region,
            "private_link_id": private_link_id,
            "service_name": service_name,
            **_endpoint_args(stack, one),
            "tags": dict(stack.tags),
        }
        for name, one in asked.further.items()
    }


def aws_place(stack: AtlasPart, door: Endpoint, region: str | None = None) -> AwsPlace | None:
    """Where a door's AWS side is made; `None` in the deploying account and the platform's region."""
    if door.endpoint_id is not None or (door.aws_role is None and region in (None, stack.region)):
        return None
    return AwsPlace(region or stack.region, door.aws_role)


def _service_args(stack: AtlasPart, asked: RegionEndpoint, region: str, project_id: Input) -> AtlasPrivateLinkArgs:
    return {
        "project_id": project_id,
        "region": region,
        "private_link_id": asked.service_id,
        **_endpoint_args(stack, asked),
        "tags": dict(stack.tags),
    }


class _EndpointArgs(AtlasPrivateLinkArgs, total=False):
    """The part of the arguments that says where the endpoint is."""


def _endpoint_args(stack: AtlasPart, asked: Endpoint) -> _EndpointArgs:
    """What is not said of an endpoint is the platform's own, unless it lies in another VPC."""
    found: _EndpointArgs = {}  # type: ignore[typeddict-item]
    if asked.endpoint_id is not None:
        found["endpoint_id"] = asked.endpoint_id
        return found
    ours, clients = asked.vpc_id is None, asked.client_security_group_ids
    found["vpc_id"] = stack.network.vpc_id if ours else asked.vpc_id
    found["subnet_ids"] = stack.network.private_subnet_ids if ours and asked.subnet_ids is None else asked.subnet_ids
    found["security_group_ids"] = asked.security_group_ids
    if ours and clients is None and asked.security_group_ids is None:
        clients = stack.network.client_security_group_ids
    found["client_security_group_ids"] = clients
    return found


# ---- what the component would refuse

_SECTION = ("atlas", "connectivity", "privateLink")


def _first(stack: StackConfig) -> Iterable[tuple[KeyPath, AtlasPrivateLinkArgs]]:
    part = atlas_part(stack)
    args = part and private_link_args(part, project_id=OTHERS, cluster_name=OTHERS)
    return [] if args is None else [(_SECTION, args)]


def _of_regions(stack: StackConfig) -> Iterable[tuple[KeyPath, AtlasPrivateLinkArgs]]:
    part = atlas_part(stack)
    for region, args in region_link_args(part, project_id=OTHERS).items() if part else ():
        yield (*_SECTION, "regions", region), args


def _further(stack: StackConfig) -> Iterable[tuple[KeyPath, AtlasPrivateLinkArgs]]:
    part = atlas_part(stack)
    given = {"project_id": OTHERS, "cluster_name": OTHERS, "private_link_id": OTHERS, "service_name": OTHERS}
    for name, args in further_link_args(part, **given).items() if part else ():
        yield (*_SECTION, "further", name), args


CHECKS = (
    ComponentCheck(_first, private_link_limits.problems, {"region": REGION, "private_link_id": ("serviceId",)}),
    ComponentCheck(_of_regions, private_link_limits.problems, {"region": (), "private_link_id": ("serviceId",)}),
    ComponentCheck(_further, private_link_limits.problems, {"region": REGION}),
)
