"""The cache's own logins on a platform: a secret each, and a reader where one is asked for."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from .. import names
from ..keys import EncryptionKey
from ..secrets import CacheUserSecret, SecretReader, reader
from ..secrets.key import secrets_key_policy
from .cache_users import (
    cache_user_reader_args,
    cache_user_secret_args,
    cache_users_key_args,
    secret_names,
    shares_the_caches_key,
)
from .parts import CachePart
from .secrets import CacheUse

Arn = pulumi.Input[str] | None


def made_cache_users(
    name: str, part: CachePart, uses: Mapping[str, CacheUse], cache_key_arn: Arn, parent: pulumi.Resource
) -> dict[str, object]:
    """Publishes the logins `uses`, by what they are for; gives what the stack output says of each."""
    key_arn = _key_arn(name, part, cache_key_arn, parent)
    return {
        label: _made(names.below(name, label), part, label, use, key_arn, pulumi.ResourceOptions(parent=parent))
        for label, use in uses.items()
    }


def _made(
    name: str, part: CachePart, label: str, use: CacheUse, key_arn: Arn, child: pulumi.ResourceOptions
) -> dict[str, object]:
    secret = CacheUserSecret(name, cache_user_secret_args(part, label, use, key_arn), child)
    reads = cache_user_reader_args(part, label, secret_arns=secret.arn_patterns, kms_key_arn=key_arn)
    role = None if reads is None else SecretReader(names.below(name, reader.READER), reads, child).role_name
    return {"user": use.login.user_name, "secret": secret.arn, "readerRole": pulumi.Output.from_input(role)}


def _key_arn(name: str, part: CachePart, cache_key_arn: Arn, parent: pulumi.Resource) -> Arn:
    """The key of these secrets: their own, or the cache's created one."""
    kept = part.cache.secrets
    if shares_the_caches_key(part.cache):
        return cache_key_arn
    if kept.encryption_key is None or kept.encryption_key.adopt is not None:
        return None if kept.encryption_key is None else kept.encryption_key.adopt
    policy = secrets_key_policy(
        region=part.region,
        secret_names=secret_names(part),
        cross_account_readers=kept.cross_account_readers,
        parent=parent,
    )
    args = cache_users_key_args(part, policy=policy)
    return EncryptionKey(names.below(name, "secrets-key"), args, pulumi.ResourceOptions(parent=parent)).key_arn
