"""A private endpoint: Atlas's service, reached through an interface endpoint in the VPC."""

from collections.abc import Iterator, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi_mongodbatlas.outputs import GetAdvancedClusterConnectionStringsResult

from ..arguments import Problem, check, given_or, known
from ..outputs import register
from .regions import atlas_region, region_problems

FIRST_PORT, LAST_PORT = 1024, 65535
"""Atlas tells its nodes apart by port on one address.
https://www.mongodb.com/docs/atlas/security-private-endpoint/"""


class AtlasPrivateLinkArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    cluster_name: pulumi.Input[str]
    """The cluster's name, as an output of the cluster: only reading the connection string waits for it."""
    region: pulumi.Input[str]
    """The AWS region: `ap-northeast-2`."""
    vpc_id: pulumi.Input[str]
    """The VPC of the clients."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets, one in each availability zone that the clients use."""
    client_security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """The security groups that may connect; nobody else may."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the AWS side; Atlas takes none here."""


class AtlasPrivateLink(pulumi.ComponentResource):
    """Atlas's endpoint, the VPC's interface endpoint and its security group, and the connection between the two.

    The endpoint needs no cluster, so that both are made side by side. The cluster's own outputs know nothing of an
    endpoint that was added later: the connection string is read again once the endpoint works, and chosen by the
    endpoint's id. AWS's private DNS stays off: Atlas's SRV names resolve in public DNS, to private addresses."""

    endpoint_id: pulumi.Output[str]
    """The interface endpoint's id: `vpce-…`."""
    security_group_id: pulumi.Output[str]
    """The security group of the interface endpoint."""
    srv_connection_string: pulumi.Output[str]
    """`mongodb+srv://…` of this endpoint, without credentials."""
    standard_connection_string: pulumi.Output[str]
    """`mongodb://…` of this endpoint, without credentials."""

    def __init__(self, name: str, args: AtlasPrivateLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasPrivateLinkArgs, problems(args))
        super().__init__("dolmen:index:AtlasPrivateLink", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        tags = given_or(args.get("tags"), {})
        service = mongodbatlas.PrivateLinkEndpoint(
            name,
            project_id=args["project_id"],
            provider_name="AWS",
            region=atlas_region(args["region"]),
            delete_on_create_timeout=True,  # constant: a change of it replaces the endpoint
            opts=child,
        )
        group = aws.ec2.SecurityGroup(
            name,
            description="MongoDB Atlas through a private endpoint",
            vpc_id=args["vpc_id"],
            ingress=[
                {
                    "protocol": "tcp",
                    "from_port": FIRST_PORT,
                    "to_port": LAST_PORT,
                    "security_groups": args["client_security_group_ids"],
                    "description": "MongoDB clients",
                }
            ],
            egress=[],
            tags=tags,
            opts=child,
        )
        interface = aws.ec2.VpcEndpoint(
            name,
            vpc_id=args["vpc_id"],
            vpc_endpoint_type="Interface",
            service_name=service.endpoint_service_name,
            subnet_ids=args["subnet_ids"],
            security_group_ids=[group.id],
            private_dns_enabled=False,
            ip_address_type="ipv4",
            tags=tags,
            opts=child,
        )
        connection = mongodbatlas.PrivateLinkEndpointService(
            name,
            project_id=args["project_id"],
            private_link_id=service.private_link_id,
            endpoint_service_id=interface.id,
            provider_name="AWS",
            delete_on_create_timeout=True,  # constant: a change of it replaces the connection
            opts=child,
        )
        cluster = mongodbatlas.get_advanced_cluster_output(
            project_id=args["project_id"],
            name=args["cluster_name"],
            opts=pulumi.InvokeOutputOptions(parent=self, depends_on=[connection]),
        )
        # Of the connection and the cluster by name too: as long as a lookup's result is unknown, the SDK forgets what
        # the lookup waited for, and a plan would not see that the string changes with them.
        chosen = pulumi.Output.all(
            cluster=cluster, endpoint=connection.endpoint_service_id, name=args["cluster_name"]
        ).apply(lambda values: _strings_of(values["endpoint"], values["cluster"].connection_strings))
        self.endpoint_id = interface.id
        self.security_group_id = group.id
        self.srv_connection_string = chosen.apply(lambda strings: strings[0])
        self.standard_connection_string = chosen.apply(lambda strings: strings[1])
        register(self)


def _strings_of(endpoint_id: str, connection_strings: GetAdvancedClusterConnectionStringsResult) -> tuple[str, str]:
    """The SRV and the standard connection string of one endpoint. Fails when Atlas gives none: another endpoint's
    string, or the public one, would not connect."""
    given: list[str] = []
    for entry in getattr(connection_strings, "private_endpoints", None) or ():
        ids: list[str] = [endpoint.endpoint_id for endpoint in entry.endpoints or ()]
        if endpoint_id in ids and entry.srv_connection_string:
            return entry.srv_connection_string, entry.connection_string or ""
        given += ids
    raise pulumi.RunError(
        f"Atlas gives no connection string for the private endpoint {endpoint_id}"
        + (f"; it knows {', '.join(sorted(given))}. " if given else ", nor for any other. ")
        + "It may still be at work: look at the endpoint in Atlas under Network Access, wait until it is available, and "
        "run `pulumi up` again."
    )


def problems(args: AtlasPrivateLinkArgs) -> Iterator[Problem]:
    """What AWS would refuse of an endpoint, or nobody could use."""
    yield from region_problems(args.get("region"))
    if known(args.get("subnet_ids")) in ([], ()):
        yield Problem(
            ("subnet_ids",), "An endpoint lies in at least one subnet.", "List a private subnet of each zone."
        )
    if known(args.get("client_security_group_ids")) in ([], ()):
        yield Problem(
            ("client_security_group_ids",),
            "Nobody could connect: only the security groups listed here may.",
            "List the security groups of the clients.",
        )
