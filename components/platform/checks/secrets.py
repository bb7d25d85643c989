"""Stack checks between an application's secrets and the rest of the stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem

from ...keys import DEFAULT_DELETION_WINDOW_DAYS, LONGEST_DELETION_WINDOW_DAYS, SHORTEST_DELETION_WINDOW_DAYS
from ..model.applications import Application
from .guards import Guards

SECRETS = "secrets"
"""The role of an application's secrets in the names of what belongs to it."""
CACHE_USERS = "cache-access"
"""What the names of the cache's users begin with, below the platform's."""


def deleted_secrets_can_be_restored(guards: Guards, applications: Mapping[str, Application]) -> Iterator[Problem]:
    longest = guards.number("secretsmanager-full-recovery", "minimumDays")
    for name, application in applications.items():
        days = application.secrets.recovery_window_days
        if days == 0 or 7 <= days < longest:  # between them the section itself says what is wrong
            policy = "secretsmanager-recovery" if days == 0 else "secretsmanager-full-recovery"
            path = ("applications", name, "secrets", "recoveryWindowDays")
            yield from guards.broken(policy, f"{name}-*", path)


def keys_outlive_the_secrets(applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name, application in applications.items():
        secrets = application.secrets
        key = secrets.encryption_key
        if key is None or key.create is not True:
            continue
        days = DEFAULT_DELETION_WINDOW_DAYS if key.deletion_window_days is None else key.deletion_window_days
        if SHORTEST_DELETION_WINDOW_DAYS <= days < secrets.recovery_window_days <= LONGEST_DELETION_WINDOW_DAYS:
            yield Problem(
                ("applications", name, "secrets", "encryptionKey", "deletionWindowDays"),
                f"A secret outlives its key: it can be restored for {secrets.recovery_window_days} days, and not be read "
                "without the key.",
                f"Write deletionWindowDays: {secrets.recovery_window_days} or more.",
            )


def applications_keep_their_names_apart(applications: Mapping[str, Application]) -> Iterator[Problem]:
    """What belongs to `chat` is named `chat-secrets-…`: an application `chat-secrets` would meet it there."""
    for name in applications:
        taken = [(f"{other}-{SECRETS}", f"the secrets of the application {other}") for other in applications]
        for start, owner in [*taken, (CACHE_USERS, "the platform's users of the cache")]:
            if f"{name}-".startswith(f"{start}-"):
                yield Problem(
                    ("applications", name),
                    f"Names that begin with {start} belong to {owner}.",
                    "Give the application another name.",
                )


def iam_logins_need_a_role(applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name, application in applications.items():
        if "iam" in application.cache_ways and application.reader is None:
            key = "cacheAuthentication" if application.cache_logins is None else "cacheLogins"
            yield Problem(
                ("applications", name, key),
                "An application that logs in to the cache with IAM needs a role that may, and the reader is that role.",
                "Add reader: { attachToRole: <role> } or { ecsTasks: {} }, or write cacheAuthentication: password.",
            )


CHECKS = (
    deleted_secrets_can_be_restored,
    keys_outlive_the_secrets,
    applications_keep_their_names_apart,
    iam_logins_need_a_role,
)
