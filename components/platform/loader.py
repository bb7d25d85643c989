"""From Pulumi's configuration, or from a stack file, to one `StackConfig`; or to one error that lists every problem.

Both ways end in `validated`: in a deployment the values come from the engine and the file only says where they stand;
offline the file gives both.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError, create_model

from dolmen.stackfile import Acceptance, Document, Problem, StackFileError, read, read_acceptances, stack_file
from dolmen.stackfile.accepted import FILE, this_day
from dolmen.stackfile.document import TOP_LEVEL_KEYS, ConfigValue, full_key
from dolmen.stackfile.identifiers import lost_identifiers
from dolmen.stackfile.problems import KeyPath, sensitive, shown

from ..arguments import closest
from . import atlas, atlas_exports, cache, cache_users, messages, secrets
from .asked import partial, refused
from .checks import stack_problems
from .checks.guards import Guards
from .model.base import Section
from .model.overrides import WrittenFile
from .model.secret_value import SecretValue
from .model.stack import StackConfig
from .siblings import shared_name
from .slips import Meant, dates, foreign_arns, lost_values

NAMESPACE = "dolmen"
REGION_KEY = "aws:region"
OVERRIDES = "overrides"


@dataclass(frozen=True)
class _Settings:
    """The configuration in the model's own shape, before validation."""

    values: dict[str, object]
    secret_keys: frozenset[str]
    problems: tuple[Problem, ...]
    meant: Meant
    encrypted_overrides: frozenset[tuple[str, str]] = frozenset()


def load_file(path: Path) -> StackConfig:
    """The configuration in a stack file. Raises `StackFileError`."""
    name = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    document = read(path, name)
    return validated(document.config(NAMESPACE), name, document, path)


def load() -> StackConfig:
    """The configuration of the stack that Pulumi is running. Raises `pulumi.RunError`, which shows its message alone."""
    import pulumi
    from pulumi.runtime import config as runtime

    stack = pulumi.get_stack()
    keys = {**runtime.get_config_env(), **runtime.CONFIG.get()}
    config = {key: _given(runtime.get_config(key), runtime.is_config_secret(key)) for key in keys}
    path = stack_file(Path(pulumi.get_root_directory()), stack)
    name = f"{path.parent.name}/{path.name}"
    try:
        document = read(path, name) if path.is_file() else None
        name = name if document else f"The configuration of stack {stack}"
        return validated(config, name, document, path)
    except StackFileError as error:
        raise pulumi.RunError(str(error)) from None


def _given(text: Any, secure: bool) -> ConfigValue:
    text = text if isinstance(text, str) else json.dumps(text)
    return ConfigValue("" if secure else text, secure=secure, object=secure and text[:1] in ("{", "["))


def validated(
    config: Mapping[str, ConfigValue], name: str, document: Document | None, path: Path | None = None
) -> StackConfig:
    """The configuration, typed; `name` is what its problems are said of. Raises `StackFileError` with all of them.

    Beside `path`, the stack's file, lie what is accepted on record and the other stacks; without it there are none."""
    accepted = read_acceptances(path.with_name(FILE)) if path else ()
    settings = _settings(config, document)
    problems = list(settings.problems)
    if document and path:
        problems += shared_name(path, document)
    if document:
        problems += (one for one in lost_identifiers(document) if not str(one.path[0]).startswith(f"{NAMESPACE}:"))
    meant = settings.meant
    stack: StackConfig | None = None
    try:
        stack = StackConfig.model_validate_json(json.dumps(settings.values))
        parts: dict[KeyPath, Any] = dict(_walk(stack, ()))
    except ValidationError as error:
        said = {p.path for p in problems}
        found = [p for p in messages.problems(error, StackConfig) if p.path not in said]
        for problem in found:
            if problem.rule == messages.UNKNOWN_KEY:
                meant.sections.add(problem.path[:-1])
        for key in messages.misspelt(error, StackConfig):
            meant.add(key)
        problems += (p for p in found if p.rule != messages.REQUIRED or p.path not in meant.paths)
        parts = dict(_valid_parts(StackConfig, settings.values, ()))
    said = {p.path for p in problems}
    for problem in (*lost_values(settings.values), *dates(settings.values, document)):
        meant.add(problem.path)
        if problem.path not in said:
            problems.append(problem)
    whole = len(parts)
    parts = meant.known(parts)
    if len(parts) != whole:
        stack = None
    problems += (
        p for p in _broken_rules(stack, parts, settings, accepted, path, (name, document)) if not meant.explains(p)
    )
    said = {p.path for p in problems}
    problems += (p for p in foreign_arns(settings.values, settings.values.get(REGION_KEY)) if p.path not in said)
    if problems or stack is None:
        raise StackFileError(name, [_placed(p, settings.values, document) for p in dict.fromkeys(problems)])
    return stack


