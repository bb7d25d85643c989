"""What a provider itself demands and says of a type's properties, measured: `provider_schemas/<package>.json`.

The files are made by `tools/provider_schemas.py` from answers of the providers' own code, and are read when a type of
their package is first asked for. Paths are Pulumi's: `[*]` stands for any item of a list, `{*}` for any value of a map.
Whoever evaluates a program reads this too, in the project's own interpreter: nothing but the standard library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

_FOLDER = Path(__file__).parent / "provider_schemas"

Kind = Literal["string", "boolean", "integer", "number", "list", "set", "map", "object"]
Answer = str | tuple[str, ...]
"""What a Diff said: `none`, `update`, `replace`, `error`; several where it depends on the values."""


class Variants(NamedTuple):
    """A property whose value decides which others may and must stand beside it."""

    allowed: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


class PropertySchema(NamedTuple):  # a dataclass of as many fields takes a plan several milliseconds to define
    """What the provider says of one property."""

    type: Kind
    elements: Kind | None = None
    flattened: bool = False
    """A list of at most one item for the provider, an object (or a single value) in Pulumi."""
    block: bool = False
    """Of the framework, which refuses an empty one where one is required."""
    required: bool = False
    required_no_longer: bool = False
    """By the provider that was asked, and no more by the SDK that `TypeSchema.sdk` names."""
    autonamed: bool = False
    """Required, and filled in by Pulumi where the program does not."""
    not_settable: bool = False
    computed: bool = False
    sensitive: bool = False
    object_as_text: bool = False
    """Pulumi's provider writes an object as the JSON that this text is."""

    conflicts_with: tuple[str, ...] = ()
    required_with: tuple[str, ...] = ()
    exactly_one_of: tuple[str, ...] = ()
    at_least_one_of: tuple[str, ...] = ()
    discriminator: Mapping[str, Variants] = MappingProxyType[str, Variants]({})
    rules: tuple[str, ...] = ()

    enum: tuple[str | int | float, ...] = ()
    enum_ignores_case: bool = False
    also_accepted: tuple[str | int | float, ...] = ()
    min: float | None = None
    max: float | None = None
    divisible_by: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    regex: tuple[str, ...] = ()
    not_regex: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    alternatives: bool = False
    """Any one of the constraints on the value suffices."""

    default: str | int | float | bool | None = None
    replace: bool = False
    plan_modifiers: tuple[str, ...] = ()
    normalised: bool = False
    some_differences_ignored: bool = False
    declared_set: bool = False
    set_like: bool | None = None
    measured_change: Answer | None = None
    measured_removal: Answer | None = None
    measured_addition: Answer | None = None
    measured_delete_first: bool | None = None
    optional_computed_keeps_old_value: bool = False

    @property
    def unordered(self) -> bool:
        """Whether the order of a list's items means nothing to the provider: measured, or else declared."""
        return bool(self.set_like or self.declared_set or self.type == "set") and self.set_like is not False


class Properties(Mapping[str, PropertySchema]):
    """Path → its schema, which is made when it is first asked for: a plan asks for few."""

    def __init__(self, written: Mapping[str, Mapping[str, Any]]) -> None:
        self.written = written
        self._made: dict[str, PropertySchema] = {}

    def __getitem__(self, path: str) -> PropertySchema:
        made = self._made.get(path)
        if made is None:
            made = self._made[path] = _property(self.written[path])
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self.written)

    def __len__(self) -> int:
        return len(self.written)


