"""Everything that one application reads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from .. import names
from ..arguments import Problem, check, given_or, known, plain
from ..generations import generation_problems
from ..outputs import register
from . import database, jwt
from .arns import own_home
from .database import DatabaseSecret, DatabaseSecretArgs, MongoLogin, RedisLogin, login_problems
from .generated import GeneratedSecret, GeneratedSecretArgs, value_problems
from .given import GivenSecret
from .jwt import JwtSecret
from .limits import label_problems, secret_problems
from .replicas import SecretReplica
from .store import SecretArgs, secret_name

RESERVED_LABELS = (database.LABEL, jwt.LABEL, "database-operations", "database-read-only")
"""Secrets that a platform makes itself, for the application and for its database's other users."""


class GeneratedValue(TypedDict):
    """A random value."""

    length: NotRequired[int | None]
    """Letters and digits, 43 to 4096; 43 hold 256 bits of chance. Default: 48."""
    generation: NotRequired[int | None]
    """Raise it by one for a new value, which replaces the old one at once. Default: 1."""


class TokenKeys(TypedDict):
    """Keys that sign an application's tokens."""

    generation: int
    """The newest generation that exists: `active`, or one more."""
    active: int
    """The generation of the key that signs."""


class ApplicationSecretsArgs(TypedDict):
    platform: str
    """The platform's name: the first part of every secret's name."""
    application: str
    """The application's name: secrets are called `<platform>/<application>/database` and so on."""
    region: pulumi.Input[str]
    """The AWS region of the secrets."""
    name_prefix: NotRequired[str | None]
    """Put before the secrets' names, such as `teams/chat/`. Default: nothing."""
    mongo: NotRequired[MongoLogin | None]
    """The login to MongoDB. Default: none; there is this one, the cache's or both."""
    redis: NotRequired[RedisLogin | None]
    """The login to the cache. Default: none."""
    jwt: NotRequired[TokenKeys | None]
    """Keys that sign the application's tokens. Default: none."""
    generated: NotRequired[Mapping[str, pulumi.Input[GeneratedValue]] | None]
    """Further secrets with random values, by the last part of their names."""
    given: NotRequired[dict[str, pulumi.Input[str]] | None]
    """Further secrets with given values, by the last part of their names."""
    protect_data: bool
    """Whether the secrets are protected against deletion, as in production."""
    recovery_window_days: NotRequired[pulumi.Input[int] | None]
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. Default: 30."""
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of the KMS key that encrypts the secrets. Default: the account's `aws/secretsmanager`."""
    replicas: NotRequired[Mapping[str, pulumi.Input[SecretReplica]] | None]
    """Copies of the secrets in other regions, by region. Default: none."""
    only_principals: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """ARNs of the only principals that may read the values; must name the deploying role. Default: no such limit."""
    reader_roles: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """Names of roles of the secrets' own account that may read as well, where `only_principals` limits who may."""
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """ARNs of principals in other accounts that may read the secrets; needs `kms_key_arn`. Default: none."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the secrets."""


class ApplicationSecrets(pulumi.ComponentResource):
    """One application's secrets: its logins, its token keys, and further ones. Applications share nothing here: adding
    or removing one leaves the others' resources as they are.

    Not owned: their KMS key (`EncryptionKey`) and the right to read them (`SecretReader`)."""

    secret_arns: pulumi.Output[dict[str, str]]
    """The ARN of each secret, by the last part of its name."""
    arn_patterns: pulumi.Output[list[str]]
    """The same with `-??????` in place of the six characters that AWS adds: for a reader's policy, which a plan then
    shows before the secrets exist; after them those of their copies."""

    def __init__(self, name: str, args: ApplicationSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, ApplicationSecretsArgs, problems(args))
        super().__init__("dolmen:index:ApplicationSecrets", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        storage = _storage(args)
        logins: DatabaseSecretArgs = {"mongo": args.get("mongo"), "redis": args.get("redis"), **storage}
        self.arns = {database.LABEL: DatabaseSecret(names.below(name, database.LABEL), logins, child).arn}
        """By the last part of the name, for programs in this language: each known or unknown for itself."""
        if (keys := args.get("jwt")) is not None:
            self.arns[jwt.LABEL] = JwtSecret(names.below(name, jwt.LABEL), {**keys, **storage}, child).arn
        for label, value in plain("generated", args.get("generated")).items():
            generated: GeneratedSecretArgs = {"label": label, **value, **storage}
            self.arns[label] = GeneratedSecret(names.keyed(name, label), generated, child).arn
        for label, value in given_or(args.get("given"), {}).items():
            self.arns[label] = GivenSecret(
                names.keyed(name, label), {"label": label, "value": value, **storage}, child
            ).arn
        called = [secret_name(args, label) for label in self.arns]
        self.secret_arns = pulumi.Output.all(**self.arns)
        elsewhere = sorted(plain("replicas", args.get("replicas")))
        self.arn_patterns = own_home(args["region"], self).apply(
            lambda home: [there.secret_arn(one) for there in home.with_regions(elsewhere) for one in called]
        )
        register(self)


def problems(args: ApplicationSecretsArgs) -> Iterator[Problem]:
    """What would be refused of an application's secrets."""
    yield from secret_problems(args, known(args.get("region")))
    yield from login_problems(args.get("mongo"), args.get("redis"))
    if (keys := args.get("jwt")) is not None:
        yield from generation_problems(
            known(keys.get("generation")), known(keys.get("active")), ("jwt", "generation"), ("jwt", "active")
        )
    generated, given = plain("generated", args.get("generated")), given_or(args.get("given"), {})
    for kind, label in (*(("generated", one) for one in generated), *(("given", one) for one in given)):
        yield from label_problems(label, (kind, label))
        if label in RESERVED_LABELS or label.startswith(f"{jwt.LABEL}-"):
            yield Problem(
                (kind, label), f"`{label}` is a secret that the platform makes itself.", "Choose another name."
            )
        if kind == "given" and label in generated:
            yield Problem((kind, label), "A further secret is generated or given, not both.", "Remove one of the two.")
    for label, value in generated.items():
        for problem in value_problems(known(value.get("length")), known(value.get("generation"))):
            yield Problem(("generated", label, *problem.argument), problem.rule, problem.remedy)


def _storage(args: ApplicationSecretsArgs) -> SecretArgs:
    return {
        "platform": args["platform"],
        "application": args["application"],
        "name_prefix": args.get("name_prefix"),
        "protect_data": args["protect_data"],
        "recovery_window_days": args.get("recovery_window_days"),
        "kms_key_arn": args.get("kms_key_arn"),
        "replicas": args.get("replicas"),
        "only_principals": args.get("only_principals"),
        "reader_roles": args.get("reader_roles"),
        "cross_account_readers": args.get("cross_account_readers"),
        "tags": args.get("tags"),
    }
