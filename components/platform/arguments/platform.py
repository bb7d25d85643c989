"""From the stack's configuration to the arguments of `DataPlatform`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from ..loader import NAMESPACE
from ..model.stack import PAGER_DUTY_KEY, SLACK_TOKEN, StackConfig
from ..platform import DataPlatformArgs
from . import atlas, secrets

SecretOf = Callable[[str], Any]
"""Name of a secret configuration key → its value as a secret output."""


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
    }
    return {
        "tier": stack.tier.value,
        "region": stack.region,
        "stack": stack,
        "secret": secret,
        **{name: part for name, part in parts.items() if part is not None},
        "applications": {name: _application(stack, name, secret) for name in stack.applications},
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


def _application(stack: StackConfig, name: str, secret: SecretOf) -> dict[str, Any]:
    given = {label: secret(key) for label, key in secrets.given_secrets(stack, name).items()}
    return {
        "application": name,
        "database_access": atlas.database_access(stack, name),
        "secrets": {**secrets.application_secrets(stack, name), **({"given": given} if given else {})},
    }
