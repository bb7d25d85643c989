"""Secrets: how old a credential may become."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dolmen.stackfile.accepted import this_day

from .framework.policy import Settings, resource_policy, setting, stack_policy, words
from .framework.resources import Resource, Stack
from .resource_types import RANDOM_PASSWORD, SECRET_ROTATION, SECRET_VERSION
from .secret_values import places


@stack_policy("credential-rotation", severity="medium", enforcement="production")
@setting("longestDays", "Age of a credential whose keepers hold a date.", 90)
@words(
    title="A generated credential can be rotated, and was.",
    rationale="By generation (the keepers of its RandomPassword) or by a rotator (SecretRotation). A password with neither stays for ever.",
    remedy="Give the RandomPassword keepers with a generation or a date, or its secret a SecretRotation.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
)
def rotation(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """By generation: the password is made anew when its keepers change. By rotator: Secrets Manager does it."""
    rotated = _rotated_passwords(stack)
    for password in stack.of(RANDOM_PASSWORD):
        if password.urn in rotated or not _is_credential(stack, password):
            continue
        keepers = password.view("keepers")
        if keepers is None and not password.given("keepers"):
            yield password, "It has no keepers: the password is never changed, and no rotator changes its secret."
            continue
        longest = settings.number("longestDays", password)
        for _, value in keepers.leaves() if keepers else ():
            day = _day(value)
            if day is not None and (this_day() - day).days > longest:
                yield password, f"It was made on {day}, more than {longest:g} days ago."


def _is_credential(stack: Stack, password: Resource) -> bool:
    return any(
        password.urn in resource.depends(place.partition(".")[0])
        for resource in stack.resources
        for place in places(resource)
    )


def _rotated_passwords(stack: Stack) -> set[str]:
    found: set[str] = set()
    secrets = {one.urn for rotation in stack.of(SECRET_ROTATION) for one in stack.behind(rotation, "secretId")}
    for version in stack.of(SECRET_VERSION):
        if secrets & version.depends("secretId"):
            found |= version.depends("secretString")
    return found


def _day(value: object) -> date | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}", str(value))
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


@resource_policy("secretsmanager-rotation-period", SECRET_ROTATION, severity="medium", enforcement="beyond-development")
@setting("longestDays", "Days between two rotations at most.", 90)
@words(
    title="A secret that is rotated is rotated often enough.",
    rationale="A credential that leaked is useful until it is changed.",
    remedy="Set automaticallyAfterDays: 90 or less.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html",
)
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
