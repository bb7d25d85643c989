"""Turns the SDK's protobuf structs into a plan's values.

The signatures are those of the engine's wire format.
Source: https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/resource/properties.go
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from google.protobuf import struct_pb2

from dolmen.engine.masking import tagged, texts
from dolmen.engine.plan import Asset, Placeholder, Reference, Secret, Unknown, Value
from dolmen.engine.stand_ins import LEFT, MARK
from dolmen.stackfile.user_info import without_user_info

SIGNATURE = "4dabf18193072939515e22adb298388d"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a marker of the wire format)
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"


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

    def __init__(self, key: bytes, copy_of: tuple[str, str] | None = None) -> None:
        """`copy_of`: a folder, and the one that it is a copy of. Values name the latter."""
        self._key = key
        self._tagged = tagged(key)
        self._copy_of = copy_of
        self.seen: set[str] = set()
        """Texts that were secret; they never leave the process."""

    def properties(self, struct: struct_pb2.Struct, assumed: list[str] | None = None) -> dict[str, Value]:
        """Properties as the plan shows them.

        `assumed` gathers the paths that rest on a placeholder, also inside secrets.
        """
        paths = [] if assumed is None else assumed
        struct = self._placed(struct)
        return {name: self._value(struct.fields[name], name, paths) for name in sorted(struct.fields)}

    def _placed(self, struct: struct_pb2.Struct) -> struct_pb2.Struct:
        """The same with the folder that this one is a copy of: where a copy lies says nothing about the program."""
        if self._copy_of is None:
            return struct
        here, there = self._copy_of
        placed = struct_pb2.Struct()
        placed.CopyFrom(struct)
        for value in placed.fields.values():
            for part in walk(value):
                if here in part.string_value:
                    part.string_value = part.string_value.replace(here, there)
        return placed

    def _value(self, value: struct_pb2.Value, path: str, assumed: list[str]) -> Value:
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            found = _text(value.string_value, path, assumed)
            return without_user_info(found, self._tagged) if isinstance(found, str) else found
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
            return _asset(value, path, assumed)
        if kind in (SECRET, OUTPUT):
            inner = fields["value"] if "value" in fields else UNKNOWN_VALUE  # noqa: SIM401 (`get` would insert)
            decoded = self._value(inner, path, assumed)  # of a secret, too: it may rest on a placeholder
            secret = kind == SECRET or ("secret" in fields and fields["secret"].bool_value)
            return self._fingerprint(inner) if secret else decoded
        return {
            without_user_info(name, self._tagged): self._value(
                fields[name], f"{path}.{name}" if path else name, assumed
            )
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


def canonical(value: struct_pb2.Value, *, whole: bool = False) -> Any:
    """The bare data of a value: what its fingerprint is made of, and what lookups are compared by.

    An asset is its contents, wherever it lies; `whole` leaves its path and the like.
    """
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if signature(value) in (SECRET, OUTPUT):
            return canonical(fields["value"], whole=whole) if "value" in fields else UNKNOWN
        if not whole and signature(value) in (ASSET, ARCHIVE) and "hash" in fields:
            return {name: fields[name].string_value for name in (SIGNATURE, "hash")}
        return {name: canonical(item, whole=whole) for name, item in fields.items()}
    if kind == "list_value":
        return [canonical(item, whole=whole) for item in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def _text(text: str, path: str, assumed: list[str]) -> Value:
    if text == UNKNOWN:
        return Unknown()
    if LEFT in text and (found := MARK.search(text)):
        assumed.append(path)
        if found.group(0) == text:
            return Placeholder(found.group(1))
    return text


def _asset(value: struct_pb2.Value, path: str, assumed: list[str]) -> Value:
    found = asset_of(canonical(value, whole=True))
    marks = [mark.group(0) for part in walk(value) for mark in MARK.finditer(part.string_value)]
    if marks:
        assumed.append(path)
    return found if found.source or not marks else replace(found, source=marks[0])


def asset_of(written: Mapping[str, Any]) -> Asset:
    """An asset or archive from its fields, as the wire and a state write them."""
    noun = "asset" if written[SIGNATURE] == ASSET else "archive"
    found = written.get("hash") or None
    for kind, name in (("file", "path"), ("remote", "uri")):
        if written.get(name):
            return Asset(f"{kind} {noun}", str(written[name]), found)
    if noun == "asset":
        text = str(written.get("text") or "")
        return Asset("string asset", "", found or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    parts = written.get("assets") or {}
    return Asset("archive of assets", ", ".join(_part(name, parts[name]) for name in sorted(parts)), found)


def _part(name: str, part: Any) -> str:
    """A part of an archive; one in a network by its address, since its contents are out of reach."""
    return f"{name} from {part['uri']}" if isinstance(part, Mapping) and part.get("uri") else name
