"""A KMS key of yours that encrypts the project's disks and snapshots."""

import json
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas


class AtlasEncryptionKeyArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project: all its clusters that ask for it are encrypted with this key."""
    atlas_region: pulumi.Input[str]
    """Atlas's name of the key's region: `AP_NORTHEAST_2`."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """An existing key. Default: a key is created."""
    protect_data: bool
    """Whether the key is protected against deletion, as in production: without it the data cannot be read."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the AWS side."""


class AtlasEncryptionKey(pulumi.ComponentResource):
    """Atlas's access to one key of AWS KMS, in the order that Atlas demands: it names its account and an external id,
    a role trusts exactly these and may use the key, Atlas is told of the role, and the project encrypts with the key.
    A cluster takes `encryption_at_rest_provider="AWS"` and waits for `ready` (`created_after`)."""

    kms_key_arn: pulumi.Output[str]
    """The key."""
    role_arn: pulumi.Output[str]
    """The role that Atlas assumes."""
    ready: pulumi.Output[str]
    """Known once the project encrypts with the key: for a cluster to wait for."""

    def __init__(self, name: str, args: AtlasEncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasEncryptionKey", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        tags = args.get("tags", {})
        key_arn = args.get("kms_key_arn")
        if key_arn is None:
            key_arn = aws.kms.Key(
                f"{name}-key",
                description="MongoDB Atlas: disks and snapshots",
                enable_key_rotation=True,
                deletion_window_in_days=30,
                tags=tags,
                opts=pulumi.ResourceOptions.merge(
                    child,
                    pulumi.ResourceOptions(protect=args["protect_data"], retain_on_delete=args["protect_data"]),
                ),
            ).arn
        access = mongodbatlas.CloudProviderAccessSetup(
            f"{name}-access",
            project_id=args["project_id"],
            provider_name="AWS",
            delete_on_create_timeout=True,  # constant
            # The provider has no update for another project: it needs another set-up.
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(replace_on_changes=["projectId"])),
        )
        role = aws.iam.Role(
            f"{name}-role",
            description="Assumed by MongoDB Atlas to use one KMS key",
            assume_role_policy=access.aws_configs.apply(lambda configs: _trust(configs[0])),
            force_detach_policies=False,
            max_session_duration=3600,
            tags=tags,
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            role=role.name,
            policy=pulumi.Output.from_input(key_arn).apply(_key_policy),
            opts=child,
        )
        authorization = mongodbatlas.CloudProviderAccessAuthorization(
            f"{name}-authorization",
            project_id=args["project_id"],
            role_id=access.role_id,
            aws={"iam_assumed_role_arn": role.arn},
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[policy])),
        )
        encryption = mongodbatlas.EncryptionAtRest(
            f"{name}-encryption",
            project_id=args["project_id"],
            aws_kms_config={
                "enabled": True,
                "customer_master_key_id": key_arn,
                "region": args["atlas_region"],
                "role_id": authorization.role_id,
                "require_private_networking": False,
            },
            enabled_for_search_nodes=False,
            opts=child,
        )
        self.kms_key_arn = pulumi.Output.from_input(key_arn)
        self.role_arn = role.arn
        self.ready = encryption.id
        self.register_outputs({"kmsKeyArn": self.kms_key_arn, "roleArn": self.role_arn, "ready": self.ready})


def _trust(config: Any) -> str:
    """Atlas's account, and no other customer of Atlas: the external id is this project's."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": config.atlas_aws_account_arn},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"sts:ExternalId": config.atlas_assumed_role_external_id}},
                }
            ],
        }
    )


def _key_policy(key_arn: str) -> str:
    """https://www.mongodb.com/docs/atlas/security-aws-kms/"""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["kms:Decrypt", "kms:Encrypt", "kms:DescribeKey"],
                    "Resource": key_arn,
                }
            ],
        }
    )
