"""Rules between an application's secrets and the rest of the stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem

from ..model.applications import Application
from ..model.stack import Tier
from . import Rule
from .guards import Guards


def deleted_secrets_can_be_restored(guards: Guards, applications: Mapping[str, Application]) -> Iterator[Problem]:
    longest = guards.number("secretsmanager-full-recovery", "minimumDays")
    for name, application in applications.items():
        days = application.secrets.recovery_window_days
        if days == 0 or 7 <= days < longest:  # between them the section itself says what is wrong
            policy = "secretsmanager-recovery" if days == 0 else "secretsmanager-full-recovery"
            path = ("applications", name, "secrets", "recoveryWindowDays")
            yield from guards.broken(policy, f"{name}-*", path)


def a_secret_does_not_outlive_its_key(tier: Tier, applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name, application in applications.items():
        secrets = application.secrets
        own = secrets.own_key
        if tier is Tier.PRODUCTION and own is not None and own.deletion_window_days < secrets.recovery_window_days:
            yield Problem(
                ("applications", name, "secrets", "ownKey", "deletionWindowDays"),
                f"A secret outlives its key: it can be restored for {secrets.recovery_window_days} days, and not be read "
                "without the key.",
                f"Write deletionWindowDays: {secrets.recovery_window_days} or more.",
            )


def given_secrets_are_in_the_configuration(
    applications: Mapping[str, Application], secret_keys: frozenset[str]
) -> Iterator[Problem]:
    for name, application in applications.items():
        for label, further in application.secrets.further.items():
            if further.given is not None and further.given not in secret_keys:
                yield Problem(
                    ("applications", name, "secrets", "further", label, "given"),
                    f"There is no secret configuration key dolmen:{further.given}.",
                    f"Set it: pulumi config set --secret dolmen:{further.given}. It asks for the value, so that no shell "
                    "keeps it.",
                )


def iam_logins_need_a_role(applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name, application in applications.items():
        if application.cache_authentication == "iam" and application.reader is None:
            yield Problem(
                ("applications", name, "cacheAuthentication"),
                "An application that logs in to the cache with IAM needs a role that may, and the reader is that role.",
                "Add reader: { attachToRole: <role> } or { ecsTasks: {} }, or write cacheAuthentication: password.",
            )


RULES: tuple[Rule, ...] = (
    deleted_secrets_can_be_restored,
    a_secret_does_not_outlive_its_key,
    given_secrets_are_in_the_configuration,
    iam_logins_need_a_role,
)
