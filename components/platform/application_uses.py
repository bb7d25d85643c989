"""What one application uses of a platform's parts; of a part that it does not use, nothing is said anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import pulumi

from dolmen.appenv.definition import Part, definition
from dolmen.appenv.sources import template

from ..arguments import known
from ..atlas.database_access import AtlasDatabaseAccess, AtlasDatabaseAccessArgs
from ..secrets import jwt
from ..secrets.database import MongoLogin, RedisLogin
from ..secrets.environment import ApplicationEnvironment, Fact, application_environment
from .model.applications import Application
from .model.stack import StackConfig
from .secrets import CacheUse, mongo_login, redis_login, secret_name

Facts = Mapping[str, pulumi.Input[Fact]]


class DatabaseOutput(TypedDict, total=False):
    """What the stack output says of an application's database."""

    database: str
    databaseUser: pulumi.Output[str]
    databaseRole: pulumi.Output[str]


class CacheOutput(TypedDict, total=False):
    """What the stack output says of an application's use of the cache."""

    cacheUser: pulumi.Output[str]


@dataclass(frozen=True)
class InDatabase:
    """An application in its database."""

    login: MongoLogin | None = None
    output: DatabaseOutput = field(default_factory=DatabaseOutput)
    other_uris: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    """Purpose → the URI of a login that is not the application's own."""


@dataclass(frozen=True)
class InCache:
    """An application in the cache."""

    login: RedisLogin | None = None
    output: CacheOutput = field(default_factory=CacheOutput)
    facts: Facts = field(default_factory=dict[str, pulumi.Input[Fact]])
    """What its environment holds of the cache."""


def in_database(name: str, args: AtlasDatabaseAccessArgs | None, opts: pulumi.ResourceOptions) -> InDatabase:
    """Makes an application's role and users, where it uses Atlas."""
    if args is None:
        return InDatabase()
    users, database = AtlasDatabaseAccess(name, args, opts), known(args["database"]) or ""
    return InDatabase(
        mongo_login(users, connection_string=args["connection_string"], database=database),
        {"database": database, "databaseUser": users.username, "databaseRole": users.role_name},
        {f"database-{purpose}": uri for purpose, uri in users.other_uris.items()},
    )


def in_cache(asked: Application, use: CacheUse | None) -> InCache:
    """Gives an application's login to the cache, where it uses one."""
    if use is None:
        return InCache()
    group = use.group
    return InCache(
        redis_login(asked, use),
        {"cacheUser": use.login.user_name},
        {
            "redis_host": group.endpoint,
            "redis_port": group.port,
            "redis_user": use.login.user_name,
            "redis_tls": group.tls,
            "redis_cluster_mode": group.cluster_mode,
        },
    )


def environment(
    stack: StackConfig, called: str, cache: Facts, secret_arns: Mapping[str, pulumi.Output[str]]
) -> ApplicationEnvironment:
    """Gives an application the variables of what it uses."""
    asked = stack.applications[called]
    variables = template(
        definition(),
        parts=parts_of(asked),
        mongo_pool_size=asked.pool_size,
        cache_login_with_iam=asked.cache_authentication == "iam",
    )
    facts = {**cache, "aws_region": stack.region, "jwt_secret_name": secret_name(stack, called, jwt.LABEL)}
    return application_environment(variables, facts=facts, secret_arns=secret_arns)


def parts_of(asked: Application) -> frozenset[Part]:
    """The parts of the environment that an application has."""
    used = {Part.DATABASE: asked.uses_atlas, Part.CACHE: asked.uses_cache, Part.TOKENS: asked.jwt_keys is not None}
    return frozenset(part for part, there in used.items() if there)
