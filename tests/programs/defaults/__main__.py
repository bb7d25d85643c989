"""Configuration from everywhere that Pulumi looks."""

import os

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
aws.s3.Bucket(
    "bucket",
    tags={
        "plain": config.require("plain"),
        "number": str(config.require_int("number")),
        "declared": config.require("declared"),
        "overridden": config.require("overridden"),
        "object": config.require_object("object")["key"],
        "region": pulumi.Config("aws").require("region"),
        "project": pulumi.get_project(),
        "stack": pulumi.get_stack(),
        "organization": pulumi.get_organization(),
        "preview": str(pulumi.runtime.is_dry_run()),
    },
)
pulumi.export("token", config.require_secret("token"))
pulumi.export("in the environment", "PULUMI_CONFIG" in os.environ)
