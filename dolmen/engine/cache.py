"""Keeps what is costly to make in a folder of the user.

It makes things faster when it is there, and is never needed. Entries are written whole or not at all, carry a digest,
and are ignored when anything about them is odd. The folder belongs to the user alone, since code is read back from it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import marshal
import os
import stat
import sys
import tempfile
from pathlib import Path
from types import CodeType
from typing import Any

_DIGEST = 32
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


_FOLDER: list[Path] = []


def use(folder: Path) -> None:
    """Keep everything there, whatever this process's environment says."""
    _FOLDER[:] = [folder]


def folder() -> Path:
    if _FOLDER:
        return _FOLDER[0]
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "dolmen"


def _file(kind: str, key: str) -> Path:
    return folder() / kind / _digest(key).hex()[:40]


def _digest(key: str, body: bytes = b"") -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape") + body).digest()


def read(kind: str, key: str) -> bytes | None:
    try:
        path = _file(kind, key)
        if not _ours(path.parent):
            return None
        data = path.read_bytes()
    except (OSError, RuntimeError):
        return None
    digest, body = data[:_DIGEST], data[_DIGEST:]
    return body if _digest(key, body) == digest else None


def write(kind: str, key: str, body: bytes) -> None:
    with contextlib.suppress(OSError, RuntimeError):
        path = _file(kind, key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(path.parent):
            return
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_digest(key, body) + body)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)


def _ours(path: Path) -> bool:
    """Nobody else can have written there."""
    if sys.platform == "win32":
        return True
    status = path.stat()
    return status.st_uid == os.getuid() and not status.st_mode & _OTHERS_WRITE


def read_code(kind: str, key: str) -> tuple[CodeType, dict[str, str]] | None:
    body = read(kind, key)
    if body is None:
        return None
    try:
        code, index = marshal.loads(body)  # noqa: S302 (our own file, and its digest is right)
    except (ValueError, EOFError, TypeError):
        return None
    return (code, index) if isinstance(code, CodeType) and isinstance(index, dict) else None


def write_code(kind: str, key: str, value: tuple[CodeType, dict[str, str]]) -> None:
    write(kind, key, marshal.dumps(value))


def read_json(kind: str, key: str) -> Any:
    body = read(kind, key)
    try:
        return None if body is None else json.loads(body)
    except ValueError:
        return None


def write_json(kind: str, key: str, value: Any) -> None:
    write(kind, key, json.dumps(value).encode())
