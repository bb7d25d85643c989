"""The rules of a type and its properties, in the shape of the type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SchemaKind = Literal["sdk", "framework"]


@dataclass(frozen=True)
class ValueRules:
    """What is demanded of a single value."""

    members: tuple[object, ...] = ()
    ignores_case: bool = False
    minimum: float | None = None
    maximum: float | None = None
    divisible_by: int | None = None
    also_accepted: tuple[object, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    patterns: tuple[str, ...] = ()
    forbidden_patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    alternatives: bool = False
    """Any one of the demands suffices."""


@dataclass(frozen=True)
class PropertyRules:
    """What a provider demands of a property, and of what is below it."""

    type: str = "any"
    required: bool = False
    settable: bool = True
    autonamed: bool = False
    block: bool = False
    """A block of the plugin framework: given without elements, it counts as not given."""
    flattened: bool = False
    """A list of at most one upstream, an object or a single value in Pulumi."""
    update_only: bool = False
    required_at_creation: bool = False
    min_items: int = 0
    max_items: int | None = None
    conflicts_with: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    exactly_one_of: tuple[str, ...] = ()
    at_least_one_of: tuple[str, ...] = ()
    discriminator: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    special: tuple[str, ...] = ()
    """Rules in words of their own; see `special.py`."""
    value: ValueRules = ValueRules()
    items: PropertyRules | None = None
    """Each element of a list, set or map."""
    properties: Mapping[str, PropertyRules] = field(default_factory=dict)
    """Those of an object."""


@dataclass(frozen=True)
class TypeRules:
    token: str
    schema: SchemaKind
    properties: Mapping[str, PropertyRules]

    @property
    def whole(self) -> PropertyRules:
        """The type's inputs as one object."""
        return PropertyRules(type="object", properties=self.properties)
