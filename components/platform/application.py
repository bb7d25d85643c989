"""One application on the platform: its users, its secrets, their reader, and its part of the stack output."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from dolmen.appenv.definition import definition
from dolmen.appenv.sources import template

from .. import names
from ..arguments import check
from ..atlas.database_access import AtlasDatabaseAccess, AtlasDatabaseAccessArgs
from ..cache.access import CacheLogin
from ..cache.replication_group import CacheReplicationGroup
from ..keys import EncryptionKey
from ..outputs import register
from ..secrets import jwt, reader
from ..secrets.application import OWN_LABELS, ApplicationSecrets
from ..secrets.environment import ApplicationEnvironment, application_environment
from ..secrets.given import GivenSecret
from ..secrets.key import secrets_key_policy
from ..secrets.reader import SecretReader
from .model.stack import StackConfig
from .secret_values import SecretOf
from .secrets import (
    application_secrets_args,
    encryption_key_args,
    other_login_args,
    secret_name,
    secret_reader_args,
)


class ApplicationOutput(TypedDict):
    """One application's part of the stack output, each value known or unknown for itself; no secret in it."""

    database: str
    databaseUser: pulumi.Output[str]
    databaseRole: pulumi.Output[str]
    cacheUser: pulumi.Output[str]
    secrets: pulumi.Output[dict[str, str]]
    readerRole: pulumi.Output[str | None]
    environment: ApplicationEnvironment
    otherLogins: dict[str, pulumi.Output[str]]


class ApplicationArgs(TypedDict):
    stack: StackConfig
    """The stack that the application belongs to."""
    application: str
    """The application's name."""
    secret: SecretOf
    """Gives the values of secrets that somebody else chose."""
    database_access: AtlasDatabaseAccessArgs
    """Its role and users in the database."""
    cache_login: CacheLogin
    """Its login to the cache."""
    cache: CacheReplicationGroup
    """The cache."""


class Application(pulumi.ComponentResource):
    """Role and users in the database, secrets and the right to read them. Applications share nothing here: adding or
    removing one leaves the others as they are.

    Not exported to other languages: it takes other components as arguments. Compose `AtlasDatabaseAccess`,
    `CacheAccess`, `ApplicationSecrets` and `SecretReader` there."""

    stack_output: ApplicationOutput
    """The application's part of the stack output."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, ApplicationArgs)
        super().__init__("dolmen:index:Application", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, called, login, cache = args["stack"], args["application"], args["cache_login"], args["cache"]
        users = AtlasDatabaseAccess(names.below(name, "database"), args["database_access"], child)
        below = names.below(name, "secrets")
        key_arn = self._key_arn(below, stack, called)
        secrets = ApplicationSecrets(
            below,
            application_secrets_args(
                stack,
                called,
                users=users,
                connection_string=args["database_access"]["connection_string"],
                cache=cache,
                cache_login=login,
                secret=args["secret"],
                kms_key_arn=key_arn,
            ),
            child,
        )
        reads = secret_reader_args(
            stack, called, secret_arns=secrets.arn_patterns, kms_key_arn=key_arn, cache=cache, cache_login=login
        )
        role = SecretReader(names.below(name, reader.READER), reads, child).role_name if reads is not None else None
        # The application's reader may not read these: they are for people and tools that IAM allows.
        others = {f"database-{purpose}": uri for purpose, uri in users.other_uris.items()}
        self.stack_output = {
            "database": stack.applications[called].database,
            "databaseUser": users.username,
            "databaseRole": users.role_name,
            "cacheUser": login.user_name,
            "secrets": secrets.secret_arns,
            "readerRole": pulumi.Output.from_input(role),
            "environment": _environment(stack, called, cache, login, secrets.arns),
            "otherLogins": {
                purpose: GivenSecret(
                    names.below(name, purpose),
                    other_login_args(stack, called, purpose, uri=uri, kms_key_arn=key_arn),
                    child,
                ).arn
                for purpose, uri in others.items()
            },
        }
        register(self)

    def _key_arn(self, secrets: str, stack: StackConfig, called: str) -> pulumi.Input[str] | None:
        asked = stack.applications[called].secrets
        if asked.encryption_key is None or asked.encryption_key.adopt is not None:
            return None if asked.encryption_key is None else asked.encryption_key.adopt
        policy = secrets_key_policy(
            region=stack.region,
            secret_names=[secret_name(stack, called, label) for label in (*OWN_LABELS, *asked.further)],
            cross_account_readers=asked.cross_account_readers,
            parent=self,
        )
        args = encryption_key_args(stack, called, policy=policy)
        return EncryptionKey(names.below(secrets, "key"), args, pulumi.ResourceOptions(parent=self)).key_arn


def _environment(
    stack: StackConfig,
    called: str,
    cache: CacheReplicationGroup,
    login: CacheLogin,
    secret_arns: Mapping[str, pulumi.Output[str]],
) -> ApplicationEnvironment:
    asked = stack.applications[called]
    return application_environment(
        template(
            definition(), mongo_pool_size=asked.pool_size, cache_login_with_iam=asked.cache_authentication == "iam"
        ),
        facts={
            "redis_host": cache.endpoint,
            "redis_port": cache.port,
            "redis_user": login.user_name,
            "redis_tls": cache.tls,
            "redis_cluster_mode": cache.cluster_mode,
            "aws_region": stack.region,
            "jwt_secret_name": secret_name(stack, called, jwt.LABEL),
        },
        secret_arns=secret_arns,
    )
