"""A secret that nobody chooses: a random value, for the application alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_random as random

from ..arguments import Problem, between, check, given_or, known
from ..outputs import register
from .limits import label_problems, secret_problems
from .replicas import SecretReplica
from .store import store_secret

DEFAULT_LENGTH = 48
DEFAULT_GENERATION = 1
SHORTEST = 43
"""Letters and digits that hold 256 bits of chance: 43 × log2(62) = 256.0."""
LONGEST = 4096


class GeneratedSecretArgs(TypedDict):
    platform: str
    """The platform's name: the first part of the secret's name."""
    application: str
    """The application's name: its second part."""
    name_prefix: NotRequired[str | None]
    """Put before the secret's name, such as `teams/chat/`. Default: nothing."""
    label: str
    """What the secret is for: the last part of its name."""
    length: NotRequired[pulumi.Input[int] | None]
    """Letters and digits, 43 to 4096; 43 hold 256 bits of chance. Default: 48."""
    generation: NotRequired[pulumi.Input[int] | None]
    """Raise it by one for a new value, which replaces the old one at once. Default: 1."""
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
        check(name, args, GeneratedSecretArgs, problems(args))
        super().__init__("dolmen:index:GeneratedSecret", name, {}, opts)
        generation = pulumi.Output.from_input(given_or(args.get("generation"), DEFAULT_GENERATION))
        value = random.RandomPassword(
            name,
            length=given_or(args.get("length"), DEFAULT_LENGTH),
            special=False,
            keepers={"generation": generation.apply(lambda number: str(int(number)))},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn, self.secret_name, self.version_id = store_secret(
            self,
            name,
            args,
            label=args["label"],
            description=f"Generated for {args['application']}",
            value=value.result,
        )
        register(self)


def problems(args: GeneratedSecretArgs) -> Iterator[Problem]:
    """What would be refused of a generated secret."""
    yield from label_problems(known(args.get("label")), ("label",))
    yield from value_problems(known(args.get("length")), known(args.get("generation")))
    yield from secret_problems(args)


def value_problems(length: int | None, generation: int | None) -> Iterator[Problem]:
    """What would be refused of a random value."""
    if length is not None and not SHORTEST <= length <= LONGEST:
        yield Problem(
            ("length",),
            f"A generated value has {SHORTEST} to {LONGEST} letters and digits: {SHORTEST} hold 256 bits of chance.",
            f"Write {DEFAULT_LENGTH}, or leave it out.",
        )
    yield from between(("generation",), generation, 1)
