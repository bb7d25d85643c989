"""What a stack asks of the components of an application's secrets: their own arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from dolmen.stackfile.problems import KeyPath

from .. import keys, names
from ..arguments import Place, Unknown, known, unknown
from ..atlas.database_access import AtlasDatabaseAccess
from ..cache.access import CacheLogin
from ..cache.replication_group import CacheReplicationGroup
from ..keys import EncryptionKeyArgs
from ..secrets import application, reader
from ..secrets.application import ApplicationSecretsArgs, GeneratedValue
from ..secrets.given import GivenSecretArgs
from ..secrets.reader import SecretReaderArgs
from .asked import ComponentCheck
from .model.stack import StackConfig

SecretOf = Callable[[str], pulumi.Input[str]]
"""Gives the value of a secret configuration key as a secret output; asked only for keys that the stack names."""


def secret_name(stack: StackConfig, called: str, label: str) -> str:
    """Names a secret of the application `called`."""
    return names.secret(stack.name, called, label, stack.applications[called].secrets.name_prefix)


def encryption_key_args(stack: StackConfig, called: str, *, policy: pulumi.Input[str]) -> EncryptionKeyArgs:
    """The key that an application's secrets are given, where one is created."""
    asked = stack.applications[called].secrets.encryption_key
    args: EncryptionKeyArgs = {
        "alias": unknown(str) if known(stack.name) is None else names.key_alias(stack.name, called, "secrets"),
        "description": f"Secrets of {called} on {stack.name}",
        "policy": policy,
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }
    if asked is not None and asked.deletion_window_days is not None:
        args["deletion_window_days"] = asked.deletion_window_days
    return args


def application_secrets_args(
    stack: StackConfig,
    called: str,
    *,
    users: AtlasDatabaseAccess,
    connection_string: pulumi.Input[str],
    cache: CacheReplicationGroup,
    cache_login: CacheLogin,
    secret: SecretOf,
    kms_key_arn: pulumi.Input[str] | None,
) -> ApplicationSecretsArgs:
    asked = stack.applications[called]
    further = asked.secrets.further
    args: ApplicationSecretsArgs = {
        "platform": stack.name,
        "application": called,
        "region": stack.region,
        "name_prefix": asked.secrets.name_prefix,
        "mongo_connection_string": connection_string,
        "mongo_user": users.username,
        "mongo_password": users.password,
        "mongo_database": asked.database,
        "redis_host": cache.endpoint,
        "redis_port": cache.port,
        "redis_user": cache_login.user_names.get("password", cache_login.user_name),
        "redis_tls": cache.tls,
        "redis_cluster_mode": cache.cluster_mode,
        "jwt_generation": asked.jwt_keys.generation,
        "jwt_active": asked.jwt_keys.active,
        "generated": {
            label: _generated(one.generated.length, one.generated.generation)
            for label, one in further.items()
            if one.generated is not None
        },
        "given": {label: secret(one.given) for label, one in further.items() if one.given is not None},
        "protect_data": stack.production,
        "recovery_window_days": asked.secrets.recovery_window_days,
        "cross_account_readers": list(asked.secrets.cross_account_readers),
        "tags": dict(stack.tags),
    }
    if cache_login.password is not None:
        args["redis_password"] = cache_login.password
    if "iam" in asked.cache_ways:
        args["redis_iam_user"] = cache_login.user_names["iam"]
        args["redis_authentication"] = asked.cache_authentication
    if kms_key_arn is not None:
        args["kms_key_arn"] = kms_key_arn
    if asked.secrets.only_principals:
        args["only_principals"] = list(asked.secrets.only_principals)
    if asked.reader is not None:
        made = unknown(str) if known(stack.name) is None else names.role(stack.name, called, reader.READER)
        args["reader_roles"] = [asked.reader.attach_to_role or made]
    return args


def _generated(length: int | None, generation: int | None) -> GeneratedValue:
    value: GeneratedValue = {}
    if length is not None:
        value["length"] = length
    if generation is not None:
        value["generation"] = generation
    return value


