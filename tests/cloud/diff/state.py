"""A state as the recordings made it up: a preview's Create, with every unknown output filled in by its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.cloud.diff.schema import Property, Schema
from tests.cloud.diff.values import converted

_PLAUSIBLE: Mapping[str, Any] = {
    "mongoDbMajorVersion": "8.0",
    "clusterType": "REPLICASET",
    "engine": "redis",
    "engineVersion": "7.1",
}
"""Where a provider's plan reads the old value, the recordings chose one that it understands."""


def synthetic_state(schema: Schema, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the recorded Diffs had as old state, from the old inputs."""
    made = {name: _filled(known, inputs.get(name)) for name, known in schema.properties.items()}
    named = schema.autonamed
    if named and made[named] is None:
        made[named] = "made-up-0123456"
    return {**inputs, **{name: value for name, value in made.items() if value is not None}}


def state_with(inputs: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    """An engine's old state, with the old inputs where the state says something else of them."""
    return {**state, **{name: value for name, value in inputs.items() if not _covers(state.get(name), value)}}


def _covers(state: Any, given: Any) -> bool:
    """Whether a state holds what was given, and perhaps more that was computed."""
    if isinstance(given, dict) and isinstance(state, dict):
        return all(_covers(state.get(name), value) for name, value in given.items())
    if isinstance(given, list) and isinstance(state, list):
        return len(given) == len(state) and all(map(_covers, state, given))
    return state == given


def completed(properties: Mapping[str, Property], state: Mapping[str, Any]) -> dict[str, Any]:
    """A state with the defaults that every real one holds, also where a simulated cloud doesn't tell them."""
    values = dict(state)
    for name, known in properties.items():
        value = state.get(name)
        if value is None and (default := default_of(known)) is not None:
            values[name] = default
        elif isinstance(value, dict) and known.children and known.type != "map":
            values[name] = completed(known.children, value)
        elif isinstance(value, list) and known.children:
            values[name] = [completed(known.children, entry) if isinstance(entry, dict) else entry for entry in value]
    return values


def default_of(known: Property) -> Any:
    """The schema's default; a flag that only a creation reads has the default true."""
    if known.default is None and "createOnly" in known.modifiers and known.type == "boolean":
        return True
    return known.default


def _filled(known: Property, value: Any) -> Any:
    if value is None:
        return _made_up(known)
    value = converted(known, value)
    if isinstance(value, dict) and known.children and known.type != "map":
        return {**value, **_below(known, value)}
    if isinstance(value, list) and known.children:
        return [{**entry, **_below(known, entry)} if isinstance(entry, dict) else entry for entry in value]
    return value


def _below(known: Property, value: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: _filled(child, value.get(name)) for name, child in known.children.items()}
    return {name: entry for name, entry in found.items() if entry is not None}


def _made_up(known: Property) -> Any:
    if (default := default_of(known)) is not None:
        return default
    if not known.computed:
        return None
    if known.type == "object":
        return None if known.has("flattened") else _below(known, {})
    name = known.path.rsplit(".", 1)[-1]
    plain = {"string": "filled", "integer": 1, "number": 1, "boolean": False, "list": [], "set": [], "map": {}}
    return _PLAUSIBLE.get(name, plain[known.type])
