"""From the stack's configuration to the arguments of `DataPlatform`."""

from __future__ import annotations

from typing import Any

import pulumi

from ..loader import NAMESPACE
from ..model.stack import CACHE_PAGER_DUTY_KEY, PAGER_DUTY_KEY, SLACK_TOKEN, StackConfig
from ..platform import DataPlatformArgs
from ..secrets import SecretOf
from . import atlas, cache


def secret_of(key: str) -> pulumi.Output[str]:
    return pulumi.Config(NAMESPACE).require_secret(key)


def platform_args(stack: StackConfig, secret: SecretOf = secret_of) -> DataPlatformArgs:
    """Pure but for `secret`, which is asked only for keys that the configuration names; secrets are handed on as
    Pulumi's own secret outputs, never as text."""
    parts: dict[str, Any] = {
        "atlas_credentials": {"aws_secret": atlas.aws_secret(stack)},
        "project": atlas.project(stack),
        "cluster": atlas.cluster(stack),
        "private_link": atlas.private_link(stack),
        "network_container": atlas.network_container(stack),
        "peering": atlas.peering(stack),
        "access_list": atlas.access_list(stack),
        "encryption_key": atlas.encryption_key(stack),
        "backup_schedule": atlas.backup_schedule(stack),
        "alerts": _alerts(stack, secret),
        "cache_key": cache.cache_encryption_key(stack),
        "cache_access": cache.cache_access(stack),
        "cache": _cache(stack),
        "cache_alarms": _cache_alarms(stack, secret),
    }
    return {
        "tier": stack.tier.value,
        "region": stack.region,
        **{name: part for name, part in parts.items() if part is not None},
        "stack": stack,
        "secret": secret,
    }  # pyright: ignore[reportReturnType]  (each part is typed where it is made)


def _alerts(stack: StackConfig, secret: SecretOf) -> dict[str, Any] | None:
    alerts = atlas.alerts(stack)
    if alerts is None:
        return None
    keys: dict[str, Any] = {}
    if "slack_channel" in alerts:
        keys["slack_token"] = secret(SLACK_TOKEN)
    if atlas.wakes_pager_duty(stack):
        keys["pager_duty_service_key"] = secret(PAGER_DUTY_KEY)
    return {**alerts, **keys}


def _cache(stack: StackConfig) -> dict[str, Any]:
    keys = {"kms_key_arn": cache.adopted_key_arn(stack), "log_kms_key_arn": cache.log_key_arn(stack)}
    return {**cache.cache_replication_group(stack), **{name: key for name, key in keys.items() if key is not None}}


def _cache_alarms(stack: StackConfig, secret: SecretOf) -> dict[str, Any]:
    alarms: dict[str, Any] = {**cache.cache_alarms(stack)}
    if cache.pages_someone(stack):
        alarms["pager_duty_key"] = secret(CACHE_PAGER_DUTY_KEY)
    return alarms
