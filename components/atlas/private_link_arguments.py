"""What a private endpoint is asked for."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi


class AtlasPrivateLinkArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    cluster_name: NotRequired[pulumi.Input[str] | None]
    """The cluster's name, as an output of the cluster: only reading the connection string waits for it. Default: no
    connection string is read, as of an endpoint that another one of the cluster waits for."""
    region: pulumi.Input[str]
    """The AWS region: `ap-northeast-2`."""
    private_link_id: NotRequired[pulumi.Input[str] | None]
    """Atlas's endpoint service, where the region of the project has one: Atlas takes one for each. Default: it is
    made."""
    service_name: NotRequired[pulumi.Input[str] | None]
    """AWS's name of the service with `private_link_id`. Default: Atlas is asked for it."""
    endpoint_id: NotRequired[pulumi.Input[str] | None]
    """An interface endpoint that exists, wherever, connected to that service. Default: one is made in the VPC."""
    vpc_id: NotRequired[pulumi.Input[str] | None]
    """The VPC of the clients. Needed for an endpoint that is made, as are the subnets."""
    subnet_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """Private subnets, one in each availability zone that the clients use."""
    client_security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """The security groups that may connect, and nobody else: a group is made that lets them in. Exactly one of this
    and `security_group_ids` for an endpoint that is made."""
    security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """Security groups of yours for the endpoint, in place of the one that is made. They let the clients in on ports 1024
    to 65535."""
    other_endpoints: NotRequired[Sequence[pulumi.Input[str]] | None]
    """`connected_endpoint_id` of the endpoints in the cluster's other regions: Atlas gives a connection string only once
    each region has one."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the AWS side; Atlas takes none here."""
