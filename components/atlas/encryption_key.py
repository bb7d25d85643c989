"""A KMS key of yours that encrypts the project's disks and snapshots."""

from collections.abc import Iterator
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi_mongodbatlas.outputs import CloudProviderAccessSetupAwsConfig

from ..arguments import Problem, check, given_or, known
from ..identity import Identity
from ..keys import kms_key_problems
from ..outputs import register
from ..policy_document import policy_document
from .regions import atlas_region, region_problems

_USE = ("kms:Decrypt", "kms:Encrypt", "kms:DescribeKey")
"""https://www.mongodb.com/docs/atlas/security-aws-kms/"""


class AtlasEncryptionKeyArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project: all its clusters that ask for it are encrypted with this key."""
    region: pulumi.Input[str]
    """The AWS region of the key and the clusters: `ap-northeast-2`."""
    kms_key_arn: pulumi.Input[str]
    """The ARN of the key: `key_arn` of an `EncryptionKey`, or of one that exists."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the AWS side."""


class AtlasEncryptionKey(pulumi.ComponentResource):
    """Atlas's access to one key of AWS KMS, in the order that Atlas demands: it names its account and an external id,
    a role trusts exactly these and may use the key, Atlas is told of the role, and the project encrypts with the key.
    A cluster takes `ready` as its `encryption_key_ready`, and waits for it."""

    role_arn: pulumi.Output[str]
    """The role that Atlas assumes."""
    ready: pulumi.Output[str]
    """Known once the project encrypts with the key: for a cluster to wait for."""

    def __init__(self, name: str, args: AtlasEncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasEncryptionKeyArgs, problems(args))
        super().__init__("dolmen:index:AtlasEncryptionKey", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        key_arn = args["kms_key_arn"]
        access = mongodbatlas.CloudProviderAccessSetup(
            name,
            project_id=args["project_id"],
            provider_name="AWS",
            delete_on_create_timeout=True,  # constant
            # The provider has no update for another project: it needs another set-up.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["projectId"]),
        )
        role = aws.iam.Role(
            name,
            description="Assumed by MongoDB Atlas to use one KMS key",
            assume_role_policy=access.aws_configs.apply(lambda configs: _trust(configs[0])),
            force_detach_policies=False,
            max_session_duration=3600,
            tags=given_or(args.get("tags"), {}),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            name, role=role.name, policy=pulumi.Output.from_input(key_arn).apply(_key_policy), opts=child
        )
        authorization = mongodbatlas.CloudProviderAccessAuthorization(
            name,
            project_id=args["project_id"],
            role_id=access.role_id,
            aws={"iam_assumed_role_arn": role.arn},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        encryption = mongodbatlas.EncryptionAtRest(
            name,
            project_id=args["project_id"],
            aws_kms_config={
                "enabled": True,
                "customer_master_key_id": key_arn,
                "region": atlas_region(args["region"]),
                "role_id": authorization.role_id,
                "require_private_networking": False,
            },
            enabled_for_search_nodes=False,
            opts=child,
        )
        self.role_arn = role.arn
        self.ready = encryption.id
        register(self)


def _trust(config: CloudProviderAccessSetupAwsConfig) -> str:
    """Atlas's account, and no other customer of Atlas: the external id is this project's."""
    return policy_document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": config.atlas_aws_account_arn or ""},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": config.atlas_assumed_role_external_id or ""}},
        }
    )


def _key_policy(key_arn: str) -> str:
    return policy_document({"Effect": "Allow", "Action": list(_USE), "Resource": key_arn})


_ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:Delete*",
    "kms:Describe*",
    "kms:Disable*",
    "kms:Enable*",
    "kms:Get*",
    "kms:List*",
    "kms:Put*",
    "kms:Revoke*",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:Update*",
)
"""Those of AWS, without grants, which would let an administrator use the key.

https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators"""


def atlas_key_policy(identity: Identity, role: str) -> str:
    """Lets the account administer a key, and Atlas's role alone use it.

    `role`: the name of the `AtlasEncryptionKey` that will use the key; its role's name begins with it."""
    account = f"arn:{identity.partition}:iam::{identity.account}"
    everybody = {"AWS": f"{account}:root"}
    return policy_document(
        {
            "Sid": "AccountAdministers",
            "Effect": "Allow",
            "Principal": everybody,
            "Action": list(_ADMINISTRATION),
            "Resource": "*",
        },
        {
            "Sid": "AtlasUses",
            "Effect": "Allow",
            "Principal": everybody,
            "Action": list(_USE),
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": f"{account}:role/{role}-*"}},
        },
    )


def problems(args: AtlasEncryptionKeyArgs) -> Iterator[Problem]:
    """What Atlas would refuse of a key."""
    yield from region_problems(args.get("region"))
    yield from kms_key_problems(known(args.get("kms_key_arn")), known(args.get("region")), ("kms_key_arn",))
