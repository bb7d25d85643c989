"""Rules between an application's secrets and the rest of the stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem

from ..model.applications import Application
from ..model.stack import Tier
from .rule import Rule

PRODUCTION_RECOVERY_DAYS = 30


def production_keeps_deleted_secrets_for_a_month(
    tier: Tier, applications: Mapping[str, Application]
) -> Iterator[Problem]:
    if tier is not Tier.PRODUCTION:
        return
    for name, application in applications.items():
        secrets = application.secrets
        possible = secrets.recovery_window_days == 0 or secrets.recovery_window_days >= 7  # else the section says so
        if possible and secrets.recovery_window_days < PRODUCTION_RECOVERY_DAYS:
            yield Problem(
                ("applications", name, "secrets", "recoveryWindowDays"),
                f"In production a deleted secret can be restored for {PRODUCTION_RECOVERY_DAYS} days.",
                f"Write recoveryWindowDays: {PRODUCTION_RECOVERY_DAYS}, or leave the key out.",
            )
        if secrets.own_key is not None and secrets.own_key.deletion_window_days < secrets.recovery_window_days:
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
    production_keeps_deleted_secrets_for_a_month,
    given_secrets_are_in_the_configuration,
    iam_logins_need_a_role,
)