def secret_reader_args(
    stack: StackConfig,
    called: str,
    *,
    secret_arns: pulumi.Input[list[str]],
    kms_key_arn: pulumi.Input[str] | None,
    cache: CacheReplicationGroup,
    cache_login: CacheLogin,
) -> SecretReaderArgs | None:
    asked = stack.applications[called].reader
    if asked is None:
        return None
    args: SecretReaderArgs = {
        "platform": stack.name,
        "application": called,
        "secret_arns": secret_arns,
        "tags": dict(stack.tags),
    }
    if kms_key_arn is not None:
        args["kms_key_arn"] = kms_key_arn
    if "iam" in stack.applications[called].cache_ways:
        args["cache_arn"], args["cache_user_arn"] = cache.arn, cache_login.user_arn
    if asked.attach_to_role is not None:
        args["attach_to_role"] = asked.attach_to_role
    if asked.ecs_tasks is not None:
        args["ecs_tasks"] = True
    if (pods := asked.eks_pod_identity) is not None:
        args["eks_pod_identity"] = {
            "cluster": pods.cluster,
            "namespace": pods.namespace,
            "service_account": pods.service_account,
        }
    if (irsa := asked.irsa) is not None:
        args["irsa"] = {
            "oidc_provider_arn": irsa.oidc_provider_arn,
            "namespace": irsa.namespace,
            "service_account": irsa.service_account,
        }
    if asked.lambda_function is not None:
        args["lambda_function"] = True
    if asked.permissions_boundary is not None:
        args["permissions_boundary"] = asked.permissions_boundary
    return args


def other_login_args(
    stack: StackConfig, called: str, label: str, *, uri: pulumi.Input[str], kms_key_arn: pulumi.Input[str] | None
) -> GivenSecretArgs:
    asked = stack.applications[called].secrets
    args: GivenSecretArgs = {
        "platform": stack.name,
        "application": called,
        "name_prefix": asked.name_prefix,
        "label": label,
        "value": uri,
        "protect_data": stack.production,
        "recovery_window_days": asked.recovery_window_days,
        "tags": dict(stack.tags),
    }
    if kms_key_arn is not None:
        args["kms_key_arn"] = kms_key_arn
    return args


# ---- what the loader asks


def _checked_secrets(stack: StackConfig) -> Iterator[tuple[KeyPath, ApplicationSecretsArgs]]:
    for called in stack.applications:
        key = stack.applications[called].secrets.encryption_key
        yield (
            ("applications", called),
            application_secrets_args(
                stack,
                called,
                users=unknown(AtlasDatabaseAccess),
                connection_string=unknown(str),
                cache=unknown(CacheReplicationGroup),
                cache_login=unknown(CacheLogin),
                secret=lambda _: unknown(pulumi.Output[str]),
                kms_key_arn=None if key is None else key.adopt or unknown(str),
            ),
        )


def _checked_keys(stack: StackConfig) -> Iterator[tuple[KeyPath, EncryptionKeyArgs]]:
    for called in stack.applications:
        if stack.applications[called].secrets.encryption_key is not None:
            place = ("applications", called, "secrets", "encryptionKey")
            yield place, encryption_key_args(stack, called, policy=unknown(str))


def _checked_readers(stack: StackConfig) -> Iterator[tuple[KeyPath, SecretReaderArgs]]:
    for called in stack.applications:
        args = secret_reader_args(
            stack,
            called,
            secret_arns=unknown(list[str]),
            kms_key_arn=None,
            cache=unknown(CacheReplicationGroup),
            cache_login=unknown(CacheLogin),
        )
        if args is not None and not isinstance(stack.applications[called].reader, Unknown):
            yield ("applications", called, "reader"), args


def _secrets_place(argument: Place) -> KeyPath:
    """Where an argument of `ApplicationSecrets` stands in the application's section."""
    match argument:
        case ("jwt_generation" | "jwt_active" as which,):
            return "jwtKeys", which.removeprefix("jwt_")
        case ("kms_key_arn",):
            return "secrets", "encryptionKey", "adopt"
        case ("reader_roles", *_):
            return "reader", "attachToRole"
        case ("generated", label, one, *_):
            return "secrets", "further", label, "generated", one
        case ("generated" | "given", label, *_):
            return "secrets", "further", label
        case (first, *rest):
            return "secrets", to_camel(str(first)), *rest
        case _:
            return ("secrets",)


CHECKS: tuple[ComponentCheck[Any], ...] = (
    ComponentCheck(_checked_secrets, application.problems, _secrets_place),
    ComponentCheck(_checked_keys, keys.problems),
    ComponentCheck(_checked_readers, reader.problems),
)
