"""Turns the SDK's protobuf structs into a plan's values.

The signatures are those of the engine's wire format.
Source: https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/resource/properties.go
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from google.protobuf import struct_pb2

from dolmen.engine.masking import texts
from dolmen.engine.plan import Asset, Placeholder, Reference, Secret, Unknown, Value

SIGNATURE = "4dabf18193072939515e22adb298388d"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a marker of the wire format)
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"

LEFT, RIGHT = "‹", "›"
MARK = re.compile(f"{LEFT}([^{LEFT}{RIGHT}]*){RIGHT}")


def mark(label: str) -> str:
    """The text that stands for what a plan cannot know."""
    return f"{LEFT}{label}{RIGHT}"


UNKNOWN_VALUE = struct_pb2.Value(string_value=UNKNOWN)


def signature(value: struct_pb2.Value) -> str | None:
    """What kind of special object a value is, if it is one."""
    if value.WhichOneof("kind") != "struct_value":
        return None
    fields = value.struct_value.fields
    return fields[SIGNATURE].string_value if SIGNATURE in fields else None


def secret_value(value: struct_pb2.Value) -> struct_pb2.Value:
    """The value, marked as secret."""
    if signature(value) == SECRET:
        return value
    marked = struct_pb2.Value()
    marked.struct_value.fields[SIGNATURE].string_value = SECRET
    marked.struct_value.fields["value"].CopyFrom(value)
    return marked


def walk(value: struct_pb2.Value) -> Iterator[struct_pb2.Value]:
    """A value and everything inside it."""
    yield value
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        for item in value.list_value.values:
            yield from walk(item)
    elif kind == "struct_value":
        for item in value.struct_value.fields.values():
            yield from walk(item)


def rebuilt(value: struct_pb2.Value, change: Callable[[struct_pb2.Value], struct_pb2.Value]) -> struct_pb2.Value:
    """A list or mapping of what `change` makes of each part; another value as it is."""
    kind, result = value.WhichOneof("kind"), struct_pb2.Value()
    if kind == "list_value":
        result.list_value.SetInParent()
        result.list_value.values.extend(change(item) for item in value.list_value.values)
    elif kind == "struct_value":
        result.struct_value.SetInParent()
        for name, item in value.struct_value.fields.items():
            result.struct_value.fields[name].CopyFrom(change(item))
    else:
        return value
    return result


def holds_unknown(value: struct_pb2.Value) -> bool:
    return any(
        part.string_value == UNKNOWN or (signature(part) == OUTPUT and "value" not in part.struct_value.fields)
        for part in walk(value)
    )


def missing_files(value: struct_pb2.Value) -> Iterator[str]:
    """The paths of assets and archives that do not exist.

    They may stand anywhere in a value. The engine reads each file when the resource is registered, and fails without
    it: a preview of a program whose build has not run ends there. A plan goes on and says so.
    """
    for part in walk(value):
        if signature(part) in (ASSET, ARCHIVE) and "path" in part.struct_value.fields:
            path = part.struct_value.fields["path"].string_value
            if path and not os.path.exists(path):  # noqa: PTH110  (relative to where the program runs, as the engine does)
                yield path


def to_protobuf(value: Any) -> struct_pb2.Value:
    """Plain JSON data as protobuf; the engine's sentinel stays unknown, and what is protobuf stays as it is."""
    if isinstance(value, struct_pb2.Value):
        return value
    result = struct_pb2.Value()
    if value is None:
        result.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        result.bool_value = value
    elif isinstance(value, int | float):
        result.number_value = value
    elif isinstance(value, str):
        result.string_value = value
    elif isinstance(value, Mapping):
        result.struct_value.SetInParent()
        for key, item in value.items():
            result.struct_value.fields[str(key)].CopyFrom(to_protobuf(item))
    else:
        result.list_value.SetInParent()
        for item in value:
            result.list_value.values.add().CopyFrom(to_protobuf(item))
    return result


class Decoder:
    """Turns protobuf into `Value`s.

    Secrets become fingerprints here, before anything leaves the process.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.seen: set[str] = set()
        """Texts that were secret; they never leave the process."""

    def properties(self, struct: struct_pb2.Struct, assumed: list[str] | None = None) -> dict[str, Value]:
        """Properties as the plan shows them.

        `assumed` gathers the paths that rest on a placeholder, also inside secrets.
        """
        paths = [] if assumed is None else assumed
        return {name: self._value(struct.fields[name], name, paths) for name in sorted(struct.fields)}

    def _value(self, value: struct_pb2.Value, path: str, assumed: list[str]) -> Value:
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            return _text(value.string_value, path, assumed)
        if kind == "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        if kind == "bool_value":
            return value.bool_value
        if kind == "list_value":
            return [self._value(item, f"{path}[{i}]", assumed) for i, item in enumerate(value.list_value.values)]
        if kind == "struct_value":
            return self._struct(value, path, assumed)
        return None

    def _struct(self, value: struct_pb2.Value, path: str, assumed: list[str]) -> Value:
        fields = value.struct_value.fields
        kind = signature(value)
        if kind == RESOURCE:
            return Reference(fields["urn"].string_value)
        if kind in (ASSET, ARCHIVE):
            return _asset(fields, kind)
        if kind in (SECRET, OUTPUT):
            inner = fields["value"] if "value" in fields else UNKNOWN_VALUE  # noqa: SIM401 (`get` would insert)
            decoded = self._value(inner, path, assumed)  # of a secret, too: it may rest on a placeholder
            secret = kind == SECRET or ("secret" in fields and fields["secret"].bool_value)
            return self._fingerprint(inner) if secret else decoded
        return {
            name: self._value(fields[name], f"{path}.{name}" if path else name, assumed)
            for name in sorted(fields)
            if name != SIGNATURE
        }

    def _fingerprint(self, value: struct_pb2.Value) -> Secret:
        if holds_unknown(value):
            return Secret(None)
        bare = canonical(value)
        self.seen.update(texts(bare))
        text = json.dumps(bare, sort_keys=True, ensure_ascii=False)
        return Secret(hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32])


def canonical(value: struct_pb2.Value) -> Any:
    """The bare data of a value: what its fingerprint is made of, and what lookups are compared by."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if signature(value) in (SECRET, OUTPUT):
            return canonical(fields["value"]) if "value" in fields else UNKNOWN
        return {name: canonical(item) for name, item in fields.items()}
    if kind == "list_value":
        return [canonical(item) for item in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def _text(text: str, path: str, assumed: list[str]) -> Value:
    if text == UNKNOWN:
        return Unknown()
    if LEFT in text and (found := MARK.search(text)):
        assumed.append(path)
        if found.group(0) == text:
            return Placeholder(found.group(1))
    return text


def _asset(fields: Mapping[str, struct_pb2.Value], kind: str) -> Value:
    noun = "asset" if kind == ASSET else "archive"
    if "text" in fields:
        text = fields["text"].string_value
        return Asset(f"string {noun}", "", hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    if "uri" in fields:
        return Asset(f"remote {noun}", fields["uri"].string_value)
    if "path" in fields:
        return Asset(f"file {noun}", fields["path"].string_value)
    inner = fields["assets"].struct_value.fields if "assets" in fields else {}
    return Asset(f"{noun} of assets", ", ".join(sorted(inner)))
