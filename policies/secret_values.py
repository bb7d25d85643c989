"""Secret values: where they may stand, where they come from, how strong they are."""

from __future__ import annotations

import json
import math
import re
import string
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .framework.policy import Settings, resource_policy, setting, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .framework.values import PLACEHOLDER, UNKNOWN
from .resource_types import (
    ATLAS_ALERT,
    ATLAS_DATABASE_USER,
    ATLAS_INTEGRATION,
    OPEN_SOURCES,
    RANDOM_PASSWORD,
    SECRET_SOURCES,
    SECRET_VERSION,
)

NOTIFIERS = (ATLAS_ALERT, ATLAS_INTEGRATION)
HIGH_ENTROPY = 3.4
"""Bits per character: random letters and digits of 20 characters have about 4, words and names about 3."""
SHORTEST_KEY = 16
SHORTEST_GENERATED = 12
"""Characters of a key or password that some service made; people write shorter ones."""

SHAPES = [(str(shape["name"]), re.compile(shape["pattern"])) for shape in table("secrets")["shapes"]]
NAMES, HARMLESS_NAMES = (re.compile(table("secrets")[key]) for key in ("names", "harmlessNames"))


def places(resource: Resource) -> list[str]:
    """Paths, without indices, of properties that are made for secrets."""
    return table("secrets")["places"].get(resource.type, [])


def without_indices(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)


def meant_for_secrets(resource: Resource, path: str) -> bool:
    bare = without_indices(path)
    return any(bare == place or bare.startswith(f"{place}.") for place in places(resource))


def secret_leaves(resource: Resource) -> Iterator[tuple[str, Any]]:
    for path, value in resource.leaves():
        if value not in (None, "") and meant_for_secrets(resource, path):
            yield path, value


def _kept_in_the_clear(resource: Resource) -> Iterator[str]:
    """Nothing is said where nobody told which values are secret."""
    for path, _ in secret_leaves(resource):
        if resource.is_secret(path) is False:
            yield f"{path} is not secret: Pulumi keeps it in the state, and shows it, in the clear."


@resource_policy("atlas-password-secret", ATLAS_DATABASE_USER, severity="high", enforcement="always")
@words(
    title="A database user's password is kept secret.",
    rationale="What is not marked stands in the clear in the state, in previews and in logs.",
    remedy="Wrap it: pulumi.Output.secret(value).",
    source="https://www.pulumi.com/docs/iac/concepts/secrets/",
)
def atlas_password_secret(user: Resource, settings: Settings) -> Iterator[str]:
    yield from _kept_in_the_clear(user)


@resource_policy("atlas-notification-secrets", *NOTIFIERS, severity="high", enforcement="always")
@words(
    title="Keys of notifications are kept secret, and used over https.",
    rationale="A token of Slack or PagerDuty lets anybody speak in your name.",
    remedy="Wrap it: pulumi.Output.secret(value), or config.require_secret(key).",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/alertconfiguration/",
)
def atlas_notification_secrets(notifier: Resource, settings: Settings) -> Iterator[str]:
    yield from _kept_in_the_clear(notifier)
    for view in [notifier, *notifier.views("notifications")]:
        for key in ("webhookUrl", "microsoftTeamsWebhookUrl", "url"):
            if view.known(key).lower().startswith("http:"):
                yield f"{view.where(key)} is not https: alerts cross the internet in the clear."


