"""One application on the platform: its users, its secrets, their reader, and its part of the stack output."""

from typing import NotRequired, TypedDict

import pulumi

from .. import names
from ..arguments import check
from ..atlas.database_access import AtlasDatabaseAccessArgs
from ..keys import EncryptionKey
from ..outputs import register
from ..secrets import reader
from ..secrets.application import ApplicationSecrets
from ..secrets.environment import ApplicationEnvironment
from ..secrets.given import GivenSecret
from ..secrets.key import secrets_key_policy
from ..secrets.reader import SecretReader
from .application_uses import environment, in_cache, in_database
from .model.stack import StackConfig
from .secret_values import SecretOf
from .secrets import (
    CacheUse,
    application_secrets_args,
    encryption_key_args,
    other_login_args,
    secret_labels,
    secret_name,
    secret_reader_args,
)


class ApplicationOutput(TypedDict):
    """One application's part of the stack output, each value known or unknown for itself; no secret in it."""

    database: NotRequired[str]
    databaseUser: NotRequired[pulumi.Output[str]]
    databaseRole: NotRequired[pulumi.Output[str]]
    cacheUser: NotRequired[pulumi.Output[str]]
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
    database_access: NotRequired[AtlasDatabaseAccessArgs | None]
    """Its role and users in the database. Default: it does not use Atlas."""
    cache: NotRequired[CacheUse | None]
    """Its login to the cache. Default: it does not use the cache."""


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
        stack, called = args["stack"], args["application"]
        database = in_database(names.below(name, "database"), args.get("database_access"), child)
        cache = in_cache(stack.applications[called], args.get("cache"))
        below = names.below(name, "secrets")
        key_arn = self._key_arn(below, stack, called)
        secrets = ApplicationSecrets(
            below,
            application_secrets_args(
                stack,
                called,
                mongo=database.login,
                redis=cache.login,
                secret=args["secret"],
                kms_key_arn=key_arn,
            ),
            child,
        )
        reads = secret_reader_args(
            stack, called, secret_arns=secrets.arn_patterns, kms_key_arn=key_arn, cache=args.get("cache")
        )
        role = SecretReader(names.below(name, reader.READER), reads, child).role_name if reads is not None else None
        self.stack_output = {
            **database.output,
            **cache.output,
            "secrets": secrets.secret_arns,
            "readerRole": pulumi.Output.from_input(role),
            "environment": environment(stack, called, cache.facts, secrets.arns),
            # The application's reader may not read these: they are for people and tools that IAM allows.
            "otherLogins": {
                purpose: GivenSecret(
                    names.below(name, purpose),
                    other_login_args(stack, called, purpose, uri=uri, kms_key_arn=key_arn),
                    child,
                ).arn
                for purpose, uri in database.other_uris.items()
            },
        }
        register(self)

    def _key_arn(self, secrets: str, stack: StackConfig, called: str) -> pulumi.Input[str] | None:
        asked = stack.applications[called].secrets
        if asked.encryption_key is None or asked.encryption_key.adopt is not None:
            return None if asked.encryption_key is None else asked.encryption_key.adopt
        policy = secrets_key_policy(
            region=stack.region,
            secret_names=[secret_name(stack, called, label) for label in secret_labels(stack.applications[called])],
            cross_account_readers=asked.cross_account_readers,
            parent=self,
        )
        args = encryption_key_args(stack, called, policy=policy)
        return EncryptionKey(names.below(secrets, "key"), args, pulumi.ResourceOptions(parent=self)).key_arn
