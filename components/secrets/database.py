"""The secret with which an application logs in to its database and its cache."""

import json
from collections.abc import Iterator, Sequence
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Problem, check, given_or
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
    name_prefix: NotRequired[str]
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
    redis_password: NotRequired[pulumi.Input[str]]
    """The cache user's password; absent where the application authenticates with IAM."""
    redis_tls: pulumi.Input[bool]
    """Whether the cache takes TLS connections only."""
    redis_cluster_mode: pulumi.Input[bool]
    """Whether the client must speak the cluster protocol."""
    usable_after: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Outputs of whatever else must exist before these credentials work (a user group, a private endpoint). They are
    waited for and not stored."""
    protect_data: bool
    """Whether the secret is protected against deletion, as in production."""
    recovery_window_days: NotRequired[pulumi.Input[int]]
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. Default: 30."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the KMS key that encrypts the secret. Default: the account's `aws/secretsmanager`."""
    only_principals: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the only principals that may read the value; must name the deploying role. Default: no such limit."""
    reader_roles: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Names of roles of the secret's own account that may read as well, where `only_principals` limits who may."""
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of principals in other accounts that may read the secret; needs `kms_key_arn`. Default: none."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the secret."""


class DatabaseSecret(pulumi.ComponentResource):
    """`<application>/database` in AWS Secrets Manager: a JSON object with `mongo_uri` and `redis_password`, and beside
    them `mongo_host`, `mongo_user`, `mongo_password`, `mongo_database`, `redis_host`, `redis_port`, `redis_user`,
    `redis_tls` and `redis_cluster_mode`.

    A new version is written only after the users it names hold the passwords it carries: its value is made of their
    outputs. `redis_password` is empty where the cache authenticates with IAM."""

    arn: pulumi.Output[str]
    """The secret's ARN, with AWS's six-character suffix."""
    secret_name: pulumi.Output[str]
    """The secret's name."""
    version_id: pulumi.Output[str]
    """The id of the version that holds the current credentials."""

    def __init__(self, name: str, args: DatabaseSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, DatabaseSecretArgs, problems(args))
        super().__init__("dolmen:index:DatabaseSecret", name, {}, opts)
        value = pulumi.Output.all(
            connection_string=args["mongo_connection_string"],
            mongo_user=args["mongo_user"],
            mongo_password=args["mongo_password"],
            mongo_database=args["mongo_database"],
            application=args["application"],
            redis_host=args["redis_host"],
            redis_port=args["redis_port"],
            redis_user=args["redis_user"],
            redis_password=given_or(args.get("redis_password"), ""),
            redis_tls=args["redis_tls"],
            redis_cluster_mode=args["redis_cluster_mode"],
            usable_after=given_or(args.get("usable_after"), []),
        ).apply(lambda known: _secret_value(**known))
        stored = store_secret(
            self,
            name,
            args,
            label=LABEL,
            description=f"Database and cache login of {args['application']}",
            value=value,
        )
        self.arn = stored.arn
        self.secret_name = stored.name
        self.version_id = stored.version_id
        register(self)


def problems(args: DatabaseSecretArgs) -> Iterator[Problem]:
    """What would be refused of a login's secret."""
    yield from secret_problems(args)


def _secret_value(
    *,
    connection_string: str,
    mongo_user: str,
    mongo_password: str,
    mongo_database: str,
    application: str,
    redis_host: str,
    redis_port: float,
    redis_user: str,
    redis_password: str,
    redis_tls: bool,
    redis_cluster_mode: bool,
    usable_after: Sequence[str],
) -> str:
    del usable_after  # only waited for
    return json.dumps(
        {
            "mongo_uri": application_uri(
                connection_string,
                user=mongo_user,
                password=mongo_password,
                database=mongo_database,
                application=application,
            ),
            "redis_password": redis_password,
            "mongo_host": connection_string.partition("://")[2].partition("?")[0].partition("/")[0],
            "mongo_user": mongo_user,
            "mongo_password": mongo_password,
            "mongo_database": mongo_database,
            "redis_host": redis_host,
            "redis_port": int(redis_port),
            "redis_user": redis_user,
            "redis_tls": redis_tls,
            "redis_cluster_mode": redis_cluster_mode,
        }
    )
