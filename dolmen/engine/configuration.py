"""Says what configuration a program is given, without asking the program."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf import struct_pb2

from dolmen.engine.masking import Mask
from dolmen.engine.plan import Plan, Value
from dolmen.engine.project import StackConfig
from dolmen.engine.values import Decoder, secret_value, to_protobuf
from dolmen.stackfile.problems import sensitive


def secrets(config: StackConfig) -> frozenset[str]:
    """The texts of it that are secret."""
    return frozenset(text for key, text in config.values.items() if _is_secret(key, text, config))


def given(config: StackConfig, key: bytes) -> Mapping[str, Value]:
    """As a plan has it: secrets as fingerprints, which `key` makes, and nowhere inside another value."""
    struct = struct_pb2.Struct()
    for name, text in config.values.items():
        value = to_protobuf(text)
        struct.fields[name].CopyFrom(secret_value(value) if _is_secret(name, text, config) else value)
    decoder, hidden = Decoder(key), secrets(config)
    plan = Plan("", "", "", (), {}, config=decoder.properties(struct))
    return Mask(hidden).values(plan, hidden, key).config


def _is_secret(key: str, text: str, config: StackConfig) -> bool:
    """Whether the stack file calls a value secret; under a secret's name it is one, although it stands in plain text."""
    plain = text[:1] in ("{", "[") or text in ("true", "false")
    return key in config.secret_keys or (sensitive(key.rsplit(":", 1)[-1]) and not plain)
