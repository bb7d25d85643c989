"""Policies as objects, which the provider takes and hands back as text."""

import json

import pulumi
import pulumi_aws as aws

role = aws.iam.Role(
    "role",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ],
    },
)
bucket = aws.s3.Bucket("bucket")
policy = aws.iam.Policy("policy", policy={"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": bucket.arn}]})
pulumi.export("version", role.assume_role_policy.apply(lambda text: json.loads(text)["Version"]))
pulumi.export("policy", policy.policy)
