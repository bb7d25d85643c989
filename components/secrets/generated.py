"""A secret that nobody chooses: a random value, for the application alone."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_random as random

from .store import store_secret


class GeneratedSecretArgs(TypedDict):
    application: pulumi.Input[str]
    """The application's name; the secret is called `<application>/<label>`."""
    label: pulumi.Input[str]
    """What the secret is for."""
    name_prefix: NotRequired[pulumi.Input[str]]
    """Put before the secret's name, such as `staging/` where environments share an account. Default: nothing."""
    length: NotRequired[pulumi.Input[int]]
    """Characters: letters and digits, six bits each. Default 48."""
    generation: NotRequired[pulumi.Input[int]]
    """Raise it for a new value. Default 1."""
    protect_data: bool
    """Whether the secret is protected against deletion, as in production."""
    recovery_window_days: NotRequired[pulumi.Input[int]]
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. Default 30."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """ARN of the KMS key that encrypts the secret. Default: the account's `aws/secretsmanager`."""
    allowed_principals: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the only principals that may read the value; must name the deploying role. Default: no such limit."""
    allowed_roles: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Names of roles of the secret's own account that may read as well, where `allowed_principals` limits who may."""
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of principals in other accounts that may read the secret; needs `kms_key_id`. Default: none."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the secret."""


class GeneratedSecret(pulumi.ComponentResource):
    """A random value in AWS Secrets Manager, as plain text. A new generation replaces it at once: for keys that must
    overlap, use `JwtSecret`."""

    arn: pulumi.Output[str]
    """The secret's ARN, with AWS's six-character suffix."""
    secret_name: pulumi.Output[str]
    """The secret's name."""
    version_id: pulumi.Output[str]
    """The id of the version that holds the current value."""

    def __init__(self, name: str, args: GeneratedSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:GeneratedSecret", name, {}, opts)
        generation = pulumi.Output.from_input(args.get("generation", 1))
        value = random.RandomPassword(
            f"{name}-value",
            length=args.get("length", 48),
            special=False,
            keepers={"generation": generation.apply(lambda number: str(int(number)))},
            opts=pulumi.ResourceOptions(parent=self),
        )
        stored = store_secret(
            self,
            f"{name}-secret",
            secret_name=pulumi.Output.concat(args.get("name_prefix", ""), args["application"], "/", args["label"]),
            description=pulumi.Output.concat("Generated for ", args["application"]),
            value=value.result,
            storage=args,
        )
        self.arn = stored.arn
        self.secret_name = stored.name
        self.version_id = stored.version_id
        self.register_outputs({"arn": self.arn, "secretName": self.secret_name, "versionId": self.version_id})
