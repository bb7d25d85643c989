"""Gives the values of secrets that somebody else chose, from wherever the stack file says."""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from ..aws_secrets import looked_up
from .model.secret_value import SecretValue

ConfigSecretOf = Callable[[str], pulumi.Input[str]]
"""Gives the value of a secret configuration key as a secret output; asked only for keys that the stack names."""
SecretOf = Callable[[SecretValue], pulumi.Input[str]]
"""Gives a value as a secret output, asked only for what the stack names."""


def secret_of(config: ConfigSecretOf, parent: pulumi.Resource) -> SecretOf:
    """Reads from the configuration, or from AWS with the provider of `parent`."""

    def value(asked: SecretValue) -> pulumi.Input[str]:
        if asked.aws_secret is not None:
            return looked_up(asked.aws_secret, asked.field, parent)
        if asked.config is None:
            raise ValueError("A secret is read from exactly one place: config or awsSecret.")
        return config(asked.config)

    return value
