"""Reads the constraint data into typed rules.

The data files (`data/*-constraints.json`) name their provider and date. What they lack because a later SDK added it comes
from the contracts, with its type and nothing else: `region`, `AdvancedCluster.databaseEdition` and the like.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.cloud.check.inference import formats
from tests.cloud.check.rules import PropertyRules, TypeRules, ValueRules
from tests.cloud.contracts import DATA, contracts

Constraint = Mapping[str, Any]


@functools.cache
def type_rules() -> Mapping[str, TypeRules]:
    """Token → rules, for every type that the constraint files know."""
    found: dict[str, TypeRules] = {}
    for package in ("aws", "mongodbatlas"):
        for token, entry in json.loads((DATA / f"{package}-constraints.json").read_text())["types"].items():
            framework = entry["schema"] == "framework"
            known = _below(token, entry["properties"], "", framework)
            found[token] = TypeRules(token, entry["schema"], _with_later_ones(known, _contract_inputs(token)))
    return found


def _contract_inputs(token: str) -> Mapping[str, Any]:
    contract = contracts().get(token)
    return contract.inputs if contract else {}


def _below(token: str, listed: Mapping[str, Constraint], above: str, framework: bool) -> dict[str, PropertyRules]:
    """The properties directly below a path."""
    names = [path for path in listed if path.startswith(above) and not set(path[len(above) :]) & set(".[{")]
    return {path[len(above) :]: _property(token, listed, path, framework) for path in names}


def _property(token: str, listed: Mapping[str, Constraint], path: str, framework: bool) -> PropertyRules:
    entry = listed[path]
    kind = entry["type"]
    items: PropertyRules | None = None
    properties: Mapping[str, PropertyRules] = {}
    if kind == "object":
        properties = _below(token, listed, f"{path}.", framework)
    elif kind in ("list", "set", "map"):
        item = f"{path}{{*}}" if kind == "map" else f"{path}[*]"
        of = entry.get("elements", "any")
        items = PropertyRules(
            type=of,
            value=value_rules(token, item, listed.get(item, {})),
            properties=_below(token, listed, f"{item}.", framework) if of == "object" else {},
        )
    optional, required, computed = (bool(entry.get(word)) for word in ("optional", "required", "computed"))
    return PropertyRules(
        type=kind,
        required=required and not entry.get("autonamed"),
        settable=optional or required or not computed,
        autonamed=bool(entry.get("autonamed")),
        block=framework and _is_block(listed, path),
        flattened=bool(entry.get("flattened")),
        update_only="updateOnly" in entry.get("planModifiers", ()),
        required_at_creation="requestOnlyRequiredOnCreate" in entry.get("planModifiers", ()),
        min_items=entry.get("minItems", 0),
        max_items=entry.get("maxItems"),
        conflicts_with=tuple(entry.get("conflictsWith", ())),
        requires=tuple(entry.get("requiredWith", ())),
        exactly_one_of=tuple(entry.get("exactlyOneOf", ())),
        at_least_one_of=tuple(entry.get("atLeastOneOf", ())),
        discriminator={
            value: {word: tuple(names) for word, names in allowed.items()}
            for value, allowed in entry.get("discriminator", {}).items()
        },
        special=tuple(entry.get("rules", ())),
        value=value_rules(token, path, entry),
        items=items,
        properties=properties,
    )


def _is_block(listed: Mapping[str, Constraint], path: str) -> bool:
    """Whether a property is a block: neither optional nor computed. A required one is where the type has such blocks."""
    entry = listed[path]
    if entry.get("elements") != "object" or entry.get("optional") or entry.get("computed"):
        return False
    return not entry.get("required") or any(
        _is_block(listed, other)
        for other in listed
        if not set(other) & set(".[{") and not listed[other].get("required")
    )


def value_rules(token: str, path: str, entry: Constraint) -> ValueRules:
    """What the data demand of a single value at a path."""
    return ValueRules(
        members=tuple(entry.get("enum", ())),
        ignores_case=_ignores_case(token, path, entry.get("enum", ())),
        minimum=entry.get("min"),
        maximum=entry.get("max"),
        divisible_by=entry.get("divisibleBy"),
        also_accepted=tuple(entry.get("alsoAccepted", ())),
        min_length=entry.get("minLength"),
        max_length=entry.get("maxLength"),
        patterns=tuple(entry.get("regex", ())),
        forbidden_patterns=tuple(entry.get("notRegex", ())),
        formats=formats(token, path, entry),
        alternatives=bool(entry.get("alternatives")),
    )


def _ignores_case(token: str, path: str, members: Sequence[object]) -> bool:
    """ElastiCache's engines and an alarm's missing data: the provider compares these without case (measured)."""
    if path == "engine" and "elasticache" in token:
        return "valkey" in members
    return path == "treatMissingData"


def _with_later_ones(
    known: Mapping[str, PropertyRules], contract: Mapping[str, Any], *, top: bool = True
) -> Mapping[str, PropertyRules]:
    """Add what the contract, which is of a later SDK, lets a program set; below the top it lists computed ones too."""
    joined = dict(known)
    for spelled, schema in contract.items():
        name = spelled.rstrip("!")
        found = joined.get(name)
        if found is None:
            joined[name] = _of_contract(schema)
        elif not found.settable:
            joined[name] = replace(found, settable=top)
        elif found.properties and isinstance(schema, dict):
            joined[name] = replace(found, properties=_with_later_ones(found.properties, schema, top=False))
        elif found.items and found.items.properties and isinstance(schema, list) and isinstance(schema[0], dict):
            items = replace(found.items, properties=_with_later_ones(found.items.properties, schema[0], top=False))
            joined[name] = replace(found, items=items)
    return joined


def _of_contract(schema: object) -> PropertyRules:
    if isinstance(schema, list):
        return PropertyRules(type="list", items=_of_contract(schema[0]))
    if isinstance(schema, dict):
        if "*" in schema:
            return PropertyRules(type="map", items=_of_contract(schema["*"]))
        properties = {
            name.rstrip("!"): replace(_of_contract(entry), required=name.endswith("!"))
            for name, entry in schema.items()
        }
        return PropertyRules(type="object", properties=properties)
    return PropertyRules(type="any" if schema == "json" else str(schema))
