"""Lookups in their output form, with results taken apart in `apply`."""

import json

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
table = aws.ec2.get_route_table_output(vpc_id=vpc.id)
region = aws.get_region_output()
secret = aws.secretsmanager.get_secret_version_output(secret_id="database")
user = secret.secret_string.apply(lambda text: json.loads(text)["user"])
bucket = aws.s3.Bucket("bucket", tags={"region": region.name, "user": user})
aws.ec2.Route("route", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id="igw-0a1b2c3d")
pulumi.export("arn", pulumi.Output.concat("arn:aws:s3:::", bucket.id))
