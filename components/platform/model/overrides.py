"""Properties of single resources, written past the platform's own options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue

from dolmen.stackfile import Document, Problem

from .base import broken


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A stack file as it was read. Two configurations are equal whatever file they come from."""

    name: str = field(default="The stack file", compare=False)
    """As people know it."""
    document: Document | None = field(default=None, compare=False, repr=False)


def _resource_name(value: str) -> str:
    if not re.fullmatch(r"[^/\s]+(/[A-Za-z][A-Za-z0-9]*)?", value):
        raise broken(
            "This names a resource, and where several have the name, its type too.",
            "Write chat-prod-cluster, or chat-prod-cluster/AdvancedCluster.",
        )
    return value


ResourceName = Annotated[str, AfterValidator(_resource_name)]
Properties = Annotated[Mapping[str, JsonValue], Field(min_length=1)]


def twice_overridden(overrides: Mapping[str, Mapping[str, JsonValue]]) -> Iterator[Problem]:
    """Where a resource is named with and without its type, and both write one property."""
    for key, properties in overrides.items():
        name, _, kind = key.partition("/")
        for one in properties if kind else ():
            if one in overrides.get(name, {}):
                yield Problem(
                    ("overrides", key, one),
                    f"{name} writes this property already: one of the two would be lost.",
                    "Keep one of the two.",
                )
