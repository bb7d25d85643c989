"""What a stack asks of the components of an application's secrets: their own arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from dolmen.stackfile.problems import KeyPath

from .. import keys, names
from ..arguments import Place, Unknown, unknown
from ..atlas.database_access import AtlasDatabaseAccess
from ..cache.access import CacheLogin
from ..cache.replication_group import CacheReplicationGroup
from ..keys import EncryptionKeyArgs
from ..secrets import application, database, jwt, reader
from ..secrets.application import ApplicationSecretsArgs
from ..secrets.database import MongoLogin, RedisLogin
from ..secrets.given import GivenSecretArgs
from ..secrets.reader import SecretReaderArgs
from ..secrets.replicas import SecretReplica, replica_keys
from .asked import OTHERS, ComponentCheck, each_application, named
from .key import Owner, created_key_args
from .model.applications import Application
from .model.secrets import Reader, SecretStorage
from .model.stack import StackConfig
from .parts import whole
from .secret_values import SecretOf


@dataclass(frozen=True)
class CacheUse:
    """An application's login to the cache, and the cache."""

    login: CacheLogin
    group: CacheReplicationGroup


def mongo_login(users: AtlasDatabaseAccess, *, connection_string: pulumi.Input[str], database: str) -> MongoLogin:
    return {
        "connection_string": connection_string,
        "user": users.username,
        "password": users.password,
        "database": database,
    }


def redis_login(asked: Application, use: CacheUse) -> RedisLogin:
    login, group, with_iam = use.login, use.group, "iam" in asked.cache_ways
    return {
        "host": group.endpoint,
        "port": group.port,
        "user": login.user_names.get("password", login.user_name),
        "password": login.password,
        "iam_user": login.user_names["iam"] if with_iam else None,
        "authentication": asked.cache_authentication if with_iam else None,
        "tls": group.tls,
        "cluster_mode": group.cluster_mode,
    }


def secret_name(stack: StackConfig, called: str, label: str) -> str:
    """Names a secret of the application `called`."""
    return names.secret(stack.name, called, label, stack.applications[called].secrets.name_prefix)


def secret_labels(asked: Application) -> list[str]:
    """The last parts of the names of an application's secrets."""
    own = [database.LABEL] if asked.jwt_keys is None else [database.LABEL, jwt.LABEL]
    return [*own, *asked.secrets.further]


def encryption_key_args(stack: StackConfig, called: str, *, policy: pulumi.Input[str]) -> EncryptionKeyArgs:
    """The key that an application's secrets are given, where one is created."""
    choice = stack.applications[called].secrets.encryption_key
    return created_key_args(stack, choice, f"Secrets of {called} on {stack.name}", called, "secrets", policy=policy)


def application_secrets_args(
    stack: StackConfig,
    called: str,
    *,
    mongo: MongoLogin | None,
    redis: RedisLogin | None,
    secret: SecretOf,
    kms_key_arn: pulumi.Input[str] | None,
) -> ApplicationSecretsArgs:
    asked = stack.applications[called]
    kept, reads, keys = asked.secrets, asked.reader, asked.jwt_keys
    return {
        "platform": stack.name,
        "application": called,
        "region": stack.region,
        "name_prefix": kept.name_prefix,
        "mongo": mongo,
        "redis": redis,
        "jwt": None if keys is None else {"generation": keys.generation, "active": keys.active},
        "generated": {
            label: {"length": one.generated.length, "generation": one.generated.generation}
            for label, one in kept.further.items()
            if one.generated is not None
        },
        "given": {label: secret(one.given) for label, one in kept.further.items() if one.given is not None},
        "protect_data": stack.production,
        "recovery_window_days": kept.recovery_window_days,
        "kms_key_arn": kms_key_arn,
        "replicas": replicas_of(kept),
        "only_principals": list(kept.only_principals) or None,
        "reader_roles": reader_roles(stack, called, reads),
        "cross_account_readers": list(kept.cross_account_readers),
        "tags": dict(stack.tags),
    }


def reader_roles(stack: Owner, called: str, asked: Reader | None) -> list[str] | None:
    """The role that reads, given or made; nothing where nobody does."""
    return None if asked is None else [asked.attach_to_role or named(stack, names.role, called, reader.READER)]


def replicas_of(kept: SecretStorage) -> dict[str, pulumi.Input[SecretReplica]]:
    return {region: {"kms_key_arn": one.kms_key_arn} for region, one in kept.replicas.items()}