def _broken_rules(
    stack: StackConfig | None,
    parts: Mapping[KeyPath, Any],
    settings: _Settings,
    accepted: tuple[Acceptance, ...],
    path: Path | None,
    written: tuple[str, Document | None],
) -> Iterator[Problem]:
    """What sections, the stack's checks and its components refuse of the parts that are right in themselves."""
    for place, part in parts.items():
        if isinstance(part, Section):
            yield from (p.within(place) for p in part.problems())
    known = {_parameter(at): part for at, part in parts.items() if at and all(isinstance(s, str) for s in at)}
    if "tier" in known and "name" in known:
        stack_name = path.stem.removeprefix("Pulumi.") if path else ""
        known["guards"] = Guards(known["tier"], known["name"], stack_name, accepted, this_day())
    known["secret_keys"] = settings.secret_keys
    known["secret_values"] = {at: part for at, part in parts.items() if isinstance(part, SecretValue)}
    if stack is not None:
        known["read_keys"] = frozenset(part.config for part in known["secret_values"].values() if part.config)
    yield from stack_problems(known)
    asked = partial(StackConfig, parts, ()) if stack is None else stack
    # pyright: ignore below: the loader is their only writer
    asked._secret_keys = settings.secret_keys  # pyright: ignore[reportPrivateUsage]
    asked._encrypted_overrides = settings.encrypted_overrides  # pyright: ignore[reportPrivateUsage]
    asked._written = WrittenFile(*written)  # pyright: ignore[reportPrivateUsage]
    checks = (*atlas.CHECKS, *atlas_exports.CHECKS, *cache.CHECKS, *cache_users.CHECKS, *secrets.CHECKS)
    yield from refused(checks, asked, complete=stack is not None)


def found_later(stack: StackConfig, problems: Iterable[Problem]) -> StackFileError:
    """One error of problems that only what was made could show, each at its key in the stack's file."""
    document = stack.written.document
    found: list[Problem] = []
    for problem in problems:
        placed = _placed(problem, {}, document)
        place = _place(document, placed.path, key=True) if document else None
        found.append(placed.at(*place) if place else placed)
    return StackFileError(stack.written.name, found)


# ---- from Pulumi's flat keys to the model's shape


def _settings(config: Mapping[str, ConfigValue], document: Document | None) -> _Settings:
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
    return _Settings(values, frozenset(secret_keys), tuple(problems), meant, frozenset(overrides))


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


# ---- what can be said although something else is wrong


