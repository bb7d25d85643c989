"""Reads a stack file as values with positions."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dolmen.stackfile.composer import Composer, RefusedError, SecureValue, below_config
from dolmen.stackfile.problems import KeyPath, Place, Problem, StackFileError, printable
from dolmen.stackfile.scalars import go_json, go_number
from dolmen.stackfile.yaml_slips import slip

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes. A stack file of a hundred applications has some 50 kB."""
TOP_LEVEL_KEYS = ("config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt")
"""Source: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/"""


@dataclass(frozen=True, slots=True)
class ConfigValue:
    """One configuration value as the CLI hands it to a program: text, JSON when it is an object."""

    text: str
    secure: bool = False
    object: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    """The file as people know it, for messages."""
    values: Mapping[str, Any]
    """The whole file: None, bool, int, float, str, list, dict and `SecureValue`."""
    keys: Mapping[KeyPath, Place] = field(repr=False, default_factory=dict)
    places: Mapping[KeyPath, Place] = field(repr=False, default_factory=dict)
    """Key path → where the value starts."""
    texts: Mapping[KeyPath, str] = field(repr=False, default_factory=dict[KeyPath, str])
    """Key path → a plain scalar as it is written, where it reads as something else than text (`010`)."""
    secrets: frozenset[KeyPath] = frozenset()
    """Key paths of `secure:` values."""

    def place(self, path: KeyPath) -> Place | None:
        """Where the value stands, or the key that is nearest to it upwards when it is missing."""
        for end in range(len(path), 0, -1):
            found = self.places.get(path[:end]) if end == len(path) else self.keys.get(path[:end])
            if found or (found := self.places.get(path[:end])):
                return found
        return None

    def key_place(self, path: KeyPath) -> Place | None:
        return self.keys.get(path) or self.place(path)

    @property
    def section(self) -> Mapping[str, Any]:
        """What stands under `config:`, keys as written."""
        found = self.values.get("config")
        return found if isinstance(found, dict) else {}

    @property
    def environments(self) -> tuple[str, ...]:
        """Imported ESC environments, which only a Pulumi Cloud account can open."""
        imports = self.values.get("environment")
        if isinstance(imports, dict):
            imports = imports.get("imports")
        if isinstance(imports, str):
            imports = [imports]
        listed = imports if isinstance(imports, list) else []
        return tuple(str(next(iter(one), "") if isinstance(one, dict) else one) for one in listed if one)

    def config(self, project: str) -> dict[str, ConfigValue]:
        """Full key (`project:key`) → value, as the CLI would pass it on."""
        return {full_key(key, project): config_value(value) for key, value in self.section.items()}


def full_key(key: str, project: str) -> str:
    """A key with its namespace; `aws:config:region`, an old spelling, is `aws:region`."""
    if ":" not in key:
        return f"{project}:{key}"
    parts = key.split(":")
    return f"{parts[0]}:{parts[2]}" if len(parts) == 3 and parts[1] == "config" else key


def config_value(value: Any) -> ConfigValue:
    if isinstance(value, SecureValue):
        return ConfigValue("", secure=True)
    if isinstance(value, str) or value is None:
        return ConfigValue(value or "")
    if isinstance(value, int) and not isinstance(value, bool):
        return ConfigValue(go_number(value))
    return ConfigValue(go_json(value), secure=_holds_secure(value), object=isinstance(value, dict | list))


def _holds_secure(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_secure(v) for v in value.values())
    if isinstance(value, list):
        return any(_holds_secure(v) for v in value)
    return isinstance(value, SecureValue)


# ---- reading


def read(path: Path, name: str | None = None, *, key: str = "config") -> Document:
    """The document in a file. Raises `StackFileError` for whatever a file can be but should not.

    `key`: the key that such a file begins with, for messages."""
    name = name or path.name
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe without a writer would block for ever
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _unusable(name, "This is not a regular file.", "Put a YAML file here.")
            data = file.read(LARGEST_FILE + 1)
    except IsADirectoryError:
        raise _unusable(name, "This is a folder.", "Put a YAML file here.") from None
    except OSError as error:
        rule = f"The file cannot be read: {error.strerror or type(error).__name__}."
        raise _unusable(name, rule, "Check its name, its permissions and its links.") from None
    if len(data) > LARGEST_FILE:
        rule = f"The file is larger than {LARGEST_FILE // 2**20} MiB."
        raise _unusable(name, rule, "A stack file holds settings; keep data elsewhere.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(data.count(b"\n", 0, error.start) + 1, 1)
        raise _unusable(name, "The file is not UTF-8 text.", "Save it as UTF-8.", place) from None
    return read_text(text, name, key=key)


def read_text(text: str, name: str, *, key: str = "config") -> Document:
    composer = Composer(text)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        detail = ", ".join(printable(part) for part in (error.context, error.problem) if part)
        place, remedy = slip(text, error)
        composer.problems.append(_problem((), f"This is not YAML: {detail}.", remedy, place))
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        place = Place(text.count("\n", 0, position) + 1 if isinstance(position, int) else 1, 1)
        rule = "The file has characters that YAML does not allow."
        composer.problems.append(_problem((), rule, "Remove control characters.", place))
    except RefusedError as error:
        composer.problems.append(error.problem)
    values = {} if composer.root is None else composer.root
    if problems := composer.problems or list(_shape(values, composer, key)):
        raise StackFileError(name, problems)
    return Document(name, values, composer.keys, composer.places, composer.texts, frozenset(composer.secrets))


def _problem(path: KeyPath, rule: str, remedy: str, place: Place | None) -> Problem:
    problem = Problem(path, rule, remedy)
    return problem.at(*place) if place else problem


def _unusable(name: str, rule: str, remedy: str, place: Place | None = None) -> StackFileError:
    return StackFileError(name, [_problem((), rule, remedy, place)])


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _shape(values: Any, composer: Composer, top: str) -> Iterator[Problem]:
    """What the CLI itself asks of the file beyond YAML."""

    def placed(path: KeyPath, rule: str, remedy: str) -> Problem:
        return _problem(below_config(path), rule, remedy, composer.keys.get(path) or composer.places.get(path))

    if not isinstance(values, dict):
        remedy = f"Begin with `{top}:` and indent what belongs below it."
        yield _problem((), f"The file is a mapping with a key `{top}`.", remedy, Place(1, 1))
        return
    config = values.get("config")
    if config is not None and not isinstance(config, dict):
        rule = "`config` is a mapping of `namespace:key` to values."
        yield placed(("config",), rule, "Indent the settings below it.")
    for key in config if isinstance(config, dict) else ():
        parts = key.split(":")
        if len(parts) > 3 or (len(parts) == 3 and parts[1] != "config"):
            remedy = "Use one colon, and quote values that hold colons."
            yield placed(("config", key), "A configuration key is `namespace:name`.", remedy)
    for path in composer.not_finite:
        rule = "Pulumi cannot pass on a number that is not finite."
        yield placed(path, rule, "Write a finite number or quote it.")
