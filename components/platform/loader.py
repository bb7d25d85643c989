"""From Pulumi's configuration, or from a stack file, to one `StackConfig`; or to one error that lists every problem.

Both ways end in `validated`: in a deployment the values come from the engine and the file only says where they stand;
offline the file gives both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dolmen.stackfile import Acceptance, Document, Problem, StackFileError, read, read_acceptances, stack_file
from dolmen.stackfile.accepted import FILE, this_day
from dolmen.stackfile.document import ConfigValue
from dolmen.stackfile.identifiers import lost_identifiers
from dolmen.stackfile.problems import KeyPath

from . import atlas, atlas_exports, cache, cache_users, messages, secrets
from .asked import partial, refused
from .checks import stack_problems
from .checks.guards import Guards
from .model.base import Section
from .model.overrides import WrittenFile
from .model.secret_value import SecretValue
from .model.stack import StackConfig
from .placing import place_of, placed
from .settings import NAMESPACE, REGION_KEY, Settings, settings_of
from .siblings import shared_name
from .slips import dates, foreign_arns, lost_values
from .valid_parts import parameter, valid_parts, walked


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
    settings = settings_of(config, document)
    problems = list(settings.problems)
    if document and path:
        problems += shared_name(path, document)
    if document:
        problems += (one for one in lost_identifiers(document) if not str(one.path[0]).startswith(f"{NAMESPACE}:"))
    meant = settings.meant
    stack: StackConfig | None = None
    try:
        stack = StackConfig.model_validate_json(json.dumps(settings.values))
        parts: dict[KeyPath, Any] = dict(walked(stack, ()))
    except ValidationError as error:
        said = {p.path for p in problems}
        found = [p for p in messages.problems(error, StackConfig) if p.path not in said]
        for problem in found:
            if problem.rule == messages.UNKNOWN_KEY:
                meant.sections.add(problem.path[:-1])
        for key in messages.misspelt(error, StackConfig):
            meant.add(key)
        problems += (p for p in found if p.rule != messages.REQUIRED or p.path not in meant.paths)
        parts = dict(valid_parts(StackConfig, settings.values, ()))
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
        raise StackFileError(name, [placed(p, settings.values, document) for p in dict.fromkeys(problems)])
    return stack


def _broken_rules(
    stack: StackConfig | None,
    parts: Mapping[KeyPath, Any],
    settings: Settings,
    accepted: tuple[Acceptance, ...],
    path: Path | None,
    written: tuple[str, Document | None],
) -> Iterator[Problem]:
    """What sections, the stack's checks and its components refuse of the parts that are right in themselves."""
    for place, part in parts.items():
        if isinstance(part, Section):
            yield from (p.within(place) for p in part.problems())
    known = {parameter(at): part for at, part in parts.items() if at and all(isinstance(s, str) for s in at)}
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
        found_at = placed(problem, {}, document)
        place = place_of(document, found_at.path, key=True) if document else None
        found.append(found_at.at(*place) if place else found_at)
    return StackFileError(stack.written.name, found)
