"""A policy given as an object: the provider makes text of it."""

import pulumi
import pulumi_aws as aws

policy = aws.iam.Policy(
    "object",
    name="object",
    policy={"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
)
aws.cloudwatch.LogGroup("group", name="/after", opts=pulumi.ResourceOptions(depends_on=[policy]))
