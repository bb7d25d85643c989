"""A secret that somebody else chose: a third party's key, from the stack's encrypted configuration."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Problem, check, known
from ..outputs import register
from .limits import label_problems, secret_problems
from .replicas import SecretReplica
from .store import store_secret


class GivenSecretArgs(TypedDict):
    platform: str
    """The platform's name: the first part of the secret's name."""
    application: str
    """The application's name: its second part."""
    name_prefix: NotRequired[str | None]
    """Put before the secret's name, such as `teams/chat/`. Default: nothing."""
    label: str
    """What the secret is for: the last part of its name."""
    value: pulumi.Input[str]
    """The value, from a secret configuration key. It is marked as secret here in any case."""
    protect_data: bool
    """Whether the secret is protected against deletion, as in production."""
    recovery_window_days: NotRequired[pulumi.Input[int] | None]
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. Default: 30."""
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of the KMS key that encrypts the secret. Default: the account's `aws/secretsmanager`."""
    replicas: NotRequired[Mapping[str, pulumi.Input[SecretReplica]] | None]
    """Copies of the secret in other regions, by region. Default: none."""
    only_principals: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """ARNs of the only principals that may read the value; must name the deploying role. Default: no such limit."""
    reader_roles: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """Names of roles of the secret's own account that may read as well, where `only_principals` limits who may."""
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """ARNs of principals in other accounts that may read the secret; needs `kms_key_arn`. Default: none."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
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
        check(name, args, GivenSecretArgs, problems(args))
        super().__init__("dolmen:index:GivenSecret", name, {}, opts)
        self.arn, self.secret_name, self.version_id = store_secret(
            self, name, args, label=args["label"], description=f"Given to {args['application']}", value=args["value"]
        )
        register(self)


def problems(args: GivenSecretArgs) -> Iterator[Problem]:
    """What would be refused of a given secret."""
    yield from label_problems(known(args.get("label")), ("label",))
    yield from secret_problems(args)