@resource_policy("secret-kept-secret", "*", severity="high", enforcement="always")
@words(
    title="A secret value is kept secret by Pulumi.",
    rationale="What is not marked stands in the clear in the state, in previews and in logs.",
    remedy="Wrap it: pulumi.Output.secret(value), or config.require_secret(key).",
    source="https://www.pulumi.com/docs/iac/concepts/secrets/",
)
def kept_secret(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type not in (ATLAS_DATABASE_USER, *NOTIFIERS):
        yield from _kept_in_the_clear(resource)


@stack_policy("secret-not-in-program", severity="critical", enforcement="always")
@words(
    title="No password is written in a program.",
    rationale="Whoever reads the repository has it, for ever.",
    remedy="Generate it (RandomPassword), or keep it in secret configuration.",
    source="https://www.pulumi.com/docs/iac/concepts/secrets/",
)
def not_in_program(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """In an offline plan, configuration and lookups are placeholders, so that a secret that is known stands in the
    program. A preview of the real engine knows them too: there only what is too short to be generated is told apart."""
    for resource in stack.resources:
        for path, value in secret_leaves(resource):
            if not isinstance(value, str) or PLACEHOLDER in value or resource.depends(path):
                continue
            found = list(_secret_fields(value)) if resource.type == SECRET_VERSION else [value]
            if any(stack.offline or len(text) < SHORTEST_GENERATED for text in found):
                yield resource, f"{path} is written in the program."


def _secret_fields(text: str) -> Iterator[str]:
    """Of a JSON object, the values whose names say that they are secret, or whose shape does; else the whole text."""
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        yield text
        return
    for key, value in fields.items():
        if isinstance(value, str) and value and (_named_secret(str(key)) or _shape(value)):
            yield value


@stack_policy("secret-not-in-plain-property", severity="high", enforcement="always")
@words(
    title="No secret stands in a property that is shown.",
    rationale="Tags, descriptions, names and environment variables are readable for everybody who may list resources.",
    remedy="Put it into Secrets Manager, and hand on the secret's ARN.",
    source="https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
)
def not_in_plain_property(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for resource in stack.resources:
        if resource.type.split(":")[0] in ("dolmen", "random") or resource.type == "pulumi:pulumi:Stack":
            continue
        yield from _tainted(stack, resource)
        yield from _recognized(resource)


def _tainted(stack: Stack, resource: Resource) -> Iterator[tuple[Resource, str]]:
    """Made of a generated secret, and neither known as a place for secrets nor named like one."""
    for key in resource.property_dependencies:
        source = next((one for one in stack.behind(resource, key) if one.type in SECRET_SOURCES), None)
        if source is None:
            continue
        paths = [path for path, value in resource.leaves() if path.startswith(key) and value is UNKNOWN] or [key]
        if all(meant_for_secrets(resource, path) for path in paths):
            continue
        if resource.type.split(":")[0] not in ("aws", "mongodbatlas") and _named_secret(key):
            continue
        yield resource, f"{key} is made of {source.name}, which is secret: it is stored and shown in the clear there."


def _recognized(resource: Resource) -> Iterator[tuple[Resource, str]]:
    for path, value in resource.leaves():
        if not isinstance(value, str) or len(value) < SHORTEST_KEY or resource.is_secret(path) is True:
            continue
        if meant_for_secrets(resource, path):
            continue
        if shape := _shape(value):
            yield resource, f"{path} holds {shape}."
        elif _named_secret(path) and _random(value):
            yield resource, f"{path} is named like a secret and looks like one, and is stored in the clear."


def _shape(value: str) -> str:
    return next((name for name, pattern in SHAPES if pattern.search(value)), "")


def _named_secret(path: str) -> bool:
    name = without_indices(path).rpartition(".")[2]
    return bool(NAMES.search(name)) and not HARMLESS_NAMES.search(name)


def _random(value: str) -> bool:
    if PLACEHOLDER in value or re.search(r"\s|^arn:|^https?:|^alias/|[{}<>]", value):
        return False
    counts = Counter(value)
    entropy = -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
    kinds = sum(
        any(c in group for c in value) for group in (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    )
    hexadecimal = re.fullmatch(r"[0-9a-f]{32,}|[0-9A-F]{32,}", value) is not None
    return hexadecimal or (entropy >= HIGH_ENTROPY and kinds >= 2)


@stack_policy("secret-generated-secretly", severity="high", enforcement="always")
@words(
    title="A password is generated as a secret.",
    rationale="The values of RandomString and RandomId stand in the clear in the state, and are not made for secrets.",
    remedy="Use random.RandomPassword.",
    source="https://www.pulumi.com/registry/packages/random/api-docs/randomstring/",
)
def generated_secretly(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for resource in stack.resources:
        for key in resource.property_dependencies:
            if not any(place.partition(".")[0] == key for place in places(resource)):
                continue
            source = next((one for one in stack.behind(resource, key) if one.type in OPEN_SOURCES), None)
            if source is not None:
                yield resource, f"{key} is made of {source.name}, whose value Pulumi shows in the clear."


@resource_policy("secret-strength", RANDOM_PASSWORD, severity="medium", enforcement="beyond-development")
@setting("minimumBits", "Bits of chance at least.", 128)
@words(
    title="A generated password cannot be guessed.",
    rationale="128 bits of chance are out of reach; short passwords of a cache are tried millions of times a second.",
    remedy="Set length: 32.",
    source="https://pages.nist.gov/800-63-4/sp800-63b.html",
)
def strength(password: Resource, settings: Settings) -> Iterator[str]:
    length = password.number("length")
    if length is None:
        return
    special = len(set(password.known("overrideSpecial"))) or 21
    groups = (("lower", 26), ("upper", 26), ("numeric", 10), ("special", special))
    characters = sum(size for key, size in groups if password.flag(key, default=True) is not False)
    bits = length * math.log2(characters) if characters else 0
    wanted = settings.number("minimumBits", password)
    if bits < wanted:
        yield f"{length:g} characters out of {characters} are {bits:.0f} bits of chance: at least {wanted:g}."
