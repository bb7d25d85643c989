"""The secret with which an application logs in to its database and its cache."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Problem, check, given_or, known, one_of
from ..atlas.uri import application_uri
from ..outputs import register
from .limits import secret_problems
from .replicas import SecretReplica
from .store import store_secret

LABEL = "database"


class MongoLogin(TypedDict):
    """A login to MongoDB."""

    connection_string: pulumi.Input[str]
    """Atlas's connection string for the application's network, without credentials (`mongodb+srv://…`)."""
    user: pulumi.Input[str]
    """The user's name: an output of the user, so that the version waits for it."""
    password: pulumi.Input[str]
    """Its password, not percent-encoded."""
    database: pulumi.Input[str]
    """The application's database, which the connection opens by default."""


class RedisLogin(TypedDict):
    """A login to the cache."""

    host: pulumi.Input[str]
    """The cache's endpoint: the configuration endpoint in cluster mode, else the primary endpoint."""
    port: pulumi.Input[int]
    """Its port."""
    user: pulumi.Input[str]
    """The user's name: an output of the user, so that the version waits for it."""
    password: NotRequired[pulumi.Input[str] | None]
    """Its password; absent where none may log in with one."""
    iam_user: NotRequired[pulumi.Input[str] | None]
    """The user that logs in with IAM; it may stand beside the one with a password while clients move."""
    authentication: NotRequired[str | None]
    """How clients are told to log in: `password` or `iam`; goes with `iam_user`."""
    tls: pulumi.Input[bool]
    """Whether the cache takes TLS connections only."""
    cluster_mode: pulumi.Input[bool]
    """Whether the client must speak the cluster protocol."""


class DatabaseSecretArgs(TypedDict):
    platform: str
    """The platform's name: the first part of the secret's name."""
    application: str
    """The application's name: its second part."""
    name_prefix: NotRequired[str | None]
    """Put before the secret's name, such as `teams/chat/`. Default: nothing."""
    mongo: NotRequired[MongoLogin | None]
    """The login to MongoDB. Default: none; there is this one, the cache's or both."""
    redis: NotRequired[RedisLogin | None]
    """The login to the cache. Default: none."""
    usable_after: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """Outputs of whatever else must exist before these credentials work (a user group, a private endpoint). They are
    waited for and not stored."""
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


class DatabaseSecret(pulumi.ComponentResource):
    """`<application>/database` in AWS Secrets Manager: a JSON object with `mongo_uri` and `redis_password`, and beside
    them `mongo_host`, `mongo_user`, `mongo_password`, `mongo_database`, `redis_host`, `redis_port`, `redis_user`,
    `redis_tls` and `redis_cluster_mode`. Of a login that is not given, nothing is in it.

    A new version is written only after the users it names hold the passwords it carries: its value is made of their
    outputs. With IAM there are `redis_iam_user` and `redis_authentication` too; `redis_user` and `redis_password` stay a
    login of their own as long as one exists, then the user is IAM's and the password is empty."""

    arn: pulumi.Output[str]
    """The secret's ARN, with AWS's six-character suffix."""
    secret_name: pulumi.Output[str]
    """The secret's name."""
    version_id: pulumi.Output[str]
    """The id of the version that holds the current credentials."""

    def __init__(self, name: str, args: DatabaseSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, DatabaseSecretArgs, problems(args))
        super().__init__("dolmen:index:DatabaseSecret", name, {}, opts)
        mongo, redis = args.get("mongo"), args.get("redis")
        stored = pulumi.Output.all(
            **({} if mongo is None else _mongo_keys(mongo, args["application"])),
            **({} if redis is None else _redis_keys(redis)),
        )
        to = " and ".join(word for word, login in (("Database", mongo), ("cache", redis)) if login is not None)
        description = f"{to[0].upper()}{to[1:]} login of {args['application']}"
        waited_for = given_or(args.get("usable_after"), [])
        value = pulumi.Output.all(stored, waited_for).apply(lambda known: json.dumps(known[0]))
        self.arn, self.secret_name, self.version_id = store_secret(
            self, name, args, label=LABEL, description=description, value=value
        )
        register(self)


def problems(args: DatabaseSecretArgs) -> Iterator[Problem]:
    """What would be refused of a login's secret."""
    yield from secret_problems(args)
    yield from login_problems(args.get("mongo"), args.get("redis"))


def login_problems(mongo: MongoLogin | None, redis: RedisLogin | None) -> Iterator[Problem]:
    """What would be refused of the logins in a secret."""
    if mongo is None and redis is None:
        yield Problem((), "A login is one to MongoDB, to the cache or to both.", "Give mongo, redis or both.")
    if redis is None:
        return
    told = known(redis.get("authentication"))
    yield from one_of(("redis", "authentication"), told, ("password", "iam"))
    if told is not None and redis.get("iam_user") is None:
        yield Problem(
            ("redis", "authentication"),
            "Without iam_user there is one way to log in, and nothing to tell.",
            "Remove it, or give iam_user.",
        )


def _mongo_keys(login: MongoLogin, application: str) -> dict[str, pulumi.Input[str]]:
    connection_string = pulumi.Output.from_input(login["connection_string"])
    return {
        "mongo_uri": pulumi.Output.all(application=application, **login).apply(lambda known: application_uri(**known)),
        "mongo_host": connection_string.apply(_hosts),
        "mongo_user": login["user"],
        "mongo_password": login["password"],
        "mongo_database": login["database"],
    }


def _redis_keys(login: RedisLogin) -> dict[str, pulumi.Input[object]]:
    with_iam = login.get("iam_user")
    further = {} if with_iam is None else {"redis_iam_user": with_iam, "redis_authentication": _told(login)}
    return {
        "redis_password": given_or(login.get("password"), ""),
        "redis_host": login["host"],
        "redis_port": pulumi.Output.from_input(login["port"]).apply(int),
        "redis_user": login["user"],
        "redis_tls": login["tls"],
        "redis_cluster_mode": login["cluster_mode"],
        **further,
    }


def _told(login: RedisLogin) -> str:
    """Where nothing is said, the login that is complete."""
    return given_or(login.get("authentication"), "iam" if login.get("password") is None else "password")


def _hosts(connection_string: str) -> str:
    return connection_string.partition("://")[2].partition("?")[0].partition("/")[0]
