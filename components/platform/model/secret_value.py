"""Where a third party's key is read from: one spelling for every secret that somebody else chose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, model_validator

from dolmen.stackfile import Problem

from ...aws_secrets import field_problems, secret_name_problems
from .base import Section, broken

SLACK_TOKEN = "slackToken"  # noqa: S105  (names of configuration keys, not secrets)
PAGER_DUTY_KEY = "pagerDutyServiceKey"
CACHE_PAGER_DUTY_KEY = "cachePagerDutyKey"
SECRET_KEYS = (SLACK_TOKEN, PAGER_DUTY_KEY, CACHE_PAGER_DUTY_KEY)
"""Top-level secret configuration keys that are read where a stack file says nothing else."""
NO_VALUE = (
    "A secret's value never stands in a stack file: this says where it is read from.",
    "Write {awsSecret: <name of the secret>}, or {config: <key>} and set that with `pulumi config set --secret`. "
    "If it is the value itself, remove it from the history, too.",
)
"""Rule and remedy."""


def _config_key(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", value):
        raise broken(
            "This names a key of the stack's configuration, not the secret's value.",
            "Write a key such as stripeKey, and set it with `pulumi config set --secret dolmen:stripeKey`.",
            hidden=True,
        )
    return value


def _secret_name(value: str) -> str:
    for problem in secret_name_problems(value, ()):
        raise broken(problem.rule, problem.remedy, hidden=True)
    return value


def _field(value: str) -> str:
    for problem in field_problems(value, ()):
        raise broken(problem.rule, problem.remedy, hidden=True)
    return value


class SecretValue(Section):
    """Where a secret is read from: exactly one of `config` and `awsSecret`. The value never stands here."""

    config: Annotated[str, AfterValidator(_config_key)] | None = None
    """The secret configuration key that holds it, without `dolmen:`: the value is encrypted in this file."""
    aws_secret: Annotated[str, AfterValidator(_secret_name)] | None = None
    """Name or ARN of a secret in AWS Secrets Manager, which the deploying role reads: this file then holds nothing of
    it, and a new value there comes with the next deployment."""
    field: Annotated[str, AfterValidator(_field)] | None = None
    """The value's key in the JSON that the AWS secret holds. Default: the secret's whole text."""

    @model_validator(mode="before")
    @classmethod
    def _no_value(cls, value: Any) -> Any:
        if isinstance(value, str | int | float):
            raise broken(*NO_VALUE, hidden=True)
        return value

    def problems(self) -> Iterator[Problem]:
        if (self.config is None) == (self.aws_secret is None):
            yield Problem(
                (),
                "A secret is read from exactly one place.",
                "Write {awsSecret: <name of the secret>} or {config: <key>}.",
            )
        elif self.field is not None and self.aws_secret is None:
            yield Problem(
                ("field",),
                "A configuration key holds one value, and no fields.",
                "Remove field, or read the value from an awsSecret.",
            )
