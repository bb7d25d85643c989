"""A component that another process builds: opaque to an offline plan."""

import pulumi
import pulumi_aws as aws


class Vpc(pulumi.ComponentResource):
    vpc_id: pulumi.Output[str]
    private_subnet_ids: pulumi.Output[list[str]]

    def __init__(self, name: str, props: dict, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("awsx:ec2:Vpc", name, {"vpc_id": None, "private_subnet_ids": None, **props}, opts, remote=True)


network = Vpc("network", {"cidr_block": "10.0.0.0/16"})
aws.ec2.SecurityGroup("group", vpc_id=network.vpc_id)
aws.elasticache.SubnetGroup("cache", subnet_ids=network.private_subnet_ids)
pulumi.export("subnets", network.private_subnet_ids)
