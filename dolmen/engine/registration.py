"""Holds a resource as the monitor took it, still in protobuf.

The plan and the observers are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from google.protobuf import struct_pb2

from dolmen.engine.plan import Options, Position


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


def given(message: Any, name: str) -> bool:
    """Whether a field was set.

    SDKs before 2025 cannot tell "unset" from "false" in some of them.
    """
    try:
        return bool(message.HasField(name))
    except ValueError:
        return bool(getattr(message, name, False))
