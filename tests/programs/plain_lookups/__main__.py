"""Lookups in their plain form, used as data while the program runs."""

import ipaddress
import json

import pulumi
import pulumi_aws as aws

ami = aws.ec2.get_ami(
    most_recent=True, owners=["amazon"], filters=[aws.ec2.GetAmiFilterArgs(name="name", values=["al2023-*"])]
)
zones = aws.get_availability_zones(state="available")
default = aws.ec2.get_vpc(default=True)
block = ipaddress.ip_network(default.cidr_block)
document = aws.iam.get_policy_document(
    statements=[aws.iam.GetPolicyDocumentStatementArgs(actions=["s3:*"], resources=["*"])]
)
account = aws.get_caller_identity().account_id

subnets = [
    aws.ec2.Subnet(f"subnet-{index}", vpc_id=default.id, availability_zone=zones.names[index], cidr_block=str(block))
    for index in range(5)
]
aws.ec2.Instance(
    "web", ami=ami.id, instance_type="t3.micro", subnet_id=subnets[0].id, tags={"Team": default.tags["Team"]}
)
aws.iam.Policy("policy", policy=document.json, description=f"for {account}")
pulumi.export("statements", len(json.loads(document.json)["Statement"]))
