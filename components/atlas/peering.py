"""VPC peering between the cluster's network and the clients' VPC."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from .access_list import access_entry, canonical_entries


class AtlasPeeringArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    container_id: pulumi.Input[str]
    """The network container, from `AtlasNetworkContainer`."""
    atlas_cidr: pulumi.Input[str]
    """The container's range: the destination of the routes."""
    cluster_name: pulumi.Input[str]
    """The cluster's name, as an output of the cluster: only reading the connection string waits for it."""
    aws_region: pulumi.Input[str]
    """The region of the VPC: `ap-northeast-2`."""
    aws_account_id: NotRequired[pulumi.Input[str]]
    """The account that owns the VPC. Default: the deploying account."""
    vpc_id: pulumi.Input[str]
    """The VPC of the clients, with DNS resolution and DNS host names on."""
    vpc_cidrs: list[str]
    """All ranges of the VPC; the first is the primary one."""
    route_table_ids: list[str]
    """The route tables of the client subnets: each gets a route to Atlas."""
    client_security_group_ids: NotRequired[list[str]]
    """Let only these security groups in. Default: every address of the VPC."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the AWS side; Atlas takes none here."""


class AtlasPeering(pulumi.ComponentResource):
    """The peering, its acceptance, DNS resolution, routes and who may come in over it.

    Peering needs the container but no cluster, so that both are made side by side. Clients use the cluster's ordinary
    names, which resolve to private addresses over the peering; where Atlas gives a private name (projects with custom
    DNS), that one is used."""

    connection_id: pulumi.Output[str]
    """AWS's id of the peering: `pcx-…`."""
    srv_connection_string: pulumi.Output[str]
    """`mongodb+srv://…`, without credentials: the private one where Atlas has one."""
    standard_connection_string: pulumi.Output[str]
    """`mongodb://…`, without credentials: the private one where Atlas has one."""
    expected_entries: pulumi.Output[Sequence[str]]
    """All that the project's access list should hold because of this peering: private ranges or security groups."""

    def __init__(self, name: str, args: AtlasPeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasPeering", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        account = args.get("aws_account_id")
        if account is None:
            account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        peering = mongodbatlas.NetworkPeering(
            f"{name}-peering",
            project_id=args["project_id"],
            container_id=args["container_id"],
            provider_name="AWS",
            accepter_region_name=args["aws_region"],
            aws_account_id=account,
            vpc_id=args["vpc_id"],
            route_table_cidr_block=args["vpc_cidrs"][0],
            # Constant: a change of it fails the apply. These three the provider would update in place, where another
            # peering is needed.
            delete_on_create_timeout=True,
            opts=pulumi.ResourceOptions.merge(
                child,
                pulumi.ResourceOptions(
                    replace_on_changes=["awsAccountId", "accepterRegionName", "routeTableCidrBlock"]
                ),
            ),
        )
        accepted = aws.ec2.VpcPeeringConnectionAccepter(
            f"{name}-accepter",
            vpc_peering_connection_id=peering.connection_id,
            auto_accept=True,
            tags=args.get("tags", {}),
            opts=child,
        )
        resolution = aws.ec2.PeeringConnectionOptions(
            f"{name}-dns",
            vpc_peering_connection_id=accepted.id,
            accepter={"allow_remote_vpc_dns_resolution": True},
            opts=child,
        )
        routes = [
            aws.ec2.Route(
                f"{name}-route-{route_table}",
                route_table_id=route_table,
                destination_cidr_block=args["atlas_cidr"],
                vpc_peering_connection_id=accepted.id,
                opts=child,
            )
            for route_table in args["route_table_ids"]
        ]
        groups = args.get("client_security_group_ids", [])
        entries = [
            access_entry(f"{name}-access", args["project_id"], entry, child, depends_on=[accepted])
            for entry in (groups or canonical_entries(args["vpc_cidrs"]))
        ]
        cluster = mongodbatlas.get_advanced_cluster_output(
            project_id=args["project_id"],
            name=args["cluster_name"],
            opts=pulumi.InvokeOutputOptions(parent=self, depends_on=[resolution, *routes, *entries]),
        )
        self.connection_id = peering.connection_id
        # Of the peering and the cluster by name too: as long as a lookup's result is unknown, the SDK forgets what the
        # lookup waited for, and a plan would not see that the strings change with them.
        strings = pulumi.Output.all(cluster=cluster, peering=peering.connection_id, name=args["cluster_name"]).apply(
            lambda known: known["cluster"].connection_strings
        )
        self.srv_connection_string = strings.apply(lambda given: _first(given, _SRV))
        self.standard_connection_string = strings.apply(lambda given: _first(given, _STANDARD))
        self.expected_entries = pulumi.Output.from_input(groups or args["vpc_cidrs"])
        outputs: Mapping[str, pulumi.Output[Any]] = {
            "connectionId": self.connection_id,
            "srvConnectionString": self.srv_connection_string,
            "standardConnectionString": self.standard_connection_string,
            "expectedEntries": self.expected_entries,
        }
        self.register_outputs(dict(outputs))


_SRV = ("private_srv", "standard_srv")
_STANDARD = ("private", "standard")


def _first(connection_strings: Any, names: Sequence[str]) -> str:
    """The first connection string that Atlas gives; it gives empty text for those that it has not."""
    for name in names:
        if value := getattr(connection_strings, name, None):
            return str(value)
    raise pulumi.RunError(
        "Atlas gives no connection string for the cluster. It may still be at work: wait until the cluster is available "
        "in Atlas, and run `pulumi up` again."
    )
