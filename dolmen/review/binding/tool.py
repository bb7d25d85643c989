"""Tells which tool this is, by version and digest."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import dolmen
from dolmen.review.binding.model import Tool
from dolmen.review.cost.price_file import shipped_list

_FOLDER = Path(dolmen.__file__).resolve().parent
_NOT_THE_TOOL = ("components", "policies")
"""What lies beside the command in the wheel: what is provisioned, and a policy pack that may be chosen."""


@cache
def tool() -> Tool:
    try:
        called = version("dolmen")
    except PackageNotFoundError:
        called = "a checkout"
    return Tool(called, _digest(_FOLDER, _NOT_THE_TOOL), _digest(_FOLDER / "knowledge"), shipped_list().date)


def _digest(folder: Path, without: tuple[str, ...] = ()) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not path.is_file() or "__pycache__" in parts or parts[0] in without:
            continue
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{content} {'/'.join(parts)}\0".encode("utf-8", "surrogateescape"))
    return found.hexdigest()
