"""JSON files that a person hands over: exports of a stack, previews, reviews."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from dolmen.engine.values import SIGNATURE

LARGEST = 256 * 1024 * 1024


def read_json(path: Path, refused: type[Exception], hint: str = "") -> Any:
    """The content of a file. Raises `refused` with a sentence for people; `hint` says how to write such a file."""
    try:
        if path.stat().st_size > LARGEST:
            raise refused(f"{path.name} is larger than {LARGEST // 2**20} MiB.")
        return json.loads(path.read_bytes())
    except OSError as error:
        raise refused(f"{path.name} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise refused(f"{path.name} is not JSON.{hint}") from None


def without_defaults(value: Any) -> Any:
    """Inputs as the program said them: without what the provider filled in (`__defaults` lists it), at every depth."""
    if isinstance(value, dict):
        written = cast("dict[str, Any]", value)
        if written.get(SIGNATURE) is not None:
            return written
        filled: list[Any] = written.get("__defaults") or []
        return {k: without_defaults(v) for k, v in written.items() if k not in filled and not k.startswith("__")}
    if isinstance(value, list):
        return [without_defaults(one) for one in cast("list[Any]", value)]
    return value
