"""KMS: keys and their policies."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import statements
from .framework.resources import Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .types import (
    ATLAS_ENCRYPTION,
    KMS_EXTERNAL_KEY,
    KMS_KEY,
    KMS_KEY_POLICY,
    KMS_REPLICA_KEY,
    REPLICATION_GROUP,
    SECRET,
    SERVERLESS_CACHE,
)

KEYS = (KMS_KEY, KMS_EXTERNAL_KEY, KMS_REPLICA_KEY)


@resource_rule("kms-rotation", KMS_KEY)
def rotation(key: Resource, settings: Settings) -> Iterator[str]:
    """Only KMS's own symmetric keys can be rotated by KMS."""
    spec = key.known("customerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    usage = key.known("keyUsage") or "ENCRYPT_DECRYPT"
    if spec != "SYMMETRIC_DEFAULT" or usage != "ENCRYPT_DECRYPT" or key.given("customKeyStoreId"):
        return
    if key.flag("enableKeyRotation", default=False) is False:
        yield "enableKeyRotation is off: one key encrypts everything for ever."
    days = key.number("rotationPeriodInDays", default=365)
    longest = settings.number("longestDays", key)
    if days is not None and days > longest:
        yield f"It is rotated every {days:g} days: at least every {longest:g}."


@resource_rule("kms-enabled", *KEYS)
def enabled(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("isEnabled" if key.type == KMS_KEY else "enabled", default=True) is False:
        yield "The key is disabled: nothing that it encrypts can be read."


@resource_rule("kms-policy-defined", KMS_KEY)
def policy_defined(key: Resource, settings: Settings) -> Iterator[str]:
    if not key.given("policy"):
        yield "It has no policy of its own: everybody whom IAM of the account allows may use it."


@resource_rule("kms-no-public-policy", *KEYS, KMS_KEY_POLICY)
def no_public_policy(key: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(key, "policy"):
        if statement.public():
            yield "Its policy lets everybody in."
        elif statement.any_service():
            yield "Its policy lets a service in that acts for any account: no condition names this one."


@resource_rule("kms-lockout-check", *KEYS, KMS_KEY_POLICY)
def lockout_check(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("bypassPolicyLockoutSafetyCheck", default=False):
        yield "bypassPolicyLockoutSafetyCheck is on: a policy that nobody can change again would be taken."


@resource_rule("kms-single-region", KMS_KEY)
def single_region(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("multiRegion", default=False):
        yield "multiRegion is on: copies of the key in other regions have policies of their own."


@stack_rule("kms-data-key-deletion-window")
def data_key_deletion_window(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """Alarm topics and logs lose nothing with their key."""
    for key in data_keys(stack):
        days = key.number("deletionWindowInDays", default=30)
        minimum = settings.number("minimumDays", key)
        if days is not None and days < minimum:
            yield key, f"A deletion by mistake can be undone for {days:g} days: {minimum:g} here."


def data_keys(stack: Stack) -> list[Resource]:
    """Keys without which data cannot be read."""
    holders = [
        *((one, "kmsKeyId") for one in stack.of(REPLICATION_GROUP, SERVERLESS_CACHE, SECRET)),
        *((one, "awsKmsConfig") for one in stack.of(ATLAS_ENCRYPTION)),
    ]
    found = {key.urn: key for one, name in holders for key in stack.behind(one, name) if key.type in KEYS}
    return [found[urn] for urn in sorted(found)]