@dataclass(frozen=True, eq=False, repr=False)
class TypeSchema:
    """A resource type as its provider describes it."""

    type: str
    schema: Literal["sdk", "framework"]
    """Which of Terraform's two kits the resource is built on: they convert and refuse differently."""
    source: str
    date: str
    sdk: str
    """The version of Pulumi's SDK up to which `additions` are known."""
    properties: Properties
    additions: frozenset[str] = frozenset()
    """Properties that the SDK has and the provider that was asked had not: nothing more is known of them."""
    never_updated: bool = False
    has_own_plan_rules: bool = False

    @cached_property
    def children(self) -> Mapping[str, frozenset[str]]:
        """Path of an object (`""`: the resource) → names of its properties."""
        return _by_parent(self.properties.written)

    @cached_property
    def demanded(self) -> Mapping[str, frozenset[str]]:
        """Path of an object → names of the properties that something is wrong with where they are missing."""
        return _by_parent(p for p, one in self.properties.written.items() if not one.keys().isdisjoint(_DEMANDS))

    @cached_property
    def sets(self) -> frozenset[str]:
        """Paths of the lists whose order means nothing."""
        likely = (
            p for p, one in self.properties.written.items() if not _OF_SETS.isdisjoint(one) or one["type"] == "set"
        )
        return frozenset(path for path in likely if self.properties[path].unordered)

    @cached_property
    def with_default(self) -> Mapping[str, frozenset[str]]:
        """Path of an object → names of the properties that stand for a default where they are missing."""
        return _by_parent(p for p, one in self.properties.written.items() if "default" in one)

    @cached_property
    def with_rules(self) -> tuple[str, ...]:
        """Paths of properties that decide over others."""
        return tuple(p for p, one in self.properties.written.items() if "rules" in one or "discriminator" in one)

    @cached_property
    def planned(self) -> tuple[str, ...]:
        """Paths of properties of which the provider asks more when the resource is created than it does at Check."""
        written = self.properties.written
        return tuple(p for p, one in written.items() if not _AT_CREATION.isdisjoint(one.get("planModifiers", ())))

    @cached_property
    def related(self) -> frozenset[str]:
        """Top-level properties for which it matters whether others are given."""
        written = self.properties.written
        return frozenset(p for p, one in written.items() if "." not in p and not _RELATIONS.isdisjoint(one))

    def describes(self, sdk: str) -> bool:
        """Whether an SDK of that version is of the same line: another major version has other properties."""
        return version(sdk)[:1] == version(self.sdk)[:1]

    def older_than(self, sdk: str) -> bool:
        """Whether an SDK of that version may have properties of which nobody here has heard."""
        return version(sdk) > version(self.sdk)


_OF_SETS = frozenset({"setLike", "declaredSet"})
_AT_CREATION = frozenset({"updateOnly", "requestOnlyRequiredOnCreate"})
_RELATIONS = frozenset({"conflictsWith", "requiredWith", "exactlyOneOf", "atLeastOneOf"})
_DEMANDS = frozenset({"required", "exactlyOneOf", "atLeastOneOf"})


def _by_parent(paths: Iterable[str]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for path in paths:
        if path[-1] not in "]}":
            parent, _, name = path.rpartition(".")
            found.setdefault(parent, set()).add(name)
    return {path: frozenset(names) for path, names in found.items()}


def version(text: str) -> tuple[int, ...]:
    """`v7.51.1-alpha` → (7, 51, 1)."""
    numbers = re.match(r"v?(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in numbers.group(1).split(".")) if numbers else ()


@cache
def type_schema(token: str) -> TypeSchema | None:
    """What is known of a type; `None` where its provider was not asked about it."""
    package = token.split(":", 1)[0]
    head, types = _document(package)
    if token not in types:
        return None
    written = json.loads(types[token])
    return TypeSchema(
        token,
        written["schema"],
        head["source"],
        head["date"],
        head["sdk"],
        Properties(written["properties"]),
        frozenset(written.get("additions", ())),
        written.get("neverUpdated", False),
        written.get("hasOwnPlanRules", False),
    )


def known_types() -> tuple[str, ...]:
    """All types of which something is known."""
    packages = sorted(file.stem for file in _FOLDER.glob("*.json"))
    return tuple(token for package in packages for token in _document(package)[1])


@cache
def _document(package: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """What is said of all types, and token → its type as JSON: each stands in a line, and a plan has few of them."""
    # The package is a word of the program under review: only the names of files that are here are opened.
    known = {file.stem: file for file in _FOLDER.glob("*.json")}
    if package not in known:
        return {}, {}
    head, _, types = known[package].read_text("utf-8").partition(_TYPES)
    lines = (line.rstrip(",").split('": ', 1) for line in types.splitlines() if line.startswith('"'))
    return json.loads(head.rstrip(",\n") + "}"), {token[1:]: written for token, written in lines}


_TYPES = '"types": {\n'
"""Where `tools/provider_schemas.py` begins to write one type in each line."""


def _property(written: Mapping[str, Any]) -> PropertySchema:
    return PropertySchema(**{_FIELDS[key]: _frozen(key, value) for key, value in written.items()})


def _frozen(key: str, value: Any) -> Any:
    if key == "discriminator":
        return {name: Variants(tuple(one["allowed"]), tuple(one["required"])) for name, one in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


_FIELDS: Mapping[str, str] = {_camel(name): name for name in PropertySchema._fields}
