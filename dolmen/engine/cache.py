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
import re
import stat
import sys
import tempfile
import time
from pathlib import Path
from types import CodeType
from typing import Any

_DIGEST = 32
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
_ENTRY = re.compile(r"[0-9a-f]{40}")
_ABANDONED = 3600
"""Seconds after which nobody is writing a file any more."""


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


def used(kind: str, key: str) -> None:
    """Note that an entry was of use now."""
    with contextlib.suppress(OSError, RuntimeError):
        os.utime(_file(kind, key))


def trim(kind: str, most: int) -> None:
    """Remove the entries that were of no use for longest, until a kind takes at most so many bytes.

    What a run that was killed left half written goes, too.
    """
    with contextlib.suppress(OSError, RuntimeError):
        left, now = 0, time.time()
        with os.scandir(folder() / kind) as entries:
            found = sorted(((entry.stat(), entry) for entry in entries), key=lambda one: one[0].st_mtime, reverse=True)
        for status, entry in found:
            if not _ENTRY.fullmatch(entry.name):
                if entry.name.startswith("tmp") and status.st_mtime < now - _ABANDONED:
                    Path(entry.path).unlink(missing_ok=True)
                continue
            left += status.st_size
            if left > most:
                Path(entry.path).unlink(missing_ok=True)


def secret_key(kind: str) -> bytes | None:
    """A random key of this user that stays; `None` where none can be kept to himself."""
    with contextlib.suppress(OSError, RuntimeError):
        path = folder() / kind / "key"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(path.parent):
            return None
        if not path.exists():
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(os.urandom(_DIGEST))
            with contextlib.suppress(FileExistsError):  # another run was first
                os.link(name, path)
            Path(name).unlink()
        key = path.read_bytes()
        if _ours(path) and not path.stat().st_mode & _OTHERS_READ and len(key) == _DIGEST:
            return key
    return None


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
