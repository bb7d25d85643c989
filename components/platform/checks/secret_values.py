"""Stack checks of third parties' keys: each is read from somewhere, and none lies there unread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem
from dolmen.stackfile.problems import HIDDEN, KeyPath, shown

from ...arguments import closest
from ..model.secret_value import SECRET_KEYS, SecretValue


def secret_values_are_in_the_configuration(
    secret_values: Mapping[KeyPath, SecretValue], secret_keys: frozenset[str]
) -> Iterator[Problem]:
    for path, value in secret_values.items():
        if value.config is not None and value.config not in secret_keys:
            hidden = shown(("config",), value.config) == HIDDEN
            key = "dolmen:<key>" if hidden else f"dolmen:{value.config}"
            yield Problem(
                path,
                "There is no secret configuration key of this name." if hidden else f"There is no secret key {key}.",
                f"Run `pulumi config set --secret {key}`, which asks for the value, or read it from AWS: "
                f"{path[-1]}: {{awsSecret: <name of the secret>}}.",
            )


def every_secret_key_is_used(secret_keys: frozenset[str], read_keys: frozenset[str]) -> Iterator[Problem]:
    """The platform's own keys may wait for the section that reads them."""
    for key in sorted(secret_keys - {*SECRET_KEYS, *read_keys}):
        meant = closest(key, sorted({*SECRET_KEYS, *read_keys}))
        yield Problem(
            (key,),
            "Nothing reads this secret.",
            f"Did you mean {meant}?"
            if meant
            else f"Remove it, or name it where it is read, such as under an application's secrets.further: "
            f"{{given: {{config: {key}}}}}.",
        )


CHECKS = (secret_values_are_in_the_configuration, every_secret_key_is_used)
