"""Stack checks between an application's secrets and the rest of the stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem
from dolmen.stackfile.problems import KeyPath

from ...keys import DEFAULT_DELETION_WINDOW_DAYS, LONGEST_DELETION_WINDOW_DAYS, SHORTEST_DELETION_WINDOW_DAYS
from ..cache_users import SERVICE_USERS, shares_the_caches_key
from ..model.applications import Application
from ..model.cache import Cache
from ..model.key import KeyChoice
from .guards import Guards

SECRETS = "secrets"
"""The role of an application's secrets in the names of what belongs to it."""
CACHE = "cache"
CACHE_USERS = (f"{CACHE}-access", *(f"{CACHE}-{label}" for label in SERVICE_USERS))
"""What the names of the cache's users, their secrets and their readers begin with, below the platform's."""
OWN_SECRETS = {CACHE: "the platform's users of the cache", "atlas": "Atlas's integrations"}
"""What stands in the names of the platform's own secrets where an application's name stands otherwise → whose they are."""


def deleted_secrets_can_be_restored(guards: Guards, applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name, application in applications.items():
        place = ("applications", name, SECRETS, "recoveryWindowDays")
        yield from _recovery(guards, f"{name}-*", application.secrets.recovery_window_days, place)


def deleted_logins_to_the_cache_can_be_restored(guards: Guards, cache: Cache) -> Iterator[Problem]:
    place = ("cache", SECRETS, "recoveryWindowDays")
    yield from _recovery(guards, f"{CACHE}-*", cache.secrets.recovery_window_days, place)


def _recovery(guards: Guards, role: str, days: int, place: KeyPath) -> Iterator[Problem]:
    longest = guards.number("secretsmanager-full-recovery", "minimumDays")
    if days == 0 or 7 <= days < longest:  # between them the section itself says what is wrong
        policy = "secretsmanager-recovery" if days == 0 else "secretsmanager-full-recovery"
        yield from guards.broken(policy, role, place)


def keys_outlive_the_secrets(applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name, application in applications.items():
        kept, place = application.secrets, ("applications", name, SECRETS, "encryptionKey")
        yield from _outlived(kept.encryption_key, kept.recovery_window_days, place)


def keys_outlive_the_logins_to_the_cache(cache: Cache) -> Iterator[Problem]:
    kept, place = cache.secrets, ("cache", SECRETS, "encryptionKey")
    if shares_the_caches_key(cache):
        yield from _outlived(cache.encryption_key, kept.recovery_window_days, ("cache", "encryptionKey"))
    yield from _outlived(kept.encryption_key, kept.recovery_window_days, place)


def _outlived(key: KeyChoice | None, recovery: int, place: KeyPath) -> Iterator[Problem]:
    if key is None or key.create is not True:
        return
    days = DEFAULT_DELETION_WINDOW_DAYS if key.deletion_window_days is None else key.deletion_window_days
    if SHORTEST_DELETION_WINDOW_DAYS <= days < recovery <= LONGEST_DELETION_WINDOW_DAYS:
        yield Problem(
            (*place, "deletionWindowDays"),
            f"A secret outlives its key: it can be restored for {recovery} days, and not be read without the key.",
            f"Write deletionWindowDays: {recovery} or more.",
        )


def applications_keep_their_names_apart(applications: Mapping[str, Application]) -> Iterator[Problem]:
    """What belongs to `chat` is named `chat-secrets-…`: an application `chat-secrets` would meet it there."""
    for name in applications:
        taken = [(f"{other}-{SECRETS}", f"the secrets of the application {other}") for other in applications]
        own = [(start, "the platform's users of the cache") for start in CACHE_USERS]
        if name in OWN_SECRETS:
            yield Problem(
                ("applications", name),
                f"The secrets of {OWN_SECRETS[name]} are called <platform>/{name}/….",
                "Give the application another name.",
            )
        for start, owner in [*taken, *own]:
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
                "Add reader: { attachToRole: <role> } or { ecsTasks: { as: task } }, or write cacheAuthentication: password.",
            )


CHECKS = (
    deleted_secrets_can_be_restored,
    deleted_logins_to_the_cache_can_be_restored,
    keys_outlive_the_secrets,
    keys_outlive_the_logins_to_the_cache,
    applications_keep_their_names_apart,
    iam_logins_need_a_role,
)
