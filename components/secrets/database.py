"""The secret with which an application logs in to its database and its cache."""

import json
from collections.abc import Iterator, Sequence
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Problem, check, given_or, known, one_of
from ..atlas.uri import application_uri
from ..outputs import register
from .limits import secret_problems
from .store import store_secret

LABEL = "database"


class DatabaseSecretArgs(TypedDict):
    platform: str
    """The platform's name: the first part of the secret's name."""
    application: str
    """The application's name: its second part."""
    name_prefix: NotRequired[str | None]
    """Put before the secret's name, such as `teams/chat/`. Default: nothing."""
    mongo_connection_string: pulumi.Input[str]
    """Atlas's connection string for the application's network, without credentials (`mongodb+srv://…`)."""
    mongo_user: pulumi.Input[str]
    """The database user's name: an output of the user, so that the version waits for it."""
    mongo_password: pulumi.Input[str]
    """The database user's password, not percent-encoded."""
    mongo_database: pulumi.Input[str]
    """The application's database, which the connection opens by default."""
    redis_host: pulumi.Input[str]
    """The cache's endpoint: the configuration endpoint in cluster mode, else the primary endpoint."""
    redis_port: pulumi.Input[int]
    """The cache's port."""
    redis_user: pulumi.Input[str]
    """The cache user's name: an output of the user, so that the version waits for it."""
    redis_password: NotRequired[pulumi.Input[str] | None]
    """The cache user's password; absent where none may log in with one."""
    redis_iam_user: NotRequired[pulumi.Input[str] | None]
    """The user that logs in to the cache with IAM; it may stand beside the one with a password while clients move."""
    redis_authentication: NotRequired[str | None]
    """How clients are told to log in to the cache: `password` or `iam`; goes with `redis_iam_user`."""
    redis_tls: pulumi.Input[bool]
    """Whether the cache takes TLS connections only."""
    redis_cluster_mode: pulumi.Input[bool]
    """Whether the client must speak the cluster protocol."""
    usable_after: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """Outputs of whatever else must exist before these credentials work (a user group, a private endpoint). They are
    waited for and not stored."""
    protect_data: bool
    """Whether the secret is protected against deletion, as in production."""
    recovery_window_days: NotRequired[pulumi.Input[int] | None]
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. Default: 30."""
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of the KMS key that encrypts the secret. Default: the account's `aws/secretsmanager`."""
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
    `redis_tls` and `redis_cluster_mode`.

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
        connection_string = pulumi.Output.from_input(args["mongo_connection_string"])
        uri = pulumi.Output.all(
            connection_string=connection_string,
            user=args["mongo_user"],
            password=args["mongo_password"],
            database=args["mongo_database"],
            application=args["application"],
        ).apply(lambda known: application_uri(**known))
        with_iam = args.get("redis_iam_user")
        further = {} if with_iam is None else {"redis_iam_user": with_iam, "redis_authentication": _told(args)}
        stored = pulumi.Output.all(
            mongo_uri=uri,
            redis_password=given_or(args.get("redis_password"), ""),
            mongo_host=connection_string.apply(_hosts),
            mongo_user=args["mongo_user"],
            mongo_password=args["mongo_password"],
            mongo_database=args["mongo_database"],
            redis_host=args["redis_host"],
            redis_port=pulumi.Output.from_input(args["redis_port"]).apply(int),
            redis_user=args["redis_user"],
            redis_tls=args["redis_tls"],
            redis_cluster_mode=args["redis_cluster_mode"],
            **further,
        )
        waited_for = given_or(args.get("usable_after"), [])
        value = pulumi.Output.all(stored, waited_for).apply(lambda known: json.dumps(known[0]))
        self.arn, self.secret_name, self.version_id = store_secret(
            self, name, args, label=LABEL, description=f"Database and cache login of {args['application']}", value=value
        )
        register(self)


def problems(args: DatabaseSecretArgs) -> Iterator[Problem]:
    """What would be refused of a login's secret."""
    yield from secret_problems(args)
    told = known(args.get("redis_authentication"))
    yield from one_of(("redis_authentication",), told, ("password", "iam"))
    if told is not None and args.get("redis_iam_user") is None:
        yield Problem(
            ("redis_authentication",),
            "Without redis_iam_user there is one way to log in, and nothing to tell.",
            "Remove it, or give redis_iam_user.",
        )


def _told(args: DatabaseSecretArgs) -> str:
    """Where nothing is said, the login that is complete."""
    return given_or(args.get("redis_authentication"), "iam" if args.get("redis_password") is None else "password")


def _hosts(connection_string: str) -> str:
    return connection_string.partition("://")[2].partition("?")[0].partition("/")[0]
