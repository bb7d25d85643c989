"""Everything that `require` can ask for, and nothing of it set."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
count = config.require_int("count")
ratio = config.require_float("ratio")
enabled = config.require_bool("enabled")
network = config.require_object("network")
password = config.require_secret("password")
settings = config.require_secret_object("settings")
zones = config.require("zones").split(",")

vpc = aws.ec2.Vpc("vpc", cidr_block=network["cidr"], tags={"Name": f"{config.require('name')}-vpc"})
for index in range(count):
    aws.ec2.Subnet(
        f"subnet-{index}", vpc_id=vpc.id, cidr_block=network["subnets"][index], availability_zone=zones[index]
    )
aws.ssm.Parameter("password", type="SecureString", value=password)
aws.ssm.Parameter("ratio", type="String", value=f"{ratio:.2f} {enabled}")
pulumi.export("endpoint", settings.apply(lambda value: value["endpoint"]))
