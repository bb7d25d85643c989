"""VPC peering between the cluster's network and the clients' VPC."""

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi_mongodbatlas.outputs import GetAdvancedClusterConnectionStringsResult

from .. import names
from ..arguments import Problem, check, given_or, known
from ..outputs import register
from . import addresses
from .access_list import access_entry
from .regions import region_problems


class AtlasPeeringArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    container_id: pulumi.Input[str]
    """The network container, from `AtlasNetworkContainer`."""
    atlas_cidr: pulumi.Input[str]
    """The container's range, the destination of the routes. As text, overlaps are found before anything is made."""
    cluster_name: pulumi.Input[str]
    """The cluster's name, as an output of the cluster: only reading the connection string waits for it."""
    region: pulumi.Input[str]
    """The AWS region of the VPC: `ap-northeast-2`."""
    aws_account_id: NotRequired[pulumi.Input[str] | None]
    """The account that owns the VPC. Default: the deploying account."""
    vpc_id: pulumi.Input[str]
    """The VPC of the clients, with DNS resolution and DNS host names on."""
    vpc_cidrs: Sequence[str]
    """All ranges of the VPC; the first is the primary one."""
    route_table_ids: Mapping[str, pulumi.Input[str]]
    """The route tables of the client subnets, by keys of yours, which name the routes: each gets one to Atlas."""
    client_security_group_ids: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """Let only these security groups in; by keys of yours, which name the entries. Default: every address of the VPC."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
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
        check(name, args, AtlasPeeringArgs, problems(args))
        super().__init__("dolmen:index:AtlasPeering", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        account = args.get("aws_account_id")
        if account is None:
            account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        peering = mongodbatlas.NetworkPeering(
            name,
            project_id=args["project_id"],
            container_id=args["container_id"],
            provider_name="AWS",
            accepter_region_name=args["region"],
            aws_account_id=account,
            vpc_id=args["vpc_id"],
            route_table_cidr_block=args["vpc_cidrs"][0],
            # Constant: a change of it fails the apply. These three the provider would update in place, where another
            # peering is needed.
            delete_on_create_timeout=True,
            opts=pulumi.ResourceOptions(
                parent=self, replace_on_changes=["awsAccountId", "accepterRegionName", "routeTableCidrBlock"]
            ),
        )
        accepted = aws.ec2.VpcPeeringConnectionAccepter(
            name,
            vpc_peering_connection_id=peering.connection_id,
            auto_accept=True,
            tags=given_or(args.get("tags"), {}),
            opts=child,
        )
        resolution = aws.ec2.PeeringConnectionOptions(
            name, vpc_peering_connection_id=accepted.id, accepter={"allow_remote_vpc_dns_resolution": True}, opts=child
        )
        routes = [
            aws.ec2.Route(
                names.keyed(name, key),
                route_table_id=route_table,
                destination_cidr_block=args["atlas_cidr"],
                vpc_peering_connection_id=accepted.id,
                opts=child,
            )
            for key, route_table in args["route_table_ids"].items()
        ]
        entries = self._entries(name, args, pulumi.ResourceOptions(parent=self, depends_on=[accepted]))
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
        groups = given_or(args.get("client_security_group_ids"), {})
        self.expected_entries = pulumi.Output.all(*(groups.values() or args["vpc_cidrs"]))
        register(self)

    def _entries(
        self, name: str, args: AtlasPeeringArgs, opts: pulumi.ResourceOptions
    ) -> list[mongodbatlas.ProjectIpAccessList]:
        project, groups = args["project_id"], given_or(args.get("client_security_group_ids"), {})
        if groups:
            return [access_entry(name, key, project, opts, security_group=group) for key, group in groups.items()]
        return [access_entry(name, cidr, project, opts, cidr=cidr) for cidr in args["vpc_cidrs"]]


_SRV = ("private_srv", "standard_srv")
_STANDARD = ("private", "standard")


def _first(given: GetAdvancedClusterConnectionStringsResult, kinds: Sequence[str]) -> str:
    """The first connection string that Atlas gives; it gives empty text for those that it has not."""
    for kind in kinds:
        if value := getattr(given, kind, None):
            return str(value)
    raise pulumi.RunError(
        "Atlas gives no connection string for the cluster. It may still be at work: wait until the cluster is available "
        "in Atlas, and run `pulumi up` again."
    )


def problems(args: AtlasPeeringArgs) -> Iterator[Problem]:
    """What Atlas and AWS would refuse of a peering."""
    yield from region_problems(args.get("region"))
    account = known(args.get("aws_account_id"))
    if account is not None and not re.fullmatch(r"\d{12}", account):
        yield Problem(
            ("aws_account_id",), "An AWS account id has 12 digits.", 'Quote it, with leading zeros: "012345678901".'
        )
    yield from _vpc_problems(known(args.get("vpc_cidrs")), addresses.ipv4(known(args.get("atlas_cidr"))))
    if known(args.get("route_table_ids")) == {}:
        yield Problem(
            ("route_table_ids",),
            "Peering needs a route to Atlas in the route table of every client subnet.",
            "List the route tables of the private subnets.",
        )


def _vpc_problems(vpc_cidrs: Sequence[str] | None, atlas: IPv4Network | None) -> Iterator[Problem]:
    if vpc_cidrs is None:
        return
    if not vpc_cidrs:
        yield Problem(("vpc_cidrs",), "A VPC has at least one range.", "List the ranges, the primary one first.")
    ranges = [addresses.ipv4(cidr) for cidr in vpc_cidrs]
    vpc = [network for network in ranges if network is not None]
    if atlas is not None and (overlap := addresses.overlapping(atlas, vpc)):
        which = "primary" if overlap == ranges[0] else "secondary"
        free = addresses.free_range(atlas.prefixlen, [*vpc, *addresses.RESERVED_BY_AWS])
        yield Problem(
            ("atlas_cidr",),
            f"Peered networks cannot overlap, and this range overlaps the VPC's {which} range {overlap}.",
            f"Write a free range, such as {free}." if free else "Choose a range outside the VPC.",
        )
    for index, (cidr, network) in enumerate(zip(vpc_cidrs, ranges, strict=True)):
        if network is None:
            yield from addresses.ipv4_problems(cidr, ("vpc_cidrs", index))
        elif not any(network.subnet_of(private) for private in addresses.PEERABLE):
            yield Problem(
                ("vpc_cidrs", index),
                "Atlas peers with private ranges only: this one would be an entry from the internet in its access list.",
                "Choose privateLink, or a VPC in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
            )
