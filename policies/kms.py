"""KMS: keys and their policies."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import openings
from .framework.policy import Settings, resource_policy, setting, stack_policy, words
from .framework.resources import Resource, Stack
from .resource_types import ATLAS_ENCRYPTION, CACHES, KMS_KEY, KMS_KEY_POLICY, KMS_KEYS, SECRET


@resource_policy("kms-rotation", KMS_KEY, severity="medium", enforcement="always")
@setting("longestDays", "Days between two rotations at most.", 366)
@words(
    title="A key is rotated every year.",
    rationale="One key for ever makes everything that it encrypted readable at once when it is lost.",
    remedy="Set enableKeyRotation: true.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
)
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


@resource_policy("kms-enabled", *KMS_KEYS, severity="high", enforcement="always")
@words(
    title="A key is enabled.",
    rationale="What it encrypts cannot be read while it is disabled.",
    remedy="Leave isEnabled on.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
)
def enabled(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("isEnabled" if key.type == KMS_KEY else "enabled", default=True) is False:
        yield "The key is disabled: nothing that it encrypts can be read."


@resource_policy("kms-policy-defined", KMS_KEY, severity="low", enforcement="advice")
@words(
    title="A key says who may use it.",
    rationale="The policy that AWS makes leaves everything to the account's IAM policies.",
    remedy="Give policy.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
)
def policy_defined(key: Resource, settings: Settings) -> Iterator[str]:
    if not key.given("policy"):
        yield "It has no policy of its own: everybody whom IAM of the account allows may use it."


@resource_policy("kms-no-public-policy", *KMS_KEYS, KMS_KEY_POLICY, severity="critical", enforcement="always")
@words(
    title="No key's policy lets everybody in.",
    rationale="A wildcard principal without a condition is every AWS account.",
    remedy="Name principals, or a condition on kms:CallerAccount or aws:PrincipalOrgID.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
)
def no_public_policy(key: Resource, settings: Settings) -> Iterator[str]:
    yield from openings(key, "policy")


@resource_policy("kms-lockout-check", *KMS_KEYS, KMS_KEY_POLICY, severity="medium", enforcement="always")
@words(
    title="A key's policy can be changed again.",
    rationale="AWS checks that the caller may still change the policy; without that check a key can be lost.",
    remedy="Leave bypassPolicyLockoutSafetyCheck off.",
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
)
def lockout_check(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("bypassPolicyLockoutSafetyCheck", default=False):
        yield "bypassPolicyLockoutSafetyCheck is on: a policy that nobody can change again would be taken."


@resource_policy("kms-single-region", KMS_KEY, severity="low", enforcement="advice")
@words(
    title="A key stays in its region.",
    rationale="A copy in another region has a policy of its own, which nobody watches here.",
    remedy="Leave multiRegion off, or accept it for the key, with the reason.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
)
def single_region(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("multiRegion", default=False):
        yield "multiRegion is on: copies of the key in other regions have policies of their own."


@stack_policy("kms-data-key-deletion-window", severity="medium", enforcement="advice-in-production")
@setting("minimumDays", "Days in which a deletion can be undone.", 30)
@words(
    title="The deletion of a key that holds data can be undone for a month.",
    rationale="Without its key, data and every backup of it are lost.",
    remedy="Set deletionWindowInDays: 30.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
)
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
        *((one, "kmsKeyId") for one in stack.of(*CACHES, SECRET)),
        *((one, "awsKmsConfig") for one in stack.of(ATLAS_ENCRYPTION)),
    ]
    found = {key.urn: key for one, name in holders for key in stack.behind(one, name) if key.type in KMS_KEYS}
    return [found[urn] for urn in sorted(found)]
