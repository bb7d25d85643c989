"""The providers' own schemas as trees of properties, from the constraint files beside `tests/cloud`.

A path is written as the files write it: `[*]` for the elements of a list, `{*}` for the values of a map.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.cloud.contracts import DATA

Flavour = Literal["sdk", "framework"]
"""Which library the provider's resource is written with: they plan differently."""


@dataclass(frozen=True)
class Property:
    """A property, or what all elements of a list or all values of a map are."""

    path: str
    type: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, Property] = field(default_factory=dict)
    """Of an object, or of the objects in a list, set or map."""
    element: Property | None = None
    """What a list, set or map of plain values holds."""

    def has(self, fact: str) -> bool:
        return bool(self.facts.get(fact))

    @property
    def computed(self) -> bool:
        return self.has("computed")

    @property
    def optional_computed(self) -> bool:
        return self.has("optional") and self.computed

    @property
    def default(self) -> Any:
        return self.facts.get("default")

    @property
    def replaces(self) -> bool:
        return self.has("replace") or "requiresReplace" in self.modifiers

    @property
    def modifiers(self) -> tuple[str, ...]:
        return tuple(self.facts.get("planModifiers", ()))

    @property
    def unordered(self) -> bool:
        """A set, or a list that the provider compares as one."""
        return self.type == "set" or self.has("declaredSet") or self.has("setLike")

    @property
    def members(self) -> Property | None:
        """What an element of a list or set, or a value of a map, is."""
        return Property(self.path, "object", self.facts, self.children) if self.children else self.element

    @property
    def block(self) -> bool:
        """Not an attribute but a block: it can be left out, and can't be null."""
        return not (self.has("optional") or self.has("required") or self.computed) and bool(self.children)

    @property
    def block_as_value(self) -> bool:
        """Blocks of an SDK resource that are given as one value, so that an empty list removes them all.

        https://developer.hashicorp.com/terraform/language/attr-as-blocks
        """
        return self.path in ("ingress", "egress", "routes") and self.computed

    def measured(self, what: str) -> frozenset[str]:
        """The answers that the real provider gave when this property alone changed, was removed or added."""
        found = self.facts.get(f"measured{what}")
        return frozenset([found] if isinstance(found, str) else found or ())


@dataclass(frozen=True)
class Schema:
    token: str
    flavour: Flavour
    properties: Mapping[str, Property]
    autonamed: str | None


@functools.cache
def schemas() -> Mapping[str, Schema]:
    """The types whose constraints are known, by token."""
    found: dict[str, Schema] = {}
    for package in ("aws", "mongodbatlas"):
        for token, entry in json.loads((DATA / f"{package}-constraints.json").read_text())["types"].items():
            properties = _tree("", entry["properties"])
            named = [name for name, known in properties.items() if known.has("autonamed")]
            found[token] = Schema(token, entry["schema"], properties, named[0] if named else None)
    return found


def _tree(above: str, listed: Mapping[str, Mapping[str, Any]]) -> dict[str, Property]:
    """The properties directly below a path (`""`, `tags{*}.`, `export.`, …)."""
    names = [path for path in listed if re.fullmatch(re.escape(above) + r"[^.\[{]+", path)]
    return {path[len(above) :]: _property(path, listed) for path in names}


def _property(path: str, listed: Mapping[str, Mapping[str, Any]]) -> Property:
    facts = listed[path]
    below = {"list": f"{path}[*]", "set": f"{path}[*]", "map": f"{path}{{*}}"}.get(facts["type"], path)
    children = _tree(f"{below}.", listed)
    element = None
    if below != path and not children:
        given = listed.get(below, {})
        element = Property(below, given.get("type", facts.get("elements", "string")), given)
    return Property(path, facts["type"], facts, children, element)
