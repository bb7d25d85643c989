"""When two values are one for a provider: spelled otherwise, in another order, left out and filled in again. Pure.

Text is read as its property's type says, a set has no order, and what a program leaves out is filled in: with the
default, or, where the provider may choose a value by itself (optional and computed), with the one that is there. An
empty value of a resource built on SDKv2 is the same as none. Sources: the measured answers in
`dolmen/knowledge/provider_schemas`; https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

from dolmen.engine.plan import Value
from dolmen.knowledge.provider_schema import PropertySchema, TypeSchema
from dolmen.review.diff.values import MISSING, frozen, has_unknown, is_unknown

ANY_ITEM = "[*]"
ANY_KEY = "{*}"
_NUMBERS = ("integer", "number")


def child(schema: TypeSchema, parent: str, name: str) -> str:
    """The schema's path of what stands under `name` in the value at `parent`."""
    above = schema.properties.get(parent)
    if above is not None and above.type == "map":
        return parent + ANY_KEY
    return f"{parent}.{name}" if parent else name


def keeps_old_value(one: PropertySchema) -> bool:
    """Whether the old value stays where the program leaves the property out."""
    if one.default is not None or one.not_settable:
        return False
    if one.computed:
        return one.optional_computed_keeps_old_value or one.measured_removal in (None, "none")
    # What was measured of one value holds for others only where the provider is known to ignore differences.
    return one.some_differences_ignored and one.measured_removal == "none"


def empties_to_nothing(schema: TypeSchema, one: PropertySchema) -> bool:
    """Whether an empty list of blocks is read as one that is left out, so that the old items stay."""
    return schema.schema == "sdk" and one.computed and one.elements == "object"


def filled_in(schema: TypeSchema, path: str, old: Any, new: Any) -> Value:
    """The new value with what the provider keeps of the old one."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if (above := schema.properties.get(path)) is not None and above.type == "map":
            return new
        kept = {
            name: value
            for name, value in old.items()
            if new.get(name) is None
            and (known := schema.properties.get(child(schema, path, name))) is not None
            and keeps_old_value(known)
        }
        own = {
            name: filled_in(schema, child(schema, path, name), old.get(name), value)
            for name, value in new.items()
            if value is not None
        }
        return {**own, **kept}
    if isinstance(old, list) and isinstance(new, list):
        known = schema.properties.get(path)
        if old and not new and known is not None and empties_to_nothing(schema, known):
            return old
        if len(old) == len(new):
            pairs = zip(old, new, strict=True)
            return [filled_in(schema, path + ANY_ITEM, before, after) for before, after in pairs]
    return new


def canonical(schema: TypeSchema, path: str, value: Any) -> Hashable:
    """Something hashable that is equal for values which the provider takes as one."""
    known = schema.properties.get(path)
    if is_unknown(value):
        return ("unknown",)
    if isinstance(value, Mapping):
        return _object(schema, path, value, known)
    if isinstance(value, list):
        items = [canonical(schema, path + ANY_ITEM, item) for item in value]
        return ("set", frozenset(Counter(items).items())) if known and known.unordered else ("list", tuple(items))
    return frozen(_read(value, known) if known is not None else value)


def _object(schema: TypeSchema, path: str, value: Mapping[str, Any], known: PropertySchema | None) -> Hashable:
    if known is not None and (known.object_as_text or known.type == "string"):
        return ("json", frozen(value))
    if known is not None and known.type == "map":
        return ("map", frozenset((k, canonical(schema, path + ANY_KEY, v)) for k, v in value.items() if v is not None))
    # Where a provider has many properties, only those with a default are looked for beside those that are given.
    names = [*value, *(n for n in schema.with_default.get(path, ()) if n not in value)]
    entries: list[tuple[str, Hashable]] = []
    for name in names:
        inner = child(schema, path, name)
        one = schema.properties.get(inner)
        given = value.get(name)
        if given is None and one is not None:
            given = one.default
        if given is not None and not _counts_as_none(schema, one, given):
            entries.append((name, canonical(schema, inner, given)))
    return ("object", frozenset(entries))


def _counts_as_none(schema: TypeSchema, one: PropertySchema | None, value: Any) -> bool:
    if one is None or one.default is not None or has_unknown(value):
        return False
    value = _read(value, one)
    if schema.schema == "framework":
        return (one.block and value == []) or (one.computed and one.type == "object" and value == {})
    if one.computed or (one.flattened and value == {}):
        return False
    return value in (False, 0, "", [], {})


def _read(value: Any, known: PropertySchema) -> Any:
    """A single value as its property's type reads it."""
    if known.type == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    if known.type in _NUMBERS and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    if known.type != "string":
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, str):
        if known.normalised:
            return _document(value)
        if known.enum_ignores_case and known.some_differences_ignored:
            return value.lower()
    return value


def _document(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, Mapping | list) else text


def same(schema: TypeSchema, path: str, old: Any, new: Any) -> bool:
    """Whether the provider plans nothing when one value takes the place of the other."""
    if old is MISSING or new is MISSING:
        holder, _, name = path.rpartition(".")
        before, after = (canonical(schema, holder, {} if one is MISSING else {name: one}) for one in (old, new))
        return before == after
    return canonical(schema, path, old) == canonical(schema, path, new)
