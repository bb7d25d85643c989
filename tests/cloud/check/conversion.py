"""What the bridge makes of a Pulumi value before the provider sees it.

Number and boolean to text, text to number; for SDK types also text to boolean, and one value to a list of one. What
cannot be converted stays as it is for an SDK type, whose validation then names it, and ends the call for the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.cloud.check.rules import PropertyRules
from tests.cloud.wire import UNKNOWN

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)


class NotConverted(Exception):  # noqa: N818  (an answer, not an accident)
    """The call itself fails: no list of failures is made."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path = path


def without_nulls(properties: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in properties.items() if value is not None}


def as_text(value: object) -> object:
    """Numbers and booleans as text; anything else unchanged."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (int, float)) else value


def as_number(value: object) -> object:
    """A number, also one that is written as text; None where there is none."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        read = float(value)
        return int(read) if read.is_integer() else read
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def for_sdk(rules: PropertyRules, value: object) -> object:
    """A property as an SDK type sees it; raises `NotConverted` for a text that should be a whole number."""
    if value is None or value == UNKNOWN:
        return value
    if rules.type in ("list", "set") and rules.items:
        items = rules.items
        return [for_sdk(items, entry) for entry in (value if isinstance(value, list) else [value])]
    if rules.type == "map" and rules.items and isinstance(value, dict):
        return without_nulls({name: for_sdk(rules.items, entry) for name, entry in value.items()})
    if rules.type == "object" and isinstance(value, dict):
        known = rules.properties
        return without_nulls(
            {name: for_sdk(known[name], entry) if name in known else entry for name, entry in value.items()}
        )
    if rules.type == "string":
        return as_text(value)
    if rules.type == "boolean" and value in ("true", "false"):
        return value == "true"
    if rules.type == "integer" and not isinstance(value, (dict, list)):
        number = as_number(value)
        if not isinstance(number, (int, float)):
            raise NotConverted("", f"expected a number, got {value!r}")
        return int(number)
    if rules.type == "number" and isinstance(value, str):
        number = as_number(value)
        return value if number is None else number
    return value


def for_framework(rules: PropertyRules, value: object, path: str) -> object:
    """A property as a plugin framework type sees it; raises `NotConverted` for anything of another type."""
    if value is None or value == UNKNOWN:
        return value
    if rules.type in ("list", "set") and rules.items and isinstance(value, list):
        return [for_framework(rules.items, entry, path) for entry in value]
    if rules.type == "map" and rules.items and isinstance(value, dict):
        return {name: for_framework(rules.items, entry, path) for name, entry in value.items()}
    if rules.type == "object" and isinstance(value, dict):
        known = rules.properties
        return without_nulls(
            {
                name: for_framework(known[name], entry, f"{path}.{name}")
                for name, entry in value.items()
                if name in known
            }
        )
    if rules.type == "string" and not isinstance(value, (dict, list)):
        return as_text(value)
    if rules.type in ("integer", "number") and (number := as_number(value)) is not None:
        return number
    if rules.type == "any" or (rules.type == "boolean" and isinstance(value, bool)):
        return value
    raise NotConverted(path, f"expected {rules.type}, got {value!r}")
