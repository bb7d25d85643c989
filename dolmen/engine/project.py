"""Reads Pulumi.yaml and a stack's configuration as the CLI would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dolmen.engine.plan import Failure, FailureKind, Note
from dolmen.stackfile import StackFileError, read
from dolmen.stackfile.document import SecureValue, config_value, full_key
from dolmen.stackfile.project_file import project_file, stack_folder

SECURE_MARK = "‹secret {key}›"
"""What a program sees in place of a value that is encrypted in the stack file."""


class RefusedError(Exception):
    """A project or stack file that cannot be used, told for people."""

    @property
    def failure(self) -> Failure:
        return Failure(FailureKind.REFUSED, str(self))


@dataclass(frozen=True, slots=True)
class Project:
    folder: Path
    name: str
    runtime: str
    options: Mapping[str, Any]
    """Of the runtime: toolchain, virtualenv and so on."""
    main: Path
    """The folder or file that holds the program."""
    stack_folder: Path
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Full key → plain value, from Pulumi.yaml's `config:`."""
    secret_defaults: frozenset[str] = frozenset()
    plugins: Mapping[str, str] = field(default_factory=dict[str, str])
    """Package → where Pulumi.yaml takes its provider from: a path, a version, a source."""
    suffix: str = ".yaml"
    """Of Pulumi.yaml, and so of its stack files: Pulumi looks for no other."""


@dataclass(frozen=True, slots=True)
class StackConfig:
    """Configuration as the CLI hands it to a program: key → text."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    secret_keys: frozenset[str] = frozenset()
    file: str | None = None
    notes: tuple[Note, ...] = ()
    plugins: Mapping[str, str] = field(default_factory=dict[str, str])
    """As the project has them."""


def read_project(folder: Path) -> Project:
    """A project's settings. Raises `RefusedError` without a usable Pulumi.yaml."""
    path = project_file(folder)
    if path is None:
        raise RefusedError(f"There is no Pulumi.yaml in {folder}. Name the folder of a Pulumi project.")
    try:
        values = read(path, path.name).values
    except StackFileError as error:
        raise RefusedError(str(error)) from None
    name = values.get("name")
    if not isinstance(name, str) or not name:
        raise RefusedError(f"{path.name} has no `name`. Pulumi needs one: `name: my-project`.")
    runtime = values.get("runtime")
    options: Any = {}
    if isinstance(runtime, dict):
        options = runtime.get("options") or {}
        runtime = runtime.get("name")
    if not isinstance(runtime, str) or not runtime:
        raise RefusedError(f"{path.name} has no `runtime`. Write `runtime: python`.")
    if runtime != "python":
        raise RefusedError(
            f"This project's runtime is {runtime}. Only Python programs can be evaluated offline; "
            f"use `pulumi preview` for this one."
        )
    main = values.get("main")
    program = folder / main if isinstance(main, str) and main else folder
    if not program.exists():
        raise RefusedError(f"`main: {main}` of {path.name} names nothing that exists.")
    if program.is_dir() and not (program / "__main__.py").is_file():
        raise RefusedError(f"There is no __main__.py in {_relative(program, folder) if main else 'the project'}.")
    defaults, secrets = _defaults(values.get("config"), name)
    return Project(
        folder=folder,
        name=name,
        runtime=runtime,
        options=options if isinstance(options, dict) else {},
        main=program,
        stack_folder=folder / stack_folder(values),
        defaults=defaults,
        secret_defaults=secrets,
        plugins=_plugins(values),
        suffix=path.suffix,
    )


def _defaults(section: Any, project: str) -> tuple[dict[str, Any], frozenset[str]]:
    """Defaults of the project file: plain values, `value` or `default`."""
    found: dict[str, Any] = {}
    secrets: set[str] = set()
    for key, declared in section.items() if isinstance(section, dict) else ():
        full, value = full_key(str(key), project), declared
        if isinstance(declared, dict):
            if declared.get("secret") is True:
                secrets.add(full)
            value = declared.get("value", declared.get("default"))  # else it declares type or description alone
        if value is not None:
            found[full] = value
    return found, frozenset(secrets)


def _plugins(values: Mapping[str, Any]) -> dict[str, str]:
    """Source: https://www.pulumi.com/docs/iac/concepts/projects/project-file/ (`plugins`, `packages`)."""
    found: dict[str, str] = {}
    section = values.get("plugins")
    for several in section.values() if isinstance(section, dict) else ():
        for one in several if isinstance(several, list) else ():
            if isinstance(one, dict) and isinstance(one.get("name"), str):
                found[one["name"]] = " ".join(str(one[key]) for key in ("path", "version") if one.get(key))
    packages = values.get("packages")
    for name, source in packages.items() if isinstance(packages, dict) else ():
        found[str(name)] = source if isinstance(source, str) else json.dumps(source, sort_keys=True, default=str)
    return found


def stack_names(project: Project) -> tuple[str, ...]:
    """Stacks that have a file, in alphabetical order."""
    found = project.stack_folder.glob(f"Pulumi.*{project.suffix}")
    return tuple(sorted({path.name[len("Pulumi.") : -len(path.suffix)] for path in found}))


def stack_file(project: Project, stack: str) -> Path:
    """Where a stack's file lies: Pulumi looks for no other suffix than the project file's."""
    return project.stack_folder / f"Pulumi.{stack.rsplit('/', 1)[-1]}{project.suffix}"


def read_config(project: Project, stack: str) -> StackConfig:
    """The configuration of a stack. Raises `RefusedError`.

    Without a file it has the project's defaults alone.
    """
    own = stack_file(project, stack)
    path = own if own.exists() or own.is_symlink() else None
    notes: list[Note] = []
    section: Mapping[str, Any] = {}
    name: str | None = None
    if path is not None:
        name = _relative(path, project.folder)
        try:
            document = read(path, name)
        except StackFileError as error:
            raise RefusedError(str(error)) from None
        section = document.section
        notes.extend(
            Note("not-analysed", f"environment {environment}", "An imported ESC environment needs an account.")
            for environment in document.environments
        )
    merged = {**project.defaults, **{full_key(key, project.name): value for key, value in section.items()}}
    values: dict[str, str] = {}
    secret_keys = set(project.secret_defaults & merged.keys())
    for key, value in merged.items():
        converted = config_value(value)
        text = converted.text
        if converted.secure:
            secret_keys.add(key)
            text = json.dumps(_masked(value, key)) if isinstance(value, dict | list) else SECURE_MARK.format(key=key)
        values[key] = text
    return StackConfig(values, frozenset(secret_keys), name, tuple(notes), project.plugins)


def _masked(value: Any, key: str) -> Any:
    if isinstance(value, SecureValue):
        return SECURE_MARK.format(key=key)
    if isinstance(value, dict):
        return {name: _masked(item, f"{key}.{name}") for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, f"{key}[{i}]") for i, item in enumerate(value)]
    return value


def _relative(path: Path, folder: Path) -> str:
    try:
        return str(path.relative_to(folder))
    except ValueError:
        return str(path)
