"""JSON files that a person hands over: exports of a stack, previews, reviews."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from dolmen.engine.values import SIGNATURE

LARGEST = 256 * 1024 * 1024
DEFAULTS = "__defaults"
INTERNAL = "__internal"
"""What a provider keeps among the inputs of a resource for itself."""


def read_json(path: Path, refused: type[Exception], hint: str = "") -> Any:
    """The content of a file. Raises `refused` with a sentence for people; `hint` says how to write such a file."""
    try:
        if path.stat().st_size > LARGEST:
            raise refused(f"{path.name} is larger than {LARGEST // 2**20} MiB.")
        return json.loads(_unpacked(path, refused))
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
            raise refused(f"{path.name} is broken: it begins as a gzip file and does not go on as one.") from None
        raise refused(f"{path.name} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise refused(f"{path.name} is not JSON.{hint}") from None


def _unpacked(path: Path, refused: type[Exception]) -> bytes:
    """The bytes of a file, as they were before a backend packed them (`PULUMI_SELF_MANAGED_STATE_GZIP`)."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path.read_bytes()
    with gzip.open(path) as packed:
        content = packed.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise refused(f"{path.name} holds more than {LARGEST // 2**20} MiB.")
    return content


def filled(inputs: Mapping[str, Any]) -> list[str]:
    """The names that a provider filled in."""
    listed = inputs.get(DEFAULTS)
    return [str(one) for one in cast("list[Any]", listed)] if isinstance(listed, list) else []


def without_defaults(value: Any) -> Any:
    """Inputs as the program said them: without what the provider filled in, at every depth."""
    if isinstance(value, list):
        return [without_defaults(one) for one in cast("list[Any]", value)]
    if not isinstance(value, dict) or SIGNATURE in value:
        return value
    written = cast("dict[str, Any]", value)
    left_out = {*filled(written), DEFAULTS, INTERNAL}
    return {name: without_defaults(one) for name, one in written.items() if name not in left_out}