def _walk(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Every section and every field of every section, with its key path in the file."""
    if isinstance(value, Section):
        yield path, value
        for field, info in type(value).model_fields.items():
            key = (*path, info.alias or field)
            inner = getattr(value, field)
            if not isinstance(inner, Section):
                yield key, inner
            yield from _walk(inner, key)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*path, key))
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index))


def _valid_parts(model: type[Section], raw: Mapping[str, object], path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """What `_walk` would give, of those parts of a wrong section that are right in themselves."""
    for field, info in model.model_fields.items():
        key = info.alias or field
        try:
            part = _alone(model, field).model_validate_json(json.dumps({key: raw[key]} if key in raw else {}))
        except ValidationError:
            yield from _inner_parts(info.annotation, raw.get(key), (*path, key))
        else:
            yield (*path, key), getattr(part, field)
            yield from _walk(getattr(part, field), (*path, key))


def _inner_parts(annotation: Any, raw: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    models = list(dict.fromkeys(m for m in messages.models_in(annotation) if issubclass(m, Section)))
    if len(models) != 1:
        return
    if isinstance(raw, list):
        for index, item in enumerate(raw):
            yield from _inner_parts(models[0], item, (*path, index))
    elif isinstance(raw, dict) and messages.is_mapping(annotation):
        for key, item in raw.items():
            yield from _inner_parts(models[0], item, (*path, key))
    elif isinstance(raw, dict):
        try:
            yield from _walk(models[0].model_validate_json(json.dumps(raw)), path)
        except ValidationError:
            yield from _valid_parts(models[0], raw, path)


@functools.cache
def _alone(model: type[Section], field: str) -> type[Section]:
    """A section with one field of `model` only."""
    info = model.model_fields[field]
    return create_model(f"{model.__name__}_{field}", __base__=Section, **{field: (info.annotation, info)})  # pyright: ignore[reportCallIssue, reportArgumentType]


def _parameter(path: KeyPath) -> str:
    """The name by which a stack check asks for a part: `atlas__cluster`, `region`."""
    steps = ("region" if step == REGION_KEY else str(step) for step in path)
    return "__".join("".join(f"_{c.lower()}" if c.isupper() else c for c in step) for step in steps)


def _placed(problem: Problem, values: Mapping[str, object], document: Document | None) -> Problem:
    """The problem with the path, value and place that a person sees: `dolmen:` before the section's name."""
    field, *rest = problem.path or ("",)
    if field == "":
        path: KeyPath = tuple(rest)
    else:
        path = (field if ":" in str(field) else f"{NAMESPACE}:{field}", *rest)
    # Shown by the whole path: a part that was validated by itself did not know which names stand above it.
    value = problem.value
    if value is None:
        value = shown(path, *_value_at(values, problem.path))
    line, column, remedy = problem.line, problem.column, problem.remedy
    if document:
        written = _written(document, path)
        if written is not None and value not in (None, messages.NOT_SHOWN):
            value = written if len(written) <= len(str(value)) + 8 else value
        remedy = remedy.replace(messages.WRITTEN, written or "")
        if line is None:
            place = _place(document, path, key=problem.rule == messages.UNKNOWN_KEY)
            line, column = (place.line, place.column) if place else (None, None)
    remedy = remedy.replace(messages.WRITTEN, str(value))
    return Problem(path, problem.rule, remedy, value or None, line, column)


def _written(document: Document, path: KeyPath) -> str | None:
    """A value as it stands in the file, where it reads as something else than text."""
    own = str(path[0]).removeprefix(f"{NAMESPACE}:") if path else ""
    return document.texts.get(("config", *path)) or document.texts.get(("config", own, *path[1:]))


def _place(document: Document, path: KeyPath, key: bool) -> Any:
    spelled: list[KeyPath] = [("config", *path)]
    if path and isinstance(path[0], str):
        spelled.append(("config", path[0].removeprefix(f"{NAMESPACE}:"), *path[1:]))  # Pulumi adds the namespace
        if len(path) == 1:
            spelled.append(path)
    for candidate in spelled:
        if candidate[:2] in document.keys or (candidate[:1] in document.keys and len(candidate) == 1):
            return document.key_place(candidate) if key else document.place(candidate)
    return document.place(("config",))


def _value_at(values: Any, path: KeyPath) -> tuple[Any, ...]:
    """The scalar at a path as a one-tuple; empty where there is none."""
    for step in path:
        if isinstance(values, str):
            return (values,)  # one entry, written without its list
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return ()
    return (values,)
