"""A secret that somebody else chose: a third party's key, from the stack's encrypted configuration."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi

from .store import store_secret


class GivenSecretArgs(TypedDict):
    application: pulumi.Input[str]
    """The application's name; the secret is called `<application>/<label>`."""
    label: pulumi.Input[str]
    """What the secret is for."""
    name_prefix: NotRequired[pulumi.Input[str]]
    """Put before the secret's name, such as `staging/` where environments share an account. Default: nothing."""
    value: pulumi.Input[str]
    """The value, from a secret configuration key. It is marked as secret here in any case."""
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


class GivenSecret(pulumi.ComponentResource):
    """A given value in AWS Secrets Manager, as plain text."""

    arn: pulumi.Output[str]
    """The secret's ARN, with AWS's six-character suffix."""
    secret_name: pulumi.Output[str]
    """The secret's name."""
    version_id: pulumi.Output[str]
    """The id of the version that holds the current value."""

    def __init__(self, name: str, args: GivenSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:GivenSecret", name, {}, opts)
        stored = store_secret(
            self,
            f"{name}-secret",
            secret_name=pulumi.Output.concat(args.get("name_prefix", ""), args["application"], "/", args["label"]),
            description=pulumi.Output.concat("Given to ", args["application"]),
            value=args["value"],
            storage=args,
        )
        self.arn = stored.arn
        self.secret_name = stored.name
        self.version_id = stored.version_id
        self.register_outputs({"arn": self.arn, "secretName": self.secret_name, "versionId": self.version_id})
