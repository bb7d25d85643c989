"""An observation as JSON, for the process that judges it. It holds secrets: it is never written where a name finds it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from google.protobuf import struct_pb2

from dolmen.engine.observing import Observation
from dolmen.engine.plan import Options, Position
from dolmen.engine.registration import Registration

_OPTIONS = tuple(one.name for one in fields(Options))


def observation_json(observation: Observation) -> bytes:
    """What `read_observation` needs, except what the judging process itself says of the stack."""
    written = {
        "registrations": [_registration(one) for one in observation.registrations.values()],
        "outputs": _message(observation.outputs),
        "exported": {name: asdict(place) for name, place in observation.exported.items()},
        "assumed": observation.assumed,
        "failed": observation.failed,
        "secrets": sorted(observation.secrets),
    }
    return json.dumps(written, separators=(",", ":")).encode()


def _registration(one: Registration) -> dict[str, Any]:
    return {
        "urn": one.urn,
        "goal": _message(_without_frames(one.goal)),
        "read": one.read,
        "id": one.id,
        "dependencies": sorted(one.dependencies),
        "property_dependencies": {name: sorted(urns) for name, urns in one.property_dependencies.items()},
        "state": _message(one.state),
        "outputs": None if one.outputs is None else _message(one.outputs),
        "options": {name: getattr(one.options, name) for name in _OPTIONS},  # `asdict` copies each, and takes its time
        "frames": [asdict(frame) for frame in one.frames],
    }


def _without_frames(goal: Any) -> Any:
    """They are half of a goal, and told in `frames`."""
    for name in ("stackTrace", "sourcePosition"):
        if name in goal.DESCRIPTOR.fields_by_name:
            goal.ClearField(name)
    return goal


def _message(message: Any) -> str:
    return base64.b64encode(message.SerializeToString(deterministic=True)).decode()


def read_observation(data: bytes, told: Observation) -> Observation:
    """The observation of a program; `told`: what is known of its stack from elsewhere. Raises `ValueError` and the like."""
    written = json.loads(data)
    registrations = [_read_registration(one) for one in written["registrations"]]
    return replace(
        told,
        registrations={one.urn: one for one in registrations},
        outputs=struct_pb2.Struct.FromString(base64.b64decode(written["outputs"])),
        exported={str(name): _position(place) for name, place in written["exported"].items()},
        assumed=bool(written["assumed"]),
        failed=bool(written["failed"]),
        secrets=frozenset(map(str, written["secrets"])),
    )


def _read_registration(written: Mapping[str, Any]) -> Registration:
    from pulumi.runtime.proto import resource_pb2

    return Registration(
        urn=str(written["urn"]),
        goal=resource_pb2.RegisterResourceRequest.FromString(base64.b64decode(written["goal"])),
        read=bool(written["read"]),
        id=written["id"],
        dependencies=set(written["dependencies"]),
        property_dependencies={name: set(urns) for name, urns in written["property_dependencies"].items()},
        state=struct_pb2.Struct.FromString(base64.b64decode(written["state"])),
        outputs=None
        if written["outputs"] is None
        else struct_pb2.Struct.FromString(base64.b64decode(written["outputs"])),
        options=Options(**{name: _tuple(value) for name, value in written["options"].items()}),
        frames=tuple(map(_position, written["frames"])),
    )


def _tuple(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_tuple, value))
    return {name: _tuple(item) for name, item in value.items()} if isinstance(value, dict) else value


def _position(written: Mapping[str, Any]) -> Position:
    return Position(str(written["file"]), int(written["line"]), written["column"])
