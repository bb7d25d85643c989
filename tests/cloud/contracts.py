"""What the providers' own schemas say of each type: names, types, what is required, and what a change does.

The data files beside this module name their sources. They are the contract that a simulated cloud holds a program to;
what a cloud does beyond its schema is in `kinds/`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cloud.wire import SIGNATURE, UNKNOWN, plain

DATA = Path(__file__).with_name("data")
Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Contract:
    token: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    required: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    plan_error: tuple[str, ...] = ()
    """Create-only: a change makes the preview fail."""
    apply_error: tuple[str, ...] = ()
    """The preview shows an update, and the apply fails."""
    replace_if_already_set: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Nobody has seen what a change does: treated as an update, and counted as a limit."""
    computed_if_unset: tuple[str, ...] = ()
    autonamed: str | None = None
    update_facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def package(self) -> str:
        return self.token.split(":", 1)[0]

    @property
    def computed(self) -> tuple[str, ...]:
        """What is not known before the resource exists, whatever the program says."""
        return tuple(self.outputs)

    def rule(self, path: str) -> str:
        """What a change at a property path (without indices) does, by the schema alone."""
        rules = {
            "replace": self.replace,
            "planError": self.plan_error,
            "applyError": self.apply_error,
            "replaceIfAlreadySet": self.replace_if_already_set,
        }
        for rule, paths in rules.items():
            if any(path == wanted or path.startswith(f"{wanted}.") for wanted in paths):
                return rule
        return "update"


@functools.cache
def contracts() -> Mapping[str, Contract]:
    found: dict[str, Contract] = {}
    for package in ("aws", "mongodbatlas", "random"):
        for token, entry in json.loads((DATA / f"{package}.json").read_text())["types"].items():
            found[token] = Contract(
                token=token,
                inputs=entry["inputs"],
                outputs=entry.get("outputs", {}),
                required=tuple(entry["required"]),
                secret=tuple(entry.get("secret", ())),
                replace=tuple(entry.get("replace", ())),
                plan_error=tuple(entry.get("planError", ())),
                apply_error=tuple(entry.get("applyError", ())),
                replace_if_already_set=tuple(entry.get("replaceIfAlreadySet", ())),
                unknown=tuple(entry.get("unknown", ())),
                computed_if_unset=tuple(entry.get("computedIfUnset", ())),
                autonamed=entry.get("autonamed"),
                update_facts=entry.get("updateFacts", {}),
            )
    return found


@functools.cache
def enumerations() -> Mapping[str, Mapping[str, list[Any]]]:
    """type → property path → the values that the service knows, where the provider passes on any."""
    return json.loads((DATA / "enumerations.json").read_text())["types"]


def problems(contract: Contract, inputs: Properties) -> Iterator[tuple[str, str]]:
    """(property, reason) for everything that a provider would refuse by its schema, where its Check was not recorded."""
    given = plain(inputs)
    for name in contract.required:
        if given.get(name) is None and name not in _made_by_the_provider(contract):
            yield name, f'Missing required argument. The argument "{name}" is required, but no definition was found.'
    for name, value in given.items():
        if name not in contract.inputs:
            yield name, f'Unsupported argument. An argument named "{name}" is not expected here.'
        else:
            yield from _mismatches(contract.inputs[name], value, name)


def _made_by_the_provider(contract: Contract) -> tuple[str, ...]:
    return (contract.autonamed,) if contract.autonamed else ()


def is_unknown(value: Any) -> bool:
    return value == UNKNOWN


def _mismatches(schema: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if value is None or is_unknown(value) or schema == "any":
        return
    if isinstance(schema, str):
        if not _fits(schema, value):
            yield path, f"expected {schema}, got {type(value).__name__} {value!r}"
    elif isinstance(schema, list):
        if not isinstance(value, list):
            yield path, f"expected a list, got {type(value).__name__}"
            return
        for index, entry in enumerate(value):
            yield from _mismatches(schema[0], entry, f"{path}[{index}]")
    elif not isinstance(value, dict):
        yield path, f"expected an object, got {type(value).__name__}"
    elif "*" in schema:
        for key, entry in value.items():
            yield from _mismatches(schema["*"], entry, f"{path}.{key}")
    else:
        names = {name.rstrip("!"): entry for name, entry in schema.items()}
        for key, entry in value.items():
            if key not in names:
                yield f"{path}.{key}", f'Unsupported argument. An argument named "{key}" is not expected here.'
            else:
                yield from _mismatches(names[key], entry, f"{path}.{key}")
        for name in schema:
            if name.endswith("!") and value.get(name[:-1]) is None:
                yield f"{path}.{name[:-1]}", f'Missing required argument. The argument "{name[:-1]}" is required.'


def _fits(schema: str, value: Any) -> bool:
    if schema == "string":
        return isinstance(value, str)
    if schema == "json":
        return isinstance(value, (str, dict))
    if schema == "boolean":
        return isinstance(value, bool)
    if schema == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if schema == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, dict) and SIGNATURE in value  # an asset or archive


def at(value: Any, path: str) -> Iterator[Any]:
    """All values at a dotted path, through lists; missing ones are left out."""
    if isinstance(value, list):
        for entry in value:
            yield from at(entry, path)
        return
    name, _, rest = path.partition(".")
    if not isinstance(value, Mapping) or value.get(name) is None:
        return
    below = value[name]
    if rest:
        yield from at(below, rest)
    elif isinstance(below, list):
        yield from below
    else:
        yield below
