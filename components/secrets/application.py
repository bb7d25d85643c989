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
from .database import DatabaseSecret, DatabaseSecretArgs
from .generated import GeneratedSecret, GeneratedSecretArgs, value_problems
from .given import GivenSecret
from .jwt import JwtSecret
from .limits import label_problems, secret_problems
from .store import SecretArgs, secret_name

OWN_LABELS = (database.LABEL, jwt.LABEL)
"""Secrets that every application has."""
RESERVED_LABELS = (*OWN_LABELS, "database-operations", "database-read-only")
"""The same, and those that a platform makes for an application's other users."""


class GeneratedValue(TypedDict):
    """A random value."""

    length: NotRequired[int | None]
    """Letters and digits, 43 to 4096; 43 hold 256 bits of chance. Default: 48."""
    generation: NotRequired[int | None]
    """Raise it by one for a new value, which replaces the old one at once. Default: 1."""


class ApplicationSecretsArgs(TypedDict):
    platform: str
    """The platform's name: the first part of every secret's name."""
    application: str
    """The application's name: secrets are called `<platform>/<application>/database` and so on."""
    region: pulumi.Input[str]
    """The AWS region of the secrets."""
    name_prefix: NotRequired[str | None]
    """Put before the secrets' names, such as `teams/chat/`. Default: nothing."""
    mongo_connection_string: pulumi.Input[str]
    """Atlas's connection string for the application's network, without credentials."""
    mongo_user: pulumi.Input[str]
    """The database user that clients log in as: an output of the user, so that the version waits for it."""
    mongo_password: pulumi.Input[str]
    """Its password, not percent-encoded."""
    mongo_database: pulumi.Input[str]
    """The application's database."""
    redis_host: pulumi.Input[str]
    """The cache's endpoint."""
    redis_port: pulumi.Input[int]
    """The cache's port."""
    redis_user: pulumi.Input[str]
    """The cache user: an output of the user, so that the version waits for it."""
    redis_password: NotRequired[pulumi.Input[str] | None]
    """Its password; absent where none may log in with one."""
    redis_iam_user: NotRequired[pulumi.Input[str] | None]
    """The user that logs in to the cache with IAM; it may stand beside the one with a password while clients move."""
    redis_authentication: NotRequired[str | None]
    """How clients are told to log in to the cache: `password` or `iam`; goes with `redis_iam_user`."""
    redis_tls: pulumi.Input[bool]
    """Whether the cache takes TLS connections only."""
    redis_cluster_mode: pulumi.Input[bool]
    """Whether the client must speak the cluster protocol."""
    jwt_generation: int
    """The newest generation of token keys: `jwt_active`, or one more."""
    jwt_active: int
    """The generation of the key that signs."""
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
    shows before the secrets exist."""

    def __init__(self, name: str, args: ApplicationSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, ApplicationSecretsArgs, problems(args))
        super().__init__("dolmen:index:ApplicationSecrets", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        storage = _storage(args)
        self.arns = {
            database.LABEL: DatabaseSecret(names.below(name, database.LABEL), _login(args, storage), child).arn,
            jwt.LABEL: JwtSecret(
                names.below(name, jwt.LABEL),
                {"generation": args["jwt_generation"], "active": args["jwt_active"], **storage},
                child,
            ).arn,
        }
        """By the last part of the name, for programs in this language: each known or unknown for itself."""
        for label, value in plain("generated", args.get("generated")).items():
            generated: GeneratedSecretArgs = {"label": label, **value, **storage}
            self.arns[label] = GeneratedSecret(names.keyed(name, label), generated, child).arn
        for label, value in given_or(args.get("given"), {}).items():
            self.arns[label] = GivenSecret(
                names.keyed(name, label), {"label": label, "value": value, **storage}, child
            ).arn
        called = [secret_name(args, label) for label in self.arns]
        self.secret_arns = pulumi.Output.all(**self.arns)
        self.arn_patterns = own_home(args["region"], self).apply(lambda home: [home.secret_arn(one) for one in called])
        register(self)


def problems(args: ApplicationSecretsArgs) -> Iterator[Problem]:
    """What would be refused of an application's secrets."""
    yield from secret_problems(args, known(args.get("region")))
    yield from generation_problems(
        known(args.get("jwt_generation")), known(args.get("jwt_active")), ("jwt_generation",), ("jwt_active",)
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


def _login(args: ApplicationSecretsArgs, storage: SecretArgs) -> DatabaseSecretArgs:
    return {
        "mongo_connection_string": args["mongo_connection_string"],
        "mongo_user": args["mongo_user"],
        "mongo_password": args["mongo_password"],
        "mongo_database": args["mongo_database"],
        "redis_host": args["redis_host"],
        "redis_port": args["redis_port"],
        "redis_user": args["redis_user"],
        "redis_password": args.get("redis_password"),
        "redis_iam_user": args.get("redis_iam_user"),
        "redis_authentication": args.get("redis_authentication"),
        "redis_tls": args["redis_tls"],
        "redis_cluster_mode": args["redis_cluster_mode"],
        **storage,
    }


def _storage(args: ApplicationSecretsArgs) -> SecretArgs:
    return {
        "platform": args["platform"],
        "application": args["application"],
        "name_prefix": args.get("name_prefix"),
        "protect_data": args["protect_data"],
        "recovery_window_days": args.get("recovery_window_days"),
        "kms_key_arn": args.get("kms_key_arn"),
        "only_principals": args.get("only_principals"),
        "reader_roles": args.get("reader_roles"),
        "cross_account_readers": args.get("cross_account_readers"),
        "tags": args.get("tags"),
    }
