"""A secret in AWS Secrets Manager with one published value: what every secret component of this room is made of.

Not owned here: rotation by Lambda, and who may *write* a secret (that is the deploying
role's own policy).
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .. import names
from ..arguments import given_or
from .arns import Home, home_of
from .policies import secret_resource_policy
from .replicas import SecretReplica, replica_args

DEFAULT_RECOVERY_WINDOW_DAYS = 30


class SecretArgs(TypedDict):
    """What a secret is called and how it is kept: what every secret component of this room has among its arguments.

    The components repeat them, because a component package describes to its users only what a class says itself.
    """

    platform: str
    application: str
    name_prefix: NotRequired[str | None]
    protect_data: bool
    recovery_window_days: NotRequired[pulumi.Input[int] | None]
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    replicas: NotRequired[Mapping[str, pulumi.Input[SecretReplica]] | None]
    only_principals: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    reader_roles: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]


def secret_name(args: SecretArgs, label: str) -> str:
    """Names an application's secret: `chat-prod/chat-app/database`."""
    return names.secret(args["platform"], args["application"], label, given_or(args.get("name_prefix"), ""))


def store_secret(
    component: pulumi.ComponentResource,
    name: str,
    args: SecretArgs,
    *,
    label: str,
    description: str,
    value: pulumi.Input[str],
) -> tuple[pulumi.Output[str], pulumi.Output[str], pulumi.Output[str]]:
    """Registers the secret, its resource policy and the version that carries `value`, as children of `component`.

    Gives the secret's ARN, its name, and the id of the version.

    The version is replaced when the value changes: Secrets Manager then moves `AWSCURRENT` to the new version and
    keeps the old one as `AWSPREVIOUS`. It is retained on delete, because deleting the old version in the same
    deployment would take its labels away while a reader may still ask for it; Secrets Manager itself drops versions
    without labels. It is written after the resource policy, so that no value is ever readable without it.

    The secret itself is protected where the environment protects its data, and not retained: the recovery window is
    what brings a deleted secret back, and a retained one would block its own name.
    """
    secret = aws.secretsmanager.Secret(
        name,
        name=secret_name(args, label),
        description=description,
        kms_key_id=args.get("kms_key_arn"),
        replicas=replica_args(args.get("replicas")),
        recovery_window_in_days=given_or(args.get("recovery_window_days"), DEFAULT_RECOVERY_WINDOW_DAYS),
        tags=args.get("tags"),
        opts=pulumi.ResourceOptions(parent=component, protect=args["protect_data"]),
    )
    policy = aws.secretsmanager.SecretPolicy(
        name,
        secret_arn=secret.arn,
        policy=_resource_policy(secret.arn, args),
        block_public_policy=True,
        opts=pulumi.ResourceOptions(parent=component),
    )
    version = aws.secretsmanager.SecretVersion(
        name,
        secret_id=secret.id,
        secret_string=pulumi.Output.secret(value),
        opts=pulumi.ResourceOptions(parent=component, depends_on=[policy], retain_on_delete=True),
    )
    return secret.arn, secret.name, version.version_id


def _resource_policy(arn: pulumi.Output[str], args: SecretArgs) -> pulumi.Output[str]:
    """The ARN enters only where roles of its account are named: otherwise a plan shows the policy before the secret
    exists."""
    principals, roles = args.get("only_principals"), args.get("reader_roles")
    home: pulumi.Input[Home | None] = None if principals is None or roles is None else arn.apply(home_of)
    return pulumi.Output.all(
        home=home,
        only_principals=given_or(principals, []),
        reader_roles=given_or(roles, []),
        cross_account_readers=given_or(args.get("cross_account_readers"), []),
    ).apply(lambda known: secret_resource_policy(**known))
