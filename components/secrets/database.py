"""The secret with which an application logs in to its database and its cache."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from ..atlas.uri import application_uri
from .store import store_secret


class DatabaseSecretArgs(TypedDict):
    application: pulumi.Input[str]
    """The application's name; the secret is called `<application>/database`."""
    name_prefix: NotRequired[pulumi.Input[str]]
    """Put before the secret's name, such as `staging/` where environments share an account. Default: nothing."""
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
            redis_password=args.get("redis_password", ""),
            redis_tls=args["redis_tls"],
            redis_cluster_mode=args["redis_cluster_mode"],
            usable_after=args.get("usable_after", []),
        ).apply(_secret_value)
        stored = store_secret(
            self,
            f"{name}-secret",
            secret_name=pulumi.Output.concat(args.get("name_prefix", ""), args["application"], "/database"),
            description=pulumi.Output.concat("Database and cache login of ", args["application"]),
            value=value,
            storage=args,
        )
        self.arn = stored.arn
        self.secret_name = stored.name
        self.version_id = stored.version_id
        self.register_outputs({"arn": self.arn, "secretName": self.secret_name, "versionId": self.version_id})


def _secret_value(parts: Mapping[str, Any]) -> str:
    hosts = parts["connection_string"].partition("://")[2].partition("?")[0].partition("/")[0]
    return json.dumps(
        {
            "mongo_uri": application_uri(
                parts["connection_string"],
                user=parts["mongo_user"],
                password=parts["mongo_password"],
                database=parts["mongo_database"],
                application=parts["application"],
            ),
            "redis_password": parts["redis_password"],
            "mongo_host": hosts,
            "mongo_user": parts["mongo_user"],
            "mongo_password": parts["mongo_password"],
            "mongo_database": parts["mongo_database"],
            "redis_host": parts["redis_host"],
            "redis_port": int(parts["redis_port"]),
            "redis_user": parts["redis_user"],
            "redis_tls": parts["redis_tls"],
            "redis_cluster_mode": parts["redis_cluster_mode"],
        }
    )
