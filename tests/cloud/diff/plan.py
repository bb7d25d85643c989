"""What a provider plans for its properties, from the program's inputs and the old state.

https://developer.hashicorp.com/terraform/plugin/framework/resources/plan-modification says in which order the framework
works; SDK resources merge inputs and state the same way and leave out the marking.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.cloud.contracts import is_unknown
from tests.cloud.diff.schema import Flavour, Property
from tests.cloud.diff.values import converted, identity
from tests.cloud.wire import UNKNOWN

Values = Mapping[str, Any]


def proposed(
    properties: Mapping[str, Property], config: Values, prior: Values, olds: Values, flavour: Flavour
) -> dict[str, Any]:
    """The inputs, with defaults, and with the old values of computed properties that the program doesn't set."""
    return {
        name: _proposed(known, config.get(name), prior.get(name), olds.get(name), flavour)
        for name, known in properties.items()
        if config.get(name) is not None or prior.get(name) is not None or known.default is not None
    }


def _proposed(known: Property, config: Any, prior: Any, old: Any, flavour: Flavour) -> Any:
    if config is None or (config == [] and _cannot_be_empty(known, flavour)):
        if known.default is not None:
            return known.default
        if known.computed and old is not None and goes_when_removed(known):
            return UNKNOWN
        return prior if known.computed else None
    config = converted(known, config)
    if is_unknown(config) or not known.children or known.type == "map":
        return config
    if isinstance(config, dict):
        return proposed(known.children, config, _object(prior), _object(old), flavour)
    if not isinstance(config, list):
        return config
    before, given = _list(prior), _list(old)
    return [
        entry
        if not isinstance(entry, dict)
        else proposed(
            known.children,
            entry,
            _counterpart(known, entry, before, index, flavour),
            _counterpart(known, entry, given, index, flavour),
            flavour,
        )
        for index, entry in enumerate(config)
    ]


def kept(properties: Mapping[str, Property], news: Values, before: Values) -> dict[str, Any]:
    """The inputs of an update, with the values that a program left out and the provider keeps."""
    values = dict(news)
    for name, known in properties.items():
        given, old = news.get(name), before.get(name)
        if given is None and old is not None and known.computed and not goes_when_removed(known):
            values[name] = old
        elif isinstance(given, dict) and isinstance(old, dict) and known.children and known.type != "map":
            values[name] = kept(known.children, given, old)
    return values


def _object(value: Any) -> Values:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def goes_when_removed(known: Property) -> bool:
    """The few computed properties whose old value was seen to go when the program left them out."""
    return known.measured("Removal") == frozenset(("update",)) and not known.has("optionalComputedKeepsOldValue")


def _cannot_be_empty(known: Property, flavour: Flavour) -> bool:
    """In an SDK resource, no block at all and an empty list of blocks are the same, but for blocks that are values."""
    return flavour == "sdk" and known.computed and bool(known.children) and not known.block_as_value


def _counterpart(known: Property, entry: Any, before: list[Any], index: int, flavour: Flavour) -> Values:
    """The old element that a new one continues: the same place in a list, one that it leaves as it is in a set."""
    if not known.unordered:
        return _object(before[index]) if index < len(before) else {}
    inside = known.members
    for old in before:
        if isinstance(old, dict):
            continued = proposed(known.children, entry, old, {}, flavour)
            if identity(inside, continued) == identity(inside, old):
                return old
    return {}


def marked_unknown(properties: Mapping[str, Property], config: Values, planned: Values) -> dict[str, Any]:
    """The plan of a framework resource that changes: what the program doesn't set and the cloud computes is open."""
    return {
        name: _marked(known, config.get(name), planned.get(name))
        for name, known in properties.items()
        if planned.get(name) is not None or known.computed
    }


def _marked(known: Property, config: Any, planned: Any) -> Any:
    if config is None:
        return UNKNOWN if known.computed and known.default is None else planned
    if is_unknown(config) or not known.children or known.type == "map":
        return planned
    if isinstance(config, dict):
        return marked_unknown(known.children, config, planned)
    return [
        marked_unknown(known.children, given, entry) if isinstance(entry, dict) else entry
        for given, entry in zip(config, planned, strict=True)
    ]


def modified(properties: Mapping[str, Property], config: Values, prior: Values, planned: Values) -> dict[str, Any]:
    """The plan after the modifiers that keep an old value."""
    return {
        name: _modified(known, config.get(name), prior.get(name), planned.get(name))
        for name, known in properties.items()
        if name in planned
    }


def _modified(known: Property, config: Any, prior: Any, planned: Any) -> Any:
    if "keepsKnownValueWhenUnset" in known.modifiers and config is None:
        return prior  # None only where a simulated cloud doesn't tell it: a real one always does
    if keeps_at_creation(known) and prior is not None and (config is None or is_unknown(config)):
        return prior
    if not known.children or known.type == "map" or is_unknown(planned) or planned is None:
        return planned
    if isinstance(planned, dict):
        given = config if isinstance(config, dict) else {}
        return modified(known.children, given, prior if isinstance(prior, dict) else {}, planned)
    before = prior if isinstance(prior, list) else []
    given = config if isinstance(config, list) else []
    return [
        entry
        if not isinstance(entry, dict)
        else modified(
            known.children,
            given[index] if index < len(given) and isinstance(given[index], dict) else {},
            _counterpart(known, entry, before, index, "framework"),
            entry,
        )
        for index, entry in enumerate(planned)
    ]


def keeps_at_creation(known: Property) -> bool:
    """A create-only flag with a default: its old value stands where the program says nothing or nothing yet."""
    return "createOnly" in known.modifiers and known.type == "boolean"