def secret_reader_args(
    stack: StackConfig,
    called: str,
    *,
    secret_arns: pulumi.Input[list[str]],
    kms_key_arn: pulumi.Input[str] | None,
    cache: CacheUse | None,
) -> SecretReaderArgs | None:
    asked = stack.applications[called].reader
    if asked is None:
        return None
    with_iam = cache if "iam" in stack.applications[called].cache_ways else None
    return {
        **reader_args(
            stack,
            called,
            asked,
            stack.applications[called].secrets,
            secret_arns=secret_arns,
            kms_key_arn=kms_key_arn,
        ),
        "cache_arn": None if with_iam is None else with_iam.group.arn,
        "cache_user_arn": None if with_iam is None else with_iam.login.user_arn,
    }


def reader_args(
    stack: Owner,
    called: str,
    asked: Reader,
    kept: SecretStorage,
    *,
    secret_arns: pulumi.Input[list[str]],
    kms_key_arn: pulumi.Input[str] | None,
) -> SecretReaderArgs:
    """Whoever reads, an application or another; `called` is in the names of role and policy."""
    pods, irsa, ecs = asked.eks_pod_identity, asked.irsa, asked.ecs_tasks
    return {
        "platform": stack.name,
        "application": called,
        "secret_arns": secret_arns,
        "kms_key_arn": kms_key_arn,
        "replica_key_arns": replica_keys(replicas_of(kept)),
        "attach_to_role": asked.attach_to_role,
        "ecs_tasks": None if ecs is None else ecs.as_,
        "eks_pod_identity": None
        if pods is None
        else {"cluster": pods.cluster, "namespace": pods.namespace, "service_account": pods.service_account},
        "irsa": None
        if irsa is None
        else {
            "oidc_provider_arn": irsa.oidc_provider_arn,
            "namespace": irsa.namespace,
            "service_account": irsa.service_account,
        },
        "lambda_function": asked.lambda_function is not None,
        "permissions_boundary": asked.permissions_boundary,
        "tags": dict(stack.tags),
    }


def other_login_args(
    stack: StackConfig, called: str, label: str, *, uri: pulumi.Input[str], kms_key_arn: pulumi.Input[str] | None
) -> GivenSecretArgs:
    asked = stack.applications[called].secrets
    return {
        "platform": stack.name,
        "application": called,
        "name_prefix": asked.name_prefix,
        "label": label,
        "value": uri,
        "protect_data": stack.production,
        "recovery_window_days": asked.recovery_window_days,
        "kms_key_arn": kms_key_arn,
        "replicas": replicas_of(asked),
        "tags": dict(stack.tags),
    }


# ---- what the components would refuse


_CACHE = CacheUse(unknown(CacheLogin), unknown(CacheReplicationGroup))


def _secrets_of(stack: StackConfig, called: str) -> ApplicationSecretsArgs | None:
    """Not of an application without a login, which its section refuses."""
    asked = stack.applications[called]
    if not asked.uses_atlas and not asked.uses_cache:
        return None
    key = asked.secrets.encryption_key
    return application_secrets_args(
        stack,
        called,
        mongo=mongo_login(unknown(AtlasDatabaseAccess), connection_string=OTHERS, database=OTHERS),
        redis=redis_login(asked, _CACHE),
        secret=lambda _: OTHERS,
        kms_key_arn=None if key is None else key.adopt or OTHERS,
    )


def _key_of(stack: StackConfig, called: str) -> EncryptionKeyArgs | None:
    made = stack.applications[called].secrets.encryption_key is not None
    return encryption_key_args(stack, called, policy=OTHERS) if made else None


def _reader_of(stack: StackConfig, called: str) -> SecretReaderArgs | None:
    if isinstance(stack.applications[called].reader, Unknown):
        return None
    return secret_reader_args(
        stack,
        called,
        secret_arns=unknown(list[str]),
        kms_key_arn=None,
        cache=_CACHE,
    )


def _secrets_place(argument: Place) -> KeyPath:
    """Where an argument of `ApplicationSecrets` stands in the application's section."""
    match argument:
        case ("jwt", *which):
            return "jwtKeys", *which
        case ("kms_key_arn",):
            return "secrets", "encryptionKey", "adopt"
        case ("reader_roles", *_):
            return "reader", "attachToRole"
        case ("replicas", region, "kms_key_arn"):
            return "secrets", "replicas", region, "kmsKeyArn"
        case ("generated", label, one, *_):
            return "secrets", "further", label, "generated", one
        case ("generated" | "given", label, *_):
            return "secrets", "further", label
        case (first, *rest):
            return "secrets", to_camel(str(first)), *rest
        case _:
            return ("secrets",)


CHECKS: tuple[ComponentCheck[Any], ...] = (
    ComponentCheck(each_application(whole, args=_secrets_of), application.problems, _secrets_place),
    ComponentCheck(each_application(whole, "secrets", "encryptionKey", args=_key_of), keys.problems),
    ComponentCheck(each_application(whole, "reader", args=_reader_of), reader.problems),
)
