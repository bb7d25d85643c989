"""A stack file as values with positions.

libyaml's events are composed here rather than by PyYAML: the Pulumi CLI's parser is a port of libyaml, so the events
are the same, while scalars, duplicate keys, merge keys and aliases follow the CLI's rules (`scalars`), every key and
value keeps its place, and hostile input (depth, size, alias bombs) is refused before it costs anything.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dolmen.stackfile.problems import KeyPath, Problem, StackFileError, printable
from dolmen.stackfile.scalars import WrongTagError, go_number, resolve

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes. A stack file of a hundred applications has some 50 kB."""
DEEPEST = 64
MOST_VALUES = 200_000
"""After aliases are expanded."""

TOP_LEVEL_KEYS = ("config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt")
"""Source: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/"""


@dataclass(frozen=True, slots=True)
class SecureValue:
    """A `secure:` value. Its ciphertext is not kept: nothing here can decrypt it, and nothing should print it."""

    def __str__(self) -> str:
        return "[secret]"


@dataclass(frozen=True, slots=True)
class Place:
    line: int
    column: int


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
        names = (
            [next(iter(i), "") if isinstance(i, dict) else i for i in imports or [] if i]
            if isinstance(imports, list)
            else []
        )
        return tuple(str(name) for name in names)

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


def go_json(value: Any) -> str:
    """Compact JSON with sorted keys, numbers and escapes as Go's encoding/json writes them."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{go_json(str(k))}:{go_json(v)}" for k, v in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(go_json(v) for v in value) + "]"
    if isinstance(value, SecureValue):
        return '"[secret]"'
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int) and value >= 2**63:
        value = float(value)  # inside an object the CLI reads JSON numbers back as int64 or float64
    if isinstance(value, int | float):
        return go_number(value)
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


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
        reason = error.strerror or type(error).__name__
        raise _unusable(
            name, f"The file cannot be read: {reason}.", "Check its name, its permissions and its links."
        ) from None
    if len(data) > LARGEST_FILE:
        raise _unusable(
            name,
            f"The file is larger than {LARGEST_FILE // 2**20} MiB.",
            "A stack file holds settings; keep data elsewhere.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise StackFileError(
            name, [Problem((), "The file is not UTF-8 text.", "Save it as UTF-8.", line=line, column=1)]
        ) from None
    return read_text(text, name, key=key)


def read_text(text: str, name: str, *, key: str = "config") -> Document:
    composer = _Composer(text)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        detail = ", ".join(printable(part) for part in (error.context, error.problem) if part)
        composer.problems.append(
            Problem(
                (),
                f"This is not YAML: {detail}.",
                "Check the indentation, colons and quotes around this place.",
                line=mark.line + 1 if mark else None,
                column=mark.column + 1 if mark else None,
            )
        )
    except yaml.YAMLError as error:  # characters that YAML does not allow
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
        composer.problems.append(
            Problem(
                (),
                "The file has characters that YAML does not allow.",
                "Remove control characters.",
                line=line,
                column=1,
            )
        )
    except _RefusedError as error:
        composer.problems.append(error.problem)
    values = composer.root
    if values is None:
        values = {}
    if not composer.problems:
        composer.problems.extend(_shape(values, composer, key))
    if composer.problems:
        raise StackFileError(name, composer.problems)
    return Document(name, values, composer.keys, composer.places, composer.texts, frozenset(composer.secrets))


def _unusable(name: str, rule: str, remedy: str) -> StackFileError:
    return StackFileError(name, [Problem((), rule, remedy)])


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _shape(values: Any, composer: _Composer, top: str) -> Iterator[Problem]:
    """What the CLI itself asks of the file beyond YAML."""
    if not isinstance(values, dict):
        yield Problem(
            (),
            f"The file is a mapping with a key `{top}`.",
            f"Begin with `{top}:` and indent what belongs below it.",
            line=1,
            column=1,
        )
        return
    config = values.get("config")
    if config is not None and not isinstance(config, dict):
        yield _placed(
            composer,
            ("config",),
            "`config` is a mapping of `namespace:key` to values.",
            "Indent the settings below it.",
        )
    for key in config if isinstance(config, dict) else ():
        parts = key.split(":")
        if len(parts) > 3 or (len(parts) == 3 and parts[1] != "config"):
            yield _placed(
                composer,
                ("config", key),
                "A configuration key is `namespace:name`.",
                "Use one colon, and quote values that hold colons.",
            )
    for path, value in composer.floats:
        if math.isnan(value) or math.isinf(value):
            yield _placed(
                composer,
                path,
                "Pulumi cannot pass on a number that is not finite.",
                "Write a finite number or quote it.",
            )


def _placed(composer: _Composer, path: KeyPath, rule: str, remedy: str) -> Problem:
    place = composer.keys.get(path) or composer.places.get(path)
    path = path[1:] if path[:1] == ("config",) and len(path) > 1 else path
    return Problem(path, rule, remedy, line=place.line if place else None, column=place.column if place else None)


class _RefusedError(Exception):
    def __init__(self, rule: str, remedy: str, mark: Any) -> None:
        self.problem = Problem((), rule, remedy, line=mark.line + 1, column=mark.column + 1)
        super().__init__(rule)


_CIPHERTEXT = re.compile(r"v1:.+|[A-Za-z0-9+/]{2,}={0,2}", re.DOTALL)
"""Of Pulumi's secrets providers: a passphrase gives `v1:<nonce>:<text>`, the others base64."""
_MERGE = object()
_ESCAPED_SLASH = re.compile(r"(?<!\\)(?:\\\\)*\\/")


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that has begun and not ended."""

    value: Any
    path: KeyPath
    anchor: str | None
    key: Any = None
    key_place: Place | None = None
    awaits_value: bool = False
    merges: list[Any] = field(default_factory=list[Any])
    key_lines: dict[str, int] = field(default_factory=dict[str, int])


class _Composer:
    def __init__(self, text: str) -> None:
        self._text = text
        self.root: Any = None
        self.problems: list[Problem] = []
        self.keys: dict[KeyPath, Place] = {}
        self.places: dict[KeyPath, Place] = {}
        self.texts: dict[KeyPath, str] = {}
        self.secrets: set[KeyPath] = set()
        self.floats: list[tuple[KeyPath, float]] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, Any] = {}
        self._count = 0
        self._documents = 0
        self._sizes: dict[int, int] = {}

    def take(self, event: Any) -> None:
        handler: Callable[[Any], None] | None = getattr(self, f"_{type(event).__name__}", None)
        if handler:
            handler(event)

    def _DocumentStartEvent(self, event: Any) -> None:  # noqa: N802
        self._documents += 1
        if self._documents > 1:
            raise _RefusedError(
                "A stack file is one YAML document; Pulumi ignores a second one.",
                "Remove the `---` line.",
                event.start_mark,
            )

    def _ScalarEvent(self, event: Any) -> None:  # noqa: N802
        if event.style == '"' and _ESCAPED_SLASH.search(self._text[event.start_mark.index : event.end_mark.index]):
            raise _RefusedError(
                "Pulumi's YAML reader refuses the escape `\\/`.", "Write the slash alone.", event.start_mark
            )
        if event.value == "<<" and self._awaits_key():  # quoted or not: the CLI writes the file anew before it reads it
            self._set_key(_MERGE, event)
            return
        try:
            value = resolve(event.value, event.tag, event.style in (None, ""))
        except WrongTagError as error:
            raise _RefusedError(
                f"This is not YAML: {printable(str(error))}.", "Remove the tag or mend the value.", event.start_mark
            ) from None
        self._add(value, event)

    def _AliasEvent(self, event: Any) -> None:  # noqa: N802
        if event.anchor not in self._anchors:
            raise _RefusedError(
                f"The alias *{printable(event.anchor)} names no finished anchor above it.",
                "Define the anchor first, outside itself.",
                event.start_mark,
            )
        value = self._anchors[event.anchor]
        self._count_values(self._size(value), event)
        self._add(value, event)

    def _MappingStartEvent(self, event: Any) -> None:  # noqa: N802
        self._begin({}, event)

    def _SequenceStartEvent(self, event: Any) -> None:  # noqa: N802
        self._begin([], event)

    def _SequenceEndEvent(self, event: Any) -> None:  # noqa: N802
        self._end(event)

    def _MappingEndEvent(self, event: Any) -> None:  # noqa: N802
        self._end(event)

    # ---- the tree

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and not self._stack[-1].awaits_value

    def _begin(self, value: Any, event: Any) -> None:
        if self._awaits_key():
            raise _RefusedError(
                "Keys are plain text here.", "Write the key as text, without brackets.", event.start_mark
            )
        if len(self._stack) >= DEEPEST:
            raise _RefusedError(f"The file nests deeper than {DEEPEST} levels.", "Flatten it.", event.start_mark)
        self._count_values(1, event)
        path = self._child_path()
        self.places[path] = Place(event.start_mark.line + 1, event.start_mark.column + 1)
        self._stack.append(_Open(value, path, event.anchor))

    def _end(self, event: Any) -> None:
        done = self._stack.pop()
        value = done.value
        for merged in done.merges:
            for key, item in merged.items():
                value.setdefault(key, item)
        if isinstance(value, dict) and list(value) == ["secure"] and isinstance(value["secure"], str):
            if not _CIPHERTEXT.fullmatch(value["secure"]):
                place = self.places[done.path]
                self.problems.append(
                    Problem(
                        done.path[1:],
                        "What stands under `secure:` is no ciphertext; a secret may stand here in plain text.",
                        "Remove it, here and from the history, and set it with `pulumi config set --secret <key>`.",
                        line=place.line,
                        column=place.column,
                    )
                )
            value = SecureValue()
            self.secrets.add(done.path)
        if done.anchor:
            self._anchors[done.anchor] = value
        self._place(value, event, done.path)

    def _add(self, value: Any, event: Any) -> None:
        self._count_values(1, event)
        if self._awaits_key():
            self._set_key(value, event)
            return
        path = self._child_path()
        self.places[path] = Place(event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(value, float):
            self.floats.append((path, value))
        if isinstance(event, yaml.ScalarEvent) and not isinstance(value, str) and value is not None:
            self.texts[path] = event.value
        if not isinstance(event, yaml.AliasEvent) and (anchor := getattr(event, "anchor", None)):
            self._anchors[anchor] = value
        self._place(value, event, path)

    def _set_key(self, key: Any, event: Any) -> None:
        top = self._stack[-1]
        place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
        if key is not _MERGE:
            if not isinstance(key, str) and len(self._stack) < 3:
                raise _RefusedError(
                    f"Keys are text, and `{printable(str(event.value))}` reads as something else.",
                    f'Quote it: "{printable(str(event.value))}".',
                    event.start_mark,
                )
            key = key if isinstance(key, str) else "<nil>" if key is None else go_json(key)  # as Go prints it
            if key in top.key_lines:
                self.problems.append(
                    Problem(
                        (*top.path, key)[1 if top.path[:1] == ("config",) else 0 :],
                        f"This key stands here twice; the first is in line {top.key_lines[key]}.",
                        "Keep one of the two.",
                        line=place.line,
                        column=place.column,
                    )
                )
            top.key_lines[key] = place.line
            self.keys[(*top.path, key)] = place
        top.key, top.key_place, top.awaits_value = key, place, True

    def _child_path(self) -> KeyPath:
        if not self._stack:
            return ()
        top = self._stack[-1]
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        return (*top.path, "<<" if top.key is _MERGE else top.key)

    def _place(self, value: Any, event: Any, path: KeyPath) -> None:
        if not self._stack:
            if path == ():
                self.root = value
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            return
        if top.key is _MERGE:
            merged = value if isinstance(value, list) else [value]
            if not all(isinstance(item, dict) for item in merged):
                raise _RefusedError("`<<` merges mappings only.", "Give it an alias of a mapping.", event.start_mark)
            top.merges.extend(merged)
        else:
            top.value[top.key] = value
        top.awaits_value = False

    def _count_values(self, number: int, event: Any) -> None:
        self._count += number
        if self._count > MOST_VALUES:
            raise _RefusedError(
                f"The file holds more than {MOST_VALUES:,} values once its aliases are expanded.",
                "Remove repeated aliases.",
                event.start_mark,
            )

    def _size(self, value: Any) -> int:
        """Values in an anchored tree; shared parts are measured once and counted each time."""
        if not isinstance(value, dict | list):
            return 1
        known = self._sizes.get(id(value))
        if known is None:
            items = value.values() if isinstance(value, dict) else value
            known = self._sizes[id(value)] = 1 + sum(self._size(item) for item in items)
        return known
