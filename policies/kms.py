"""KMS: keys and their policies."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import statements
from .framework.policy import Setting, Settings, resource_policy, stack_policy
from .framework.resources import Resource, Stack
from .resource_types import (
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


@resource_policy(
    "kms-rotation",
    KMS_KEY,
    title="A key is rotated every year.",
    severity="medium",
    rationale="One key for ever makes everything that it encrypted readable at once when it is lost.",
    remedy="Set enableKeyRotation: true.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    enforcement="always",
    settings={"longestDays": Setting("Days between two rotations at most.", 366)},
    scanners={
        "checkov": ["CKV_AWS_7"],
        "prowler": ["kms_cmk_rotation_enabled"],
        "trivy": ["AVD-AWS-0065"],
        "security-hub": ["KMS.4"],
        "config": ["cmk-backing-key-rotation-enabled"],
        "cfn-nag": ["F19"],
        "cdk-nag": ["AwsSolutions-KMS5"],
    },
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


@resource_policy(
    "kms-enabled",
    *KEYS,
    title="A key is enabled.",
    severity="high",
    rationale="What it encrypts cannot be read while it is disabled.",
    remedy="Leave isEnabled on.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
    enforcement="always",
    scanners={"checkov": ["CKV_AWS_227"], "prowler": ["kms_cmk_are_used"]},
)
def enabled(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("isEnabled" if key.type == KMS_KEY else "enabled", default=True) is False:
        yield "The key is disabled: nothing that it encrypts can be read."


@resource_policy(
    "kms-policy-defined",
    KMS_KEY,
    title="A key says who may use it.",
    severity="low",
    rationale="The policy that AWS makes leaves everything to the account's IAM policies.",
    remedy="Give policy.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
    enforcement="advice",
    scanners={"checkov": ["CKV2_AWS_64"]},
)
def policy_defined(key: Resource, settings: Settings) -> Iterator[str]:
    if not key.given("policy"):
        yield "It has no policy of its own: everybody whom IAM of the account allows may use it."


@resource_policy(
    "kms-no-public-policy",
    *KEYS,
    KMS_KEY_POLICY,
    title="No key's policy lets everybody in.",
    severity="critical",
    rationale="A wildcard principal without a condition is every AWS account.",
    remedy="Name principals, or a condition on kms:CallerAccount or aws:PrincipalOrgID.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
    enforcement="always",
    scanners={
        "checkov": ["CKV_AWS_33"],
        "prowler": ["kms_key_not_publicly_accessible"],
        "security-hub": ["KMS.5"],
        "config": ["kms-key-policy-no-public-access"],
        "cfn-nag": ["F76"],
    },
)
def no_public_policy(key: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(key, "policy"):
        if statement.public():
            yield "Its policy lets everybody in."
        elif statement.any_service():
            yield "Its policy lets a service in that acts for any account: no condition names this one."


@resource_policy(
    "kms-lockout-check",
    *KEYS,
    KMS_KEY_POLICY,
    title="A key's policy can be changed again.",
    severity="medium",
    rationale="AWS checks that the caller may still change the policy; without that check a key can be lost.",
    remedy="Leave bypassPolicyLockoutSafetyCheck off.",
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
    enforcement="always",
)
def lockout_check(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("bypassPolicyLockoutSafetyCheck", default=False):
        yield "bypassPolicyLockoutSafetyCheck is on: a policy that nobody can change again would be taken."


@resource_policy(
    "kms-single-region",
    KMS_KEY,
    title="A key stays in its region.",
    severity="low",
    rationale="A copy in another region has a policy of its own, which nobody watches here.",
    remedy="Leave multiRegion off, or accept it for the key, with the reason.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
    enforcement="advice",
    scanners={"prowler": ["kms_cmk_not_multi_region"]},
)
def single_region(key: Resource, settings: Settings) -> Iterator[str]:
    if key.flag("multiRegion", default=False):
        yield "multiRegion is on: copies of the key in other regions have policies of their own."


@stack_policy(
    "kms-data-key-deletion-window",
    title="The deletion of a key that holds data can be undone for a month.",
    severity="medium",
    rationale="Without its key, data and every backup of it are lost.",
    remedy="Set deletionWindowInDays: 30.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    enforcement="advice-in-production",
    settings={"minimumDays": Setting("Days in which a deletion can be undone.", 30)},
    scanners={
        "prowler": ["kms_cmk_not_deleted_unintentionally"],
        "security-hub": ["KMS.3"],
        "config": ["kms-cmk-not-scheduled-for-deletion"],
    },
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
        *((one, "kmsKeyId") for one in stack.of(REPLICATION_GROUP, SERVERLESS_CACHE, SECRET)),
        *((one, "awsKmsConfig") for one in stack.of(ATLAS_ENCRYPTION)),
    ]
    found = {key.urn: key for one, name in holders for key in stack.behind(one, name) if key.type in KEYS}
    return [found[urn] for urn in sorted(found)]
