"""A secret in AWS Secrets Manager with one published value: what every secret component of this room is made of.

Not owned here: rotation by Lambda, replicas in other regions, and who may *write* a secret (that is the deploying
role's own policy).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .policies import home_of, secret_resource_policy

DEFAULT_RECOVERY_WINDOW_DAYS = 30


class StorageArgs(TypedDict):
    """How a secret is kept: the arguments that every secret component of this room has among its own.

    The components repeat them, because a component package describes to its users only what a class says itself.
    """

    protect_data: bool
    recovery_window_days: NotRequired[pulumi.Input[int]]
    kms_key_id: NotRequired[pulumi.Input[str]]
    allowed_principals: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    allowed_roles: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]


@dataclass(frozen=True)
class StoredSecret:
    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    version_id: pulumi.Output[str]


def store_secret(
    component: pulumi.ComponentResource,
    name: str,
    *,
    secret_name: pulumi.Input[str],
    description: pulumi.Input[str],
    value: pulumi.Input[str],
    storage: StorageArgs,
) -> StoredSecret:
    """Registers the secret, its resource policy and the version that carries `value`, as children of `component`.

    The version is replaced when the value changes: Secrets Manager then moves `AWSCURRENT` to the new version and
    keeps the old one as `AWSPREVIOUS`. It is retained on delete, because deleting the old version in the same
    deployment would take its labels away while a reader may still ask for it; Secrets Manager itself drops versions
    without labels. It is written after the resource policy, so that no value is ever readable without it.

    The secret itself is protected where the environment protects its data, and not retained: the recovery window is
    what brings a deleted secret back, and a retained one would block its own name.
    """
    secret = aws.secretsmanager.Secret(
        name,
        name=secret_name,
        description=description,
        kms_key_id=storage.get("kms_key_id"),
        recovery_window_in_days=storage.get("recovery_window_days", DEFAULT_RECOVERY_WINDOW_DAYS),
        tags=storage.get("tags"),
        opts=pulumi.ResourceOptions(parent=component, protect=storage["protect_data"]),
    )
    policy = aws.secretsmanager.SecretPolicy(
        f"{name}-policy",
        secret_arn=secret.arn,
        policy=_resource_policy(secret.arn, storage),
        block_public_policy=True,
        opts=pulumi.ResourceOptions(parent=component),
    )
    version = aws.secretsmanager.SecretVersion(
        f"{name}-version",
        secret_id=secret.id,
        secret_string=pulumi.Output.secret(value),
        opts=pulumi.ResourceOptions(parent=component, depends_on=[policy], retain_on_delete=True),
    )
    return StoredSecret(arn=secret.arn, name=secret.name, version_id=version.version_id)


def _resource_policy(arn: pulumi.Output[str], storage: StorageArgs) -> pulumi.Output[str]:
    """The ARN enters only where roles of its account are named: otherwise a plan shows the policy before the secret
    exists."""
    known: dict[str, pulumi.Input[Any]] = {
        "principals": storage.get("allowed_principals", []),
        "readers": storage.get("cross_account_readers", []),
    }
    if "allowed_principals" in storage and "allowed_roles" in storage:
        known |= {"arn": arn, "roles": storage["allowed_roles"]}
    return pulumi.Output.all(**known).apply(
        lambda given: secret_resource_policy(
            home_of(given["arn"]) if "arn" in given else None,
            allowed_principals=given["principals"],
            allowed_roles=given.get("roles", ()),
            cross_account_readers=given["readers"],
        )
    )
