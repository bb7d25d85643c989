"""A private endpoint: Atlas's service, reached through an interface endpoint in a VPC."""

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import check, given_or
from ..outputs import register
from .private_link_arguments import AtlasPrivateLinkArgs
from .private_link_limits import problems
from .private_strings import private_strings
from .regions import atlas_region

FIRST_PORT, LAST_PORT = 1024, 65535
"""Atlas tells its nodes apart by port on one address.
https://www.mongodb.com/docs/atlas/security-private-endpoint/"""


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
