"""Values as they travel between Pulumi's engine and a provider."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format, struct_pb2

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key under which a struct says that it is something special: a secret, an asset, a resource, an output."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The string that stands for a value that is not known yet."""


def load(properties: struct_pb2.Struct) -> dict[str, Any]:
    """A struct as a plain dictionary; whole numbers as `int`, special structs as they are."""
    return _whole(json_format.MessageToDict(properties))


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(entry) for key, entry in value.items()}
    return [_whole(entry) for entry in value] if isinstance(value, list) else value


def dump(properties: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(properties, struct_pb2.Struct())


def is_secret(value: Any) -> bool:
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def secret(value: Any) -> Any:
    return value if is_secret(value) else {SIGNATURE: SECRET, "value": value}


def holds_secret(value: Any) -> bool:
    if is_secret(value):
        return True
    if isinstance(value, dict):
        return any(holds_secret(entry) for entry in value.values())
    return isinstance(value, list) and any(holds_secret(entry) for entry in value)


def plain(value: Any) -> Any:
    """The value without secret markers and without the provider's own notes (`__defaults`)."""
    if is_secret(value):
        return plain(value.get("value"))  # a secret that is null travels without one
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items() if not key.startswith("__")}
    return [plain(entry) for entry in value] if isinstance(value, list) else value


def marked(value: Any, like: Any) -> Any:
    """`value` with the secret markers that `like` has in the same places."""
    if is_secret(like):
        return secret(value)
    if isinstance(value, dict) and isinstance(like, dict):
        return {key: marked(entry, like.get(key)) for key, entry in value.items()}
    if isinstance(value, list) and isinstance(like, list):
        if len(value) == len(like):
            return [marked(entry, other) for entry, other in zip(value, like, strict=True)]
        return secret(value) if holds_secret(like) else value
    return value
