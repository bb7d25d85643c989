"""Holds resources as the monitor took them, still in protobuf.

The plan and the observers are made from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import struct_pb2

from dolmen.engine.plan import Options, Position
from dolmen.engine.values import holds_unknown


@dataclass(slots=True)
class Registration:
    urn: str
    goal: Any
    """The `RegisterResourceRequest` after inheritance and transforms; `goal.object` holds the inputs."""
    read: bool = False
    id: str | None = None
    """Known for imported and for read resources only."""
    providers: dict[str, str] = field(default_factory=dict[str, str])
    """Package → provider reference, which children of a component inherit."""
    dependencies: set[str] = field(default_factory=set[str])
    property_dependencies: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    state: struct_pb2.Struct = field(default_factory=struct_pb2.Struct)
    """What the program was given back."""
    outputs: struct_pb2.Struct | None = None
    """What a component registered as its outputs."""
    options: Options = field(default_factory=Options)
    frames: tuple[Position, ...] = ()

    @property
    def custom(self) -> bool:
        return bool(self.goal.custom)

    @property
    def parent(self) -> str:
        return str(self.goal.parent)

    @property
    def exists(self) -> bool:
        """Whether the resource is there before this deployment."""
        return self.read or bool(self.id)


def lineage(urn: str, registrations: Mapping[str, Registration]) -> Iterator[Registration]:
    """A resource and what it lies in, innermost first."""
    while (found := registrations.get(urn)) is not None:
        yield found
        urn = found.parent


def pending(roots: Iterable[str], registrations: Mapping[str, Registration]) -> bool:
    """Whether something at or below these URNs is yet to be created."""
    children: dict[str, list[str]] = {}
    for urn, registration in registrations.items():
        children.setdefault(registration.parent, []).append(urn)
    todo, seen = list(roots), set[str]()
    while todo:
        urn = todo.pop()
        if urn in seen:
            continue
        seen.add(urn)
        registration = registrations.get(urn)
        if registration is None or not registration.custom:
            todo.extend(children.get(urn, ()))
        elif not registration.exists:
            return True
    return False


def unconfigured(provider: str, registrations: Mapping[str, Registration]) -> bool:
    """Whether a provider's configuration is not known yet.

    Then nothing is known of what it manages.
    """
    found = registrations.get(provider.rsplit("::", 1)[0]) if provider else None
    return found is not None and any(holds_unknown(value) for value in found.goal.object.fields.values())


def given(message: Any, name: str) -> bool:
    """Whether a field was set.

    SDKs before 2025 cannot tell "unset" from "false" in some of them.
    """
    try:
        return bool(message.HasField(name))
    except ValueError:
        return bool(getattr(message, name, False))
