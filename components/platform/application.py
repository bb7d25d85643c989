"""One application on the platform."""

from typing import Any, TypedDict, cast

import pulumi

from ..atlas import AtlasDatabaseAccess, AtlasDatabaseAccessArgs
from ..cache.access import CacheLogin
from ..cache.replication_group import CacheReplicationGroup
from ..secrets.application import ApplicationSecrets
from ..secrets.given import GivenSecret


class ApplicationArgs(TypedDict):
    application: str
    """The application's name."""
    region: str
    """The AWS region of its secrets."""
    database_access: AtlasDatabaseAccessArgs
    """Who may do what in its database."""
    secrets: dict[str, Any]
    """Arguments of `ApplicationSecrets`, without those that database and cache give."""
    cache_login: CacheLogin
    """Its login to the cache."""
    cache: CacheReplicationGroup
    """The cache."""


class Application(pulumi.ComponentResource):
    """Role and users in the database, secrets and the right to read them. Applications share nothing here: adding or
    removing one leaves the others as they are.

    Not exported to other languages: it takes other components as arguments. Compose `AtlasDatabaseAccess`,
    `CacheAccess` and `ApplicationSecrets` there."""

    contract_parts: dict[str, Any]
    """The application's part of the platform's contract, each value known or unknown for itself; no secret in it."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:Application", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        users = AtlasDatabaseAccess(f"{name}-database", args["database_access"], child)
        secrets = ApplicationSecrets(
            f"{name}-secrets", cast(Any, {**args["secrets"], **_database(args, users), **_cache(args)}), child
        )
        self.contract_parts = {
            "database": args["database_access"]["database"],
            "databaseUser": users.username,
            "databaseRole": users.role_name,
            "cacheUser": args["cache_login"].user_name,
            "secrets": secrets.secret_arns,
            "readerRole": secrets.reader_role_name,
            "environment": secrets.environment_parts,
            "otherLogins": _other_logins(name, args, users, secrets, child),
        }
        self.register_outputs({"contract": self.contract_parts})


def _other_logins(
    name: str,
    args: ApplicationArgs,
    users: AtlasDatabaseAccess,
    secrets: ApplicationSecrets,
    child: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """Secrets with the URIs of the users beside the application's, by purpose → ARN. The application's reader may not
    read them: they are for people and tools that IAM allows."""
    shared = ("application", "name_prefix", "protect_data", "recovery_window_days", "kms_key_id", "tags")
    kept = {key: args["secrets"][key] for key in shared if key in args["secrets"]}
    if "own_key_deletion_window_days" in args["secrets"]:
        kept["kms_key_id"] = secrets.key_arn
    return {
        f"database-{purpose}": GivenSecret(
            f"{name}-database-{purpose}", cast(Any, {**kept, "label": f"database-{purpose}", "value": uri}), child
        ).arn
        for purpose, uri in users.other_uris.items()
    }


def _database(args: ApplicationArgs, users: AtlasDatabaseAccess) -> dict[str, Any]:
    return {
        "region": args["region"],
        "mongo_connection_string": args["database_access"]["connection_string"],
        "mongo_user": users.username,
        "mongo_password": users.password,
        "mongo_database": args["database_access"]["database"],
    }


def _cache(args: ApplicationArgs) -> dict[str, Any]:
    login, cache = args["cache_login"], args["cache"]
    facts: dict[str, Any] = {
        "redis_host": cache.endpoint,
        "redis_port": cache.port,
        "redis_user": login.user_name,
        "redis_tls": cache.tls,
        "redis_cluster_mode": cache.cluster_mode,
    }
    if login.password is not None:
        facts["redis_password"] = login.password
    else:
        facts |= {"cache_arn": cache.arn, "cache_user_arn": login.user_arn}
    return facts
