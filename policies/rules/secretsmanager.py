"""Secrets Manager: keys, recovery, who may read, rotation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .framework.documents import statements
from .framework.resources import Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .types import SECRET, SECRET_POLICY, SECRET_ROTATION


@resource_rule("secretsmanager-own-key", SECRET)
def own_key(secret: Resource, settings: Settings) -> Iterator[str]:
    if not secret.given("kmsKeyId"):
        yield "kmsKeyId is absent: the account's shared key encrypts it, whose policy nobody here can narrow."
    elif any(not replica.given("kmsKeyId") for replica in secret.views("replicas")):
        yield "A replica in another region has no key of its own."


@resource_rule("secretsmanager-recovery", SECRET)
def recovery(secret: Resource, settings: Settings) -> Iterator[str]:
    if secret.number("recoveryWindowInDays", default=30) == 0:
        yield "recoveryWindowInDays is 0: a deletion by mistake is final at once."


@resource_rule("secretsmanager-full-recovery", SECRET)
def full_recovery(secret: Resource, settings: Settings) -> Iterator[str]:
    days = secret.number("recoveryWindowInDays", default=30)
    minimum = settings.number("minimumDays", secret)
    if days is not None and 0 < days < minimum:
        yield f"A deletion by mistake can be undone for {days:g} days: {minimum:g} here."


@resource_rule("secretsmanager-no-public-policy", SECRET, SECRET_POLICY)
def no_public_policy(secret: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(secret, "policy"):
        if statement.public():
            yield "Its policy lets everybody in."
        elif statement.any_service():
            yield "Its policy lets a service in that acts for any account: no condition names this one."
    if secret.type == SECRET_POLICY and secret.flag("blockPublicPolicy", default=False) is False:
        yield "blockPublicPolicy is off: AWS would take a policy that lets everybody in."


@stack_rule("secretsmanager-resource-policy")
def resource_policy(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for secret in stack.of(SECRET):
        named = any(stack.points_at(policy, "secretArn", secret, "name") for policy in stack.of(SECRET_POLICY))
        if not named and not secret.given("policy"):
            yield secret, "It has no policy of its own: whoever IAM of the account allows may read it."


@resource_rule("secretsmanager-rotation-period", SECRET_ROTATION)
def rotation_period(rotation: Resource, settings: Settings) -> Iterator[str]:
    rules = rotation.view("rotationRules")
    if rules is None:
        return
    longest = settings.number("longestDays", rotation)
    days = rules.number("automaticallyAfterDays") or _days(rules.known("scheduleExpression"))
    if days is not None and days > longest:
        yield f"It is rotated every {days:g} days: at least every {longest:g}."


def _days(schedule: str) -> float | None:
    """`rate(10 days)`, `rate(4 hours)`; of a `cron(…)`, at least how often: by day, month or year."""
    if found := re.fullmatch(r"rate\((\d+) (hour|day)s?\)", schedule.strip()):
        return int(found[1]) / (24 if found[2] == "hour" else 1)
    if not schedule.startswith("cron("):
        return None
    fields = schedule.removeprefix("cron(").removesuffix(")").split()
    if len(fields) != 6:
        return None
    _, _, day, month, weekday, year = fields
    if not re.fullmatch(r"[*?]|\*/1|\d+/1", year):
        return float("inf")
    every = re.fullmatch(r"(?:\d+|\*)/(\d+)", month)
    months = int(every[1]) if every else 1 if month in ("*", "?") else 12 / len(month.split(","))
    return months * 31 if months > 1 or re.fullmatch(r"[\dL,W]+", day) else 7 if weekday not in ("*", "?") else 1
