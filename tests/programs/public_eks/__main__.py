"""Shaped like public examples: a network over the zones, roles as JSON, a cluster."""

import json

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.100.0.0/16", enable_dns_hostnames=True, tags={"Name": "pulumi-eks-vpc"})
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
routes = aws.ec2.RouteTable(
    "routes", vpc_id=vpc.id, routes=[aws.ec2.RouteTableRouteArgs(cidr_block="0.0.0.0/0", gateway_id=gateway.id)]
)
subnet_ids = []
for zone in aws.get_availability_zones().names:
    subnet = aws.ec2.Subnet(
        f"subnet-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.100.{len(subnet_ids)}.0/24",
        availability_zone=zone,
        opts=pulumi.ResourceOptions(depends_on=[gateway]),
    )
    aws.ec2.RouteTableAssociation(f"association-{zone}", route_table_id=routes.id, subnet_id=subnet.id)
    subnet_ids.append(subnet.id)
role = aws.iam.Role(
    "role",
    assume_role_policy=json.dumps(
        {"Statement": [{"Action": "sts:AssumeRole", "Principal": {"Service": "eks.amazonaws.com"}, "Effect": "Allow"}]}
    ),
)
aws.iam.RolePolicyAttachment("policy", role=role.id, policy_arn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
cluster = aws.eks.Cluster("cluster", role_arn=role.arn, vpc_config={"subnet_ids": subnet_ids})


def kubeconfig(endpoint: str, authority: str) -> str:
    return json.dumps({"clusters": [{"cluster": {"server": endpoint, "certificate-authority-data": authority}}]})


pulumi.export(
    "kubeconfig",
    pulumi.Output.all(cluster.endpoint, cluster.certificate_authority["data"]).apply(lambda all: kubeconfig(*all)),
)
