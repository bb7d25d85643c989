"""What a stack asks of the secrets of the cache's own logins, which belong to no application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from dolmen.stackfile.problems import KeyPath

from .. import keys, names
from ..arguments import Place, Unknown, unknown
from ..cache.access import CacheLogin
from ..cache.replication_group import CacheReplicationGroup
from ..keys import EncryptionKeyArgs
from ..secrets import cache_user, reader
from ..secrets.cache_user import OWNER, CacheUserSecretArgs
from ..secrets.reader import SecretReaderArgs
from .asked import OTHERS, ComponentCheck
from .cache import EXPORTER, OPERATIONS
from .key import created_key_args, creates
from .model.cache import Cache, ServiceUser
from .model.stack import StackConfig
from .parts import CachePart, cache_part
from .secrets import CacheUse, reader_args, reader_roles, replicas_of

SERVICE_USERS: Mapping[str, str] = {EXPORTER: "exporterUser", OPERATIONS: "operationsUser"}
"""Login → its key in the cache's section."""


def service_user(cache: Cache, label: str) -> ServiceUser:
    return cache.exporter_user if label == EXPORTER else cache.operations_user


def in_names(label: str) -> str:
    """What stands in the names of a login's reader where an application's name stands otherwise."""
    return f"{OWNER}-{label}"


def cache_user_secret_args(
    part: CachePart, label: str, use: CacheUse, kms_key_arn: pulumi.Input[str] | None
) -> CacheUserSecretArgs:
    kept, login, group = part.cache.secrets, use.login, use.group
    if login.password is None:
        raise ValueError(f"{label} logs in with a password")
    called = in_names(label)
    return {
        "platform": part.name,
        "label": label,
        "region": part.region,
        "name_prefix": kept.name_prefix,
        "host": group.endpoint,
        "port": group.port,
        "user": login.user_name,
        "password": login.password,
        "tls": group.tls,
        "cluster_mode": group.cluster_mode,
        "protect_data": part.production,
        "recovery_window_days": kept.recovery_window_days,
        "kms_key_arn": kms_key_arn,
        "replicas": replicas_of(kept),
        "only_principals": list(kept.only_principals) or None,
        "reader_roles": reader_roles(part, called, service_user(part.cache, label).reader),
        "cross_account_readers": list(kept.cross_account_readers),
        "tags": dict(part.tags),
    }


def cache_user_reader_args(
    part: CachePart, label: str, *, secret_arns: pulumi.Input[list[str]], kms_key_arn: pulumi.Input[str] | None
) -> SecretReaderArgs | None:
    asked, kept = service_user(part.cache, label).reader, part.cache.secrets
    if asked is None:
        return None
    return reader_args(part, in_names(label), asked, kept, secret_arns=secret_arns, kms_key_arn=kms_key_arn)


def cache_users_key_args(part: CachePart, *, policy: pulumi.Input[str]) -> EncryptionKeyArgs:
    """A key for these secrets alone; made where `creates(part.cache.secrets.encryption_key)`."""
    choice, description = part.cache.secrets.encryption_key, f"Secrets of the cache of {part.name}"
    return created_key_args(part, choice, description, OWNER, "secrets", policy=policy)


def secret_names(part: CachePart) -> list[str]:
    prefix = part.cache.secrets.name_prefix
    return [names.secret(part.name, OWNER, label, prefix) for label in SERVICE_USERS]


def shares_the_caches_key(cache: Cache) -> bool:
    """Whether the cache's created key encrypts the secrets, too: its policy lets in nobody of another account."""
    kept = cache.secrets
    return creates(cache.encryption_key) and kept.encryption_key is None and not kept.cross_account_readers


# ---- what the components would refuse


_USE = CacheUse(unknown(CacheLogin), unknown(CacheReplicationGroup))


def _secrets_of(stack: StackConfig) -> list[tuple[KeyPath, CacheUserSecretArgs]]:
    """One stands for all: what can be wrong of them is said once, in the section that they share."""
    part = cache_part(stack)
    if part is None:
        return []
    key = part.cache.secrets.encryption_key
    adopted = None if key is None else key.adopt or OTHERS
    arn = OTHERS if shares_the_caches_key(part.cache) else adopted
    return [(("cache",), {**cache_user_secret_args(part, EXPORTER, _USE, arn), "reader_roles": None})]


def _key_of(stack: StackConfig) -> list[tuple[KeyPath, EncryptionKeyArgs]]:
    part = cache_part(stack)
    if part is None or not creates(part.cache.secrets.encryption_key):
        return []
    return [(("cache", "secrets", "encryptionKey"), cache_users_key_args(part, policy=OTHERS))]


def _readers_of(stack: StackConfig) -> list[tuple[KeyPath, SecretReaderArgs]]:
    part = cache_part(stack)
    found: list[tuple[KeyPath, SecretReaderArgs]] = []
    if part is None:
        return found
    for label, key in SERVICE_USERS.items():
        if isinstance(service_user(part.cache, label).reader, Unknown):
            continue
        args = cache_user_reader_args(part, label, secret_arns=unknown(list[str]), kms_key_arn=None)
        if args is not None:
            # What is wrong with copies is said once, of the secrets.
            found.append((("cache", key, "reader"), {**args, "replica_key_arns": []}))
    return found


def _place(argument: Place) -> KeyPath:
    """Where an argument of `CacheUserSecret` stands in the cache's section."""
    match argument:
        case ("kms_key_arn",):
            return "secrets", "encryptionKey", "adopt"
        case ("replicas", region, "kms_key_arn"):
            return "secrets", "replicas", region, "kmsKeyArn"
        case (first, *rest):
            return "secrets", to_camel(str(first)), *rest
        case _:
            return ("secrets",)


CHECKS: tuple[ComponentCheck[Any], ...] = (
    ComponentCheck(_secrets_of, cache_user.problems, _place),
    ComponentCheck(_key_of, keys.problems),
    ComponentCheck(_readers_of, reader.problems),
)
