"""When two spellings are one value to a provider."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.cloud.contracts import is_unknown
from tests.cloud.diff.schema import Property
from tests.cloud.diff.spelling import normal_form


def converted(known: Property | None, value: Any) -> Any:
    """The value as the type that the provider keeps it in: text for numbers, numbers for text, and so on."""
    if known is None or value is None or is_unknown(value):
        return value
    if isinstance(value, dict) and (known.type in ("object", "map") or known.children):
        return {key: converted(known.children.get(key, known.element), entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [converted(known.members, entry) for entry in value]
    return _scalar(known.type, value)


def _scalar(wanted: str, value: Any) -> Any:
    if wanted == "string" and isinstance(value, bool):
        return "true" if value else "false"
    if wanted == "string" and isinstance(value, (int, float)):
        return str(value)
    if wanted == "string" and isinstance(value, dict):
        return json.dumps(value)
    if wanted == "boolean" and value in ("true", "false"):
        return value == "true"
    if wanted in ("integer", "number") and isinstance(value, str):
        try:
            return int(value) if wanted == "integer" else float(value)
        except ValueError:
            return value
    return value


def empty(value: Any) -> bool:
    """Nothing, or what an SDK resource can't tell from nothing."""
    return value is None or value is False or (not isinstance(value, bool) and value in (0, "", [], {}))


def identity(known: Property | None, value: Any) -> Any:
    """What two values that a provider takes for one have in common: a form to compare by."""
    value = converted(known, value)
    if value is None or is_unknown(value) or known is None:
        return value if not isinstance(value, (list, dict)) else json.dumps(value, sort_keys=True)
    if isinstance(value, dict):
        entries = {
            key: identity(known.children.get(key, known.element), entry)
            for key, entry in value.items()
            if identifies(known, key, value)
        }
        kept = {key: entry for key, entry in entries.items() if not empty(entry) and entry != ()}
        return tuple(sorted(kept.items(), key=repr))
    if isinstance(value, list):
        found = [
            identity(known.members, entry) for entry in value if not (known.type == "set" and _says_nothing(entry))
        ]
        return tuple(sorted(found, key=repr)) if known.unordered else tuple(found)
    return normal_form(known, value)


def _says_nothing(entry: Any) -> bool:
    """An empty block is no member of a set."""
    return isinstance(entry, dict) and all(inside is None for inside in entry.values())


def identifies(known: Property, name: str, value: Mapping[str, Any]) -> bool:
    """Whether a property tells an element of a set from others: some providers look at a part of them.

    A node group is its id; a route over a NAT gateway has no network interface of its own choice.
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group
    """
    if known.path == "nodeGroupConfigurations":
        return name == "nodeGroupId"
    return not (known.path == "routes" and name == "networkInterfaceId" and value.get("natGatewayId"))
