"""A private endpoint: Atlas's service, reached through an interface endpoint in a VPC."""

import re
from collections.abc import Iterator, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import Problem, check, given_or, known
from ..outputs import register
from .private_strings import private_strings
from .regions import atlas_region, region_problems

FIRST_PORT, LAST_PORT = 1024, 65535
"""Atlas tells its nodes apart by port on one address.
https://www.mongodb.com/docs/atlas/security-private-endpoint/"""


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


class AtlasPrivateLink(pulumi.ComponentResource):
    """Atlas's endpoint service, an interface endpoint with its security group, and the connection between the two.

    Each of the first two may exist already. An endpoint in another account or region is made with an AWS provider of its
    own: give it in `opts`, beside the one of Atlas.

    The endpoint needs no cluster, so that both are made side by side. The cluster's own outputs know nothing of an
    endpoint that was added later: the connection string is read again once the endpoint works, until Atlas gives it, and
    chosen by the endpoint's id. AWS's private DNS stays off: Atlas's SRV names resolve in public DNS, to private
    addresses."""

    private_link_id: pulumi.Output[str]
    """Atlas's id of the endpoint service."""
    service_name: pulumi.Output[str]
    """AWS's name of the service, which an endpoint made elsewhere connects to; empty where nobody asked for it."""
    endpoint_id: pulumi.Output[str]
    """The interface endpoint's id: `vpce-…`."""
    connected_endpoint_id: pulumi.Output[str]
    """The same, once Atlas has accepted it: what takes it from here waits for that."""
    security_group_id: pulumi.Output[str]
    """The security group that was made for the interface endpoint, or empty."""
    srv_connection_string: pulumi.Output[str]
    """`mongodb+srv://…` of this endpoint, without credentials; empty without `cluster_name`."""
    standard_connection_string: pulumi.Output[str]
    """`mongodb://…` of this endpoint, without credentials; empty without `cluster_name`."""

    def __init__(self, name: str, args: AtlasPrivateLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasPrivateLinkArgs, problems(args))
        super().__init__("dolmen:index:AtlasPrivateLink", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.private_link_id, self.service_name = self._service(name, args)
        self.security_group_id = pulumi.Output.from_input("")
        if (existing := args.get("endpoint_id")) is not None:
            self.endpoint_id = pulumi.Output.from_input(existing)
        else:
            self.endpoint_id = self._endpoint(name, args)
        connection = mongodbatlas.PrivateLinkEndpointService(
            name,
            project_id=args["project_id"],
            private_link_id=self.private_link_id,
            endpoint_service_id=self.endpoint_id,
            provider_name="AWS",
            delete_on_create_timeout=True,  # constant: a change of it replaces the connection
            opts=self._child,
        )
        # By the id too, which Atlas gives: what was known before is known while the connection is yet to be made.
        self.connected_endpoint_id = pulumi.Output.all(connection.endpoint_service_id, connection.id).apply(
            lambda values: str(values[0])
        )
        strings = pulumi.Output.from_input(("", ""))
        if (cluster_name := args.get("cluster_name")) is not None:
            strings = private_strings(
                self,
                project_id=args["project_id"],
                cluster_name=cluster_name,
                endpoint_id=self.connected_endpoint_id,
                other_endpoints=given_or(args.get("other_endpoints"), ()),
            )
        self.srv_connection_string = strings.apply(lambda both: both[0])
        self.standard_connection_string = strings.apply(lambda both: both[1])
        register(self)

    def _service(self, name: str, args: AtlasPrivateLinkArgs) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """The id and the name of Atlas's endpoint service, made or adopted."""
        if (adopted := args.get("private_link_id")) is None:
            service = mongodbatlas.PrivateLinkEndpoint(
                name,
                project_id=args["project_id"],
                provider_name="AWS",
                region=atlas_region(args["region"]),
                delete_on_create_timeout=True,  # constant: a change of it replaces the endpoint
                opts=self._child,
            )
            return service.private_link_id, service.endpoint_service_name
        service_name = args.get("service_name")
        if service_name is None and args.get("endpoint_id") is not None:
            service_name = ""
        if service_name is None:
            service_name = mongodbatlas.get_private_link_endpoint_output(
                project_id=args["project_id"],
                private_link_id=adopted,
                provider_name="AWS",
                opts=pulumi.InvokeOutputOptions(parent=self),
            ).endpoint_service_name
        return pulumi.Output.from_input(adopted), pulumi.Output.from_input(service_name)

    def _endpoint(self, name: str, args: AtlasPrivateLinkArgs) -> pulumi.Output[str]:
        """The interface endpoint, and its security group unless there are groups for it."""
        tags, groups = given_or(args.get("tags"), {}), args.get("security_group_ids")
        if groups is None:
            group = aws.ec2.SecurityGroup(
                name,
                description="MongoDB Atlas through a private endpoint",
                vpc_id=args.get("vpc_id"),
                ingress=[
                    {
                        "protocol": "tcp",
                        "from_port": FIRST_PORT,
                        "to_port": LAST_PORT,
                        "security_groups": args.get("client_security_group_ids"),
                        "description": "MongoDB clients",
                    }
                ],
                egress=[],
                tags=tags,
                opts=self._child,
            )
            self.security_group_id, groups = group.id, [group.id]
        interface = aws.ec2.VpcEndpoint(
            name,
            vpc_id=given_or(args.get("vpc_id"), ""),
            vpc_endpoint_type="Interface",
            service_name=self.service_name,
            subnet_ids=args.get("subnet_ids"),
            security_group_ids=groups,
            private_dns_enabled=False,
            ip_address_type="ipv4",
            tags=tags,
            opts=self._child,
        )
        return interface.id


_OF_AN_ENDPOINT = ("vpc_id", "subnet_ids", "client_security_group_ids", "security_group_ids")
_SERVICE_ID = re.compile(r"[0-9a-f]{24}")
_ENDPOINT_ID = re.compile(r"vpce-([0-9a-f]{8}|[0-9a-f]{17})")


def problems(args: AtlasPrivateLinkArgs) -> Iterator[Problem]:
    """What AWS would refuse of an endpoint, or nobody could use."""
    yield from region_problems(args.get("region"))
    service, endpoint = known(args.get("private_link_id")), known(args.get("endpoint_id"))
    if service is not None and not _SERVICE_ID.fullmatch(service):
        yield Problem(
            ("private_link_id",),
            "The id of Atlas's endpoint service has 24 hexadecimal digits.",
            "Copy it from Atlas: `atlas privateEndpoints aws list`.",
        )
    if endpoint is not None and not _ENDPOINT_ID.fullmatch(endpoint):
        yield Problem(
            ("endpoint_id",),
            "An interface endpoint's id is `vpce-` and 8 or 17 hexadecimal digits.",
            "Copy it from `aws ec2 describe-vpc-endpoints`: vpce-0a1b2c3d4e5f60718.",
        )
    if args.get("service_name") is not None and args.get("private_link_id") is None:
        yield Problem(
            ("service_name",), "Only a service that exists has a name beforehand.", "Give private_link_id beside it."
        )
    yield from _existing_problems(args) if args.get("endpoint_id") is not None else _made_problems(args)


def _existing_problems(args: AtlasPrivateLinkArgs) -> Iterator[Problem]:
    for argument in _OF_AN_ENDPOINT:
        if args.get(argument) is not None:
            yield Problem(
                (argument,),
                "The endpoint exists, and nothing of AWS is made for it.",
                "Remove this, or remove endpointId.",
            )


def _made_problems(args: AtlasPrivateLinkArgs) -> Iterator[Problem]:
    for argument in ("vpc_id", "subnet_ids"):
        if args.get(argument) is None:
            yield Problem(
                (argument,), "An endpoint that is made lies in a VPC and its subnets.", "Give them, or give endpointId."
            )
    if known(args.get("subnet_ids")) in ([], ()):
        yield Problem(
            ("subnet_ids",), "An endpoint lies in at least one subnet.", "List a private subnet of each zone."
        )
    clients, groups = args.get("client_security_group_ids"), args.get("security_group_ids")
    if clients is not None and groups is not None:
        yield Problem(
            ("security_group_ids",),
            "Groups of yours for the endpoint say themselves who may connect.",
            "Remove clientSecurityGroupIds, or let the endpoint's group be made.",
        )
    if known(groups) in ([], ()):
        yield Problem(
            ("security_group_ids",), "An endpoint without a group gets the VPC's default one.", "List at least one."
        )
    if known(clients) in ([], ()) or (clients is None and groups is None):
        yield Problem(
            ("client_security_group_ids",),
            "Nobody could connect: only the security groups listed here may.",
            "List the security groups of the clients.",
        )
