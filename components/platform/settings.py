"""From Pulumi's flat keys to the model's shape: what is ours, what is secret, what stands in the wrong place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.stackfile import Document, Problem
from dolmen.stackfile.document import TOP_LEVEL_KEYS, ConfigValue, full_key
from dolmen.stackfile.problems import KeyPath, sensitive

from ..arguments import closest
from . import messages
from .model.stack import StackConfig
from .slips import Meant

NAMESPACE = "dolmen"
REGION_KEY = "aws:region"
OVERRIDES = "overrides"


@dataclass(frozen=True)
class Settings:
    """The configuration in the model's own shape, before validation."""

    values: dict[str, object]
    secret_keys: frozenset[str]
    problems: tuple[Problem, ...]
    meant: Meant
    encrypted_overrides: frozenset[tuple[str, str]] = frozenset()


def settings_of(config: Mapping[str, ConfigValue], document: Document | None) -> Settings:
    """Sorts the configuration; what is wrong with a key itself is said here."""
    values: dict[str, object] = {}
    secret_keys: set[str] = set()
    overrides: set[tuple[str, str]] = set()
    problems: list[Problem] = []
    meant = Meant()
    if document:
        problems += _misplaced(document)
        problems += _twice(document)
    fields = {info.alias or field for field, info in StackConfig.model_fields.items()}
    for key, value in config.items():
        namespace, _, field = key.partition(":")
        if key != REGION_KEY and namespace != NAMESPACE:
            for problem, path in _foreign(key, fields, config):
                problems.append(problem)
                if path:
                    meant.add(path)
            continue
        field = key if key == REGION_KEY else field
        if field == OVERRIDES and document and (encrypted := _encrypted(_nested_secrets(document, key))):
            overrides |= encrypted
            values[field] = _veiled(document.config(NAMESPACE)[key].text, encrypted)
        elif field in fields:
            nested = _nested_secrets(document, key)
            for path in nested:
                meant.add((field, *path))
            problems += (Problem((field, *path), NESTED_RULE, NESTED_REMEDY, messages.NOT_SHOWN) for path in nested)
            if value.secure and not nested:  # in a deployment: which part is secret is not known any more
                problems.append(Problem((field,), NESTED_RULE, NESTED_REMEDY, messages.NOT_SHOWN))
            if value.text or not value.secure:
                values[field] = _without(_parsed(value.text, field), nested) if value.text else None
        elif value.secure:
            secret_keys.add(field)
        elif sensitive(field):
            problems.append(Problem((field,), PLAIN_RULE, PLAIN_REMEDY.format(key=key), messages.NOT_SHOWN))
        elif "." in field and field.partition(".")[0] in fields:
            problems.append(
                Problem((field,), messages.UNKNOWN_KEY, _DOTTED.format(section=field.partition(".")[0], key=key))
            )
        else:
            values[field] = _parsed(value.text, field)
    return Settings(values, frozenset(secret_keys), tuple(problems), meant, frozenset(overrides))


_DOTTED = "Write it inside {section}, key below key, or set it with `pulumi config set --path {key} …`."


NESTED_RULE = "A secret stands inside a section, where it would be printed with it."
NESTED_REMEDY = (
    "Remove it, and say where it is read from: {awsSecret: <name of the secret>}, or {config: <key>} with a key at the top: "
    f"`pulumi config set --secret {NAMESPACE}:<key>`."
)
PLAIN_RULE = "This is a secret by its name, and it stands here in plain text."
PLAIN_REMEDY = "Remove it, here and from the history, and set it with `pulumi config set --secret {key}`."
_CREDENTIALS = {
    "aws": {"accessKey", "secretKey", "token"},
    "mongodbatlas": {"publicKey", "privateKey", "clientId", "clientSecret", "accessToken", "awsSecretAccessKey"},
}
"""Provider settings that hold somebody's key.

https://www.pulumi.com/registry/packages/aws/installation-configuration/ and /mongodbatlas/installation-configuration/
"""


def _foreign(key: str, fields: set[str], config: Mapping[str, object]) -> Iterator[tuple[Problem, KeyPath]]:
    """Keys of other namespaces: the providers' own, and ours misspelt, each with the key that is meant."""
    namespace, _, field = key.partition(":")
    if field in _CREDENTIALS.get(namespace, ()):
        where = "credentials under dolmen:atlas" if namespace == "mongodbatlas" else "the environment or an AWS profile"
        problem = Problem(
            (key,),
            "A stack file holds no credentials: whoever reads the repository could use them.",
            f"Remove it, here and from the history, and use {where}.",
            messages.NOT_SHOWN,
        )
        yield problem, ()
    elif namespace not in (*_CREDENTIALS, "pulumi") and field in fields and closest(namespace, (NAMESPACE,)):
        yield _misspelt(key, f"{NAMESPACE}:{field}"), (field,)
    elif REGION_KEY not in config and closest(key, (REGION_KEY,)):
        yield _misspelt(key, REGION_KEY), (REGION_KEY,)


def _misspelt(key: str, meant: str) -> Problem:
    return Problem((key,), messages.UNKNOWN_KEY, f"Did you mean {meant}?", messages.NOT_SHOWN)


def _twice(document: Document) -> Iterator[Problem]:
    """Keys that Pulumi takes for one: with the project's name before them, and without it."""
    seen: dict[str, str] = {}
    for key in document.section:
        first = seen.setdefault(full_key(key, NAMESPACE), key)
        if first != key:
            place = document.key_place(("config", key))
            problem = Problem(
                (key,) if ":" in key else ("", key),
                f"Pulumi reads {first} and {key} as one key, and keeps one of the two values.",
                "Keep one of the two.",
                messages.NOT_SHOWN,
            )
            yield problem.at(*place) if place else problem


def _nested_secrets(document: Document | None, key: str) -> list[KeyPath]:
    """Where `secure:` values stand below a key, relative to it."""
    spellings = (key, key.removeprefix(f"{NAMESPACE}:"))
    return [path[2:] for path in (document.secrets if document else ()) if path[1:2] and path[1] in spellings]


def _encrypted(paths: Iterable[KeyPath]) -> set[tuple[str, str]]:
    """The overridden properties that hold the secrets at these paths, as far as they stand where properties do."""
    return {(str(path[0]), str(path[1])) for path in paths if len(path) > 1}


def _veiled(text: str, encrypted: Iterable[tuple[str, str]]) -> Any:
    """Overrides with nothing in the place of what is encrypted: it never enters the model."""
    value = json.loads(text)
    for resource, name in encrypted:
        value[resource][name] = None
    return value


def _without(value: Any, paths: Iterable[KeyPath]) -> Any:
    """The value without what stands at the paths, so that the rest can be judged."""
    for path in paths:
        if not path:
            return None
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        if isinstance(holder, dict):
            holder.pop(path[-1], None)
    return value


_TEXT_FIELDS = {REGION_KEY, "tier", "name"}


def _parsed(text: str, field: str) -> Any:
    """Pulumi passes objects on as JSON text; plain values stay text."""
    if field in _TEXT_FIELDS:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _misplaced(document: Document) -> Iterator[Problem]:
    for key in document.values:
        if key not in TOP_LEVEL_KEYS:
            meant = closest(key, TOP_LEVEL_KEYS)
            place = document.key_place((key,))
            yield Problem(
                ("", key),
                "Pulumi ignores this key at the top of a stack file.",
                f"Did you mean {meant}?" if meant else "Put settings below `config:`.",
                line=place.line if place else None,
                column=place.column if place else None,
            )
