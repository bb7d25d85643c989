"""Secrets Manager: keys, recovery, who may read."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import openings
from .framework.policy import Settings, resource_policy, setting, stack_policy, words
from .framework.resources import Resource, Stack
from .resource_types import SECRET, SECRET_POLICY


@resource_policy("secretsmanager-own-key", SECRET, severity="low", enforcement="advice-in-production")
@words(
    title="A production secret is encrypted with a key of yours.",
    rationale="The account's shared key has a policy that nobody can narrow, and readers in other accounts cannot use it.",
    remedy="Give kmsKeyId, to each replica too.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
)
def own_key(secret: Resource, settings: Settings) -> Iterator[str]:
    if not secret.given("kmsKeyId"):
        yield "kmsKeyId is absent: the account's shared key encrypts it, whose policy nobody here can narrow."
    elif any(not replica.given("kmsKeyId") for replica in secret.views("replicas")):
        yield "A replica in another region has no key of its own."


@resource_policy("secretsmanager-recovery", SECRET, severity="high", enforcement="from-staging")
@words(
    title="A deleted secret can be brought back.",
    rationale="With a window of 0, a deletion by mistake is final at once, and locks every reader out.",
    remedy="Set recoveryWindowInDays: 30; in a stack file, leave secrets.recoveryWindowDays out.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
)
def recovery(secret: Resource, settings: Settings) -> Iterator[str]:
    if secret.number("recoveryWindowInDays", default=30) == 0:
        yield "recoveryWindowInDays is 0: a deletion by mistake is final at once."


@resource_policy("secretsmanager-full-recovery", SECRET, severity="low", enforcement="production-only")
@setting("minimumDays", "Days in which a deletion can be undone.", 30)
@words(
    title="A deleted production secret can be brought back for a month.",
    rationale="A reader that runs once a month notices the loss only then.",
    remedy="Set recoveryWindowInDays: 30; in a stack file, leave secrets.recoveryWindowDays out.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
)
def full_recovery(secret: Resource, settings: Settings) -> Iterator[str]:
    days = secret.number("recoveryWindowInDays", default=30)
    minimum = settings.number("minimumDays", secret)
    if days is not None and 0 < days < minimum:
        yield f"A deletion by mistake can be undone for {days:g} days: {minimum:g} here."


@resource_policy("secretsmanager-no-public-policy", SECRET, SECRET_POLICY, severity="critical", enforcement="always")
@words(
    title="No secret's policy lets everybody in.",
    rationale="A wildcard principal without a condition is every AWS account. blockPublicPolicy makes AWS refuse such a policy.",
    remedy="Name principals, and set blockPublicPolicy: true.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
)
def no_public_policy(secret: Resource, settings: Settings) -> Iterator[str]:
    yield from openings(secret, "policy")
    if secret.type == SECRET_POLICY and secret.flag("blockPublicPolicy", default=False) is False:
        yield "blockPublicPolicy is off: AWS would take a policy that lets everybody in."


@stack_policy("secretsmanager-resource-policy", severity="medium", enforcement="production")
@words(
    title="A secret has a policy of its own.",
    rationale="Without one, every identity whose IAM policy is too wide may read it.",
    remedy="Give it a SecretPolicy that refuses other accounts and plain connections.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
)
def policy_of_its_own(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for secret in stack.of(SECRET):
        named = any(stack.points_at(policy, "secretArn", secret, "name") for policy in stack.of(SECRET_POLICY))
        if not named and not secret.given("policy"):
            yield secret, "It has no policy of its own: whoever IAM of the account allows may read it."
