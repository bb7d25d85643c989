"""Composes a stack file's tree from the events of its YAML.

libyaml's events are composed here rather than by PyYAML: the Pulumi CLI's parser is a port of libyaml, so the events
are the same, while scalars, duplicate keys, merge keys and aliases follow the CLI's rules (`scalars`), every key and
value keeps its place, and hostile input (depth, size, alias bombs) is refused before it costs anything.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from dolmen.stackfile.problems import KeyPath, Place, Problem, printable
from dolmen.stackfile.scalars import WrongTagError, go_json, resolve

DEEPEST = 64
MOST_VALUES = 200_000
"""After aliases are expanded."""


@dataclass(frozen=True, slots=True)
class SecureValue:
    """A `secure:` value. Its ciphertext is not kept: nothing here can decrypt it, and nothing should print it."""

    def __str__(self) -> str:
        return "[secret]"


_CIPHERTEXT = re.compile(r"v1:.+|[A-Za-z0-9+/]{2,}={0,2}", re.DOTALL)
"""Of Pulumi's secrets providers: a passphrase gives `v1:<nonce>:<text>`, the others base64."""
_MERGE = object()
_ESCAPED_SLASH = re.compile(r"(?<!\\)(?:\\\\)*\\/")


class RefusedError(Exception):
    """A file that is not read any further."""

    def __init__(self, event: Any, rule: str, remedy: str) -> None:
        self.problem = Problem((), rule, remedy).at(*place_of(event.start_mark))
        super().__init__(rule)


def place_of(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def below_config(path: KeyPath) -> KeyPath:
    """The path as people know it: what lies in the section `config` is named without it."""
    return path[1:] if path[:1] == ("config",) and len(path) > 1 else path


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that has begun and not ended."""

    value: Any
    path: KeyPath
    anchor: str | None
    key: Any = None
    awaits_value: bool = False
    merges: list[Any] = field(default_factory=list[Any])
    key_lines: dict[str, int] = field(default_factory=dict[str, int])


class Composer:
    """Builds the tree of a file from its events."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.root: Any = None
        self.problems: list[Problem] = []
        self.keys: dict[KeyPath, Place] = {}
        self.places: dict[KeyPath, Place] = {}
        self.texts: dict[KeyPath, str] = {}
        self.secrets: set[KeyPath] = set()
        self.not_finite: list[KeyPath] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, Any] = {}
        self._count = 0
        self._documents = 0
        self._sizes: dict[int, int] = {}

    def take(self, event: Any) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._begin_document(event)
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.MappingStartEvent():
                self._begin({}, event)
            case yaml.SequenceStartEvent():
                self._begin([], event)
            case yaml.CollectionEndEvent():
                self._end(event)
            case _:
                pass

    def _begin_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise RefusedError(
                event, "A stack file is one YAML document; Pulumi ignores a second one.", "Remove the `---` line."
            )

    def _scalar(self, event: Any) -> None:
        if event.style == '"' and _ESCAPED_SLASH.search(self._text[event.start_mark.index : event.end_mark.index]):
            raise RefusedError(event, "Pulumi's YAML reader refuses the escape `\\/`.", "Write the slash alone.")
        if event.value == "<<" and self._awaits_key():  # quoted or not: the CLI writes the file anew before it reads it
            self._set_key(_MERGE, event)
            return
        try:
            value = resolve(event.value, event.tag, event.style in (None, ""))
        except WrongTagError as error:
            raise RefusedError(
                event, f"This is not YAML: {printable(str(error))}.", "Remove the tag or mend the value."
            ) from None
        self._add(value, event)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise RefusedError(
                event,
                f"The alias *{printable(event.anchor)} names no finished anchor above it.",
                "Define the anchor first, outside itself; or quote the text, where no alias is meant.",
            )
        value = self._anchors[event.anchor]
        self._count_values(self._size(value), event)
        self._add(value, event)

    # ---- the tree

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and not self._stack[-1].awaits_value

    def _begin(self, value: Any, event: Any) -> None:
        if self._awaits_key():
            raise RefusedError(event, "Keys are plain text here.", "Write the key as text, without brackets.")
        if len(self._stack) >= DEEPEST:
            raise RefusedError(event, f"The file nests deeper than {DEEPEST} levels.", "Flatten it.")
        self._count_values(1, event)
        path = self._child_path()
        self.places[path] = place_of(event.start_mark)
        self._stack.append(_Open(value, path, event.anchor))

    def _end(self, event: Any) -> None:
        done = self._stack.pop()
        value = done.value
        for merged in done.merges:
            for key, item in merged.items():
                value.setdefault(key, item)
        if isinstance(value, dict) and list(value) == ["secure"] and isinstance(value["secure"], str):
            if not _CIPHERTEXT.fullmatch(value["secure"]):
                rule = "What stands under `secure:` is no ciphertext; a secret may stand here in plain text."
                remedy = "Remove it, here and from the history, and set it with `pulumi config set --secret <key>`."
                self.problems.append(Problem(done.path[1:], rule, remedy).at(*self.places[done.path]))
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
        self.places[path] = place_of(event.start_mark)
        if isinstance(value, float) and not math.isfinite(value):
            self.not_finite.append(path)
        if isinstance(event, yaml.ScalarEvent) and value is not None and _reads_otherwise(value, event):
            self.texts[path] = event.value
        if not isinstance(event, yaml.AliasEvent) and (anchor := getattr(event, "anchor", None)):
            self._anchors[anchor] = value
        self._place(value, event, path)

    def _set_key(self, key: Any, event: Any) -> None:
        top = self._stack[-1]
        place = place_of(event.start_mark)
        if key is not _MERGE:
            if not isinstance(key, str) and len(self._stack) < 3:
                raise RefusedError(
                    event,
                    f"Keys are text, and `{printable(str(event.value))}` reads as something else.",
                    f'Quote it: "{printable(str(event.value))}".',
                )
            if isinstance(key, float) and not math.isfinite(key):
                raise RefusedError(
                    event,
                    f"Keys are text, and `{printable(str(event.value))}` is a number that is not finite.",
                    f'Quote it: "{printable(str(event.value))}".',
                )
            key = key if isinstance(key, str) else "<nil>" if key is None else go_json(key)  # as Go prints it
            if key in top.key_lines:
                rule = f"This key stands here twice; the first is in line {top.key_lines[key]}."
                path = below_config((*top.path, key))
                self.problems.append(Problem(path, rule, "Keep one of the two.").at(*place))
            top.key_lines[key] = place.line
            self.keys[(*top.path, key)] = place
        top.key, top.awaits_value = key, True

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
                raise RefusedError(event, "`<<` merges mappings only.", "Give it an alias of a mapping.")
            top.merges.extend(merged)
        else:
            top.value[top.key] = value
        top.awaits_value = False

    def _count_values(self, number: int, event: Any) -> None:
        self._count += number
        if self._count > MOST_VALUES:
            raise RefusedError(
                event,
                f"The file holds more than {MOST_VALUES:,} values once its aliases are expanded.",
                "Remove repeated aliases.",
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


def _reads_otherwise(value: Any, event: Any) -> bool:
    """Whether a scalar reads as something else than the text that stands in the file; a date does, too."""
    return not isinstance(value, str) or (event.style in (None, "") and value != event.value)
