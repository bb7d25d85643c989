"""From the stack's configuration to the arguments of `DataPlatform`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from ..loader import NAMESPACE
from ..model.stack import CACHE_PAGER_DUTY_KEY, StackConfig
from ..platform import DataPlatformArgs
from . import cache, secrets

SecretOf = Callable[[str], Any]
"""Name of a secret configuration key → its value as a secret output."""


def secret_of(key: str) -> pulumi.Output[str]:
    return pulumi.Config(NAMESPACE).require_secret(key)


def platform_args(stack: StackConfig, secret: SecretOf = secret_of) -> DataPlatformArgs:
    """Pure but for `secret`, which is asked only for keys that the configuration names; secrets are handed on as
    Pulumi's own secret outputs, never as text."""
    parts: dict[str, Any] = {
        "cache_key": cache.cache_encryption_key(stack),
        "cache_access": cache.cache_access(stack),
        "cache": _cache(stack),
        "cache_alarms": _cache_alarms(stack, secret),
    }
    return {
        "stack": stack,
        "secret": secret,
        **{name: part for name, part in parts.items() if part is not None},
        "applications": {name: _application(stack, name, secret) for name in stack.applications},
    }  # pyright: ignore[reportReturnType]  (each part is typed where it is made)


def _cache(stack: StackConfig) -> dict[str, Any]:
    keys = {"kms_key_arn": cache.adopted_key_arn(stack), "log_kms_key_arn": cache.log_key_arn(stack)}
    return {**cache.cache_replication_group(stack), **{name: key for name, key in keys.items() if key is not None}}


def _cache_alarms(stack: StackConfig, secret: SecretOf) -> dict[str, Any]:
    alarms: dict[str, Any] = {**cache.cache_alarms(stack)}
    if cache.pages_someone(stack):
        alarms["pager_duty_key"] = secret(CACHE_PAGER_DUTY_KEY)
    return alarms


def _application(stack: StackConfig, name: str, secret: SecretOf) -> dict[str, Any]:
    given = {label: secret(key) for label, key in secrets.given_secrets(stack, name).items()}
    return {
        "application": name,
        "secrets": {**secrets.application_secrets(stack, name), **({"given": given} if given else {})},
    }
