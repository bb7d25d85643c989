"""A KMS key for secrets, which readers in other accounts can be allowed to use."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .policies import Home, key_policy, partition_of


class SecretsKeyArgs(TypedDict):
    alias: pulumi.Input[str]
    """The key's alias, without `alias/`."""
    region: pulumi.Input[str]
    """The AWS region of the secrets."""
    secret_names: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Names of the secrets that readers of other accounts may decrypt."""
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of principals in other accounts that may decrypt the secrets, through Secrets Manager only. Default: none."""
    deletion_window_days: NotRequired[pulumi.Input[int]]
    """Days in which a deletion of the key can be undone, 7 to 30. Default 30."""
    protect_data: bool
    """Whether the key is protected against deletion and kept when it leaves the stack, as in production: without its
    key, a secret in its recovery window is lost."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the key."""


class SecretsKey(pulumi.ComponentResource):
    """A customer-managed KMS key with yearly rotation, for the secrets of an application.

    `aws/secretsmanager`, the key that secrets have otherwise, cannot be used from other accounts. Looks up the caller's
    account, which the key's policy must name."""

    key_arn: pulumi.Output[str]
    """The key's ARN."""
    alias_name: pulumi.Output[str]
    """The key's alias, with `alias/`."""

    def __init__(self, name: str, args: SecretsKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:SecretsKey", name, {}, opts)
        caller = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self))
        policy = pulumi.Output.all(
            account=caller.account_id,
            region=args["region"],
            names=args["secret_names"],
            readers=args.get("cross_account_readers", []),
        ).apply(_policy)
        key = aws.kms.Key(
            f"{name}-key",
            description=pulumi.Output.concat("Secrets of ", args["alias"]),
            enable_key_rotation=True,
            deletion_window_in_days=args.get("deletion_window_days", 30),
            policy=policy,
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(
                parent=self, protect=args["protect_data"], retain_on_delete=args["protect_data"]
            ),
        )
        alias = aws.kms.Alias(
            f"{name}-alias",
            name=pulumi.Output.concat("alias/", args["alias"]),
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.key_arn = key.arn
        self.alias_name = alias.name
        self.register_outputs({"keyArn": self.key_arn, "aliasName": self.alias_name})


def _policy(known: dict[str, Any]) -> str:
    home = Home(partition_of(known["region"]), known["region"], known["account"])
    return key_policy(home, secret_names=known["names"], cross_account_readers=known["readers"])
