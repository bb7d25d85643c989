"""Says what a tree of files holds: path → mode and digest, of contents that were read once.

As Git's index does it, a file whose times, size and number are those that were seen is not read again; one that changed
a moment before it was read may change again without a new time, and is not remembered.
Source: https://git-scm.com/docs/racy-git
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dolmen.engine import cache

_MOST = 200_000
"""Files of a tree whose contents are followed."""
_LARGEST = 64 * 1024 * 1024
"""Bytes of what is remembered of all trees."""
_CHUNK = 1 << 20
_SETTLED = 1_000_000_000
"""Nanoseconds after which a file's time says whether it has changed since."""
_STACK_FILE = re.compile(r"Pulumi\.(.+)\.ya?ml")


class UnknownTreeError(Exception):
    """A tree that is too large to be followed, or cannot be read."""


def stack_of(path: str) -> str | None:
    """The stack that a file belongs to; `None` for every other file."""
    found = _STACK_FILE.fullmatch(os.path.basename(path))  # noqa: PTH119 (thousands of paths)
    return found[1] if found else None


@dataclass(frozen=True)
class Tree:
    files: Mapping[str, str]
    """Path from the root → mode and digest."""

    @cached_property
    def stack_files(self) -> Mapping[str, str]:
        return {path: holds for path, holds in self.files.items() if stack_of(path) is not None}

    @cached_property
    def rest(self) -> str:
        """The digest of everything else."""
        whole = hashlib.sha256()
        for path in sorted(self.files.keys() - self.stack_files.keys()):
            whole.update(f"{path}\0{self.files[path]}\n".encode("utf-8", "surrogateescape"))
        return whole.hexdigest()


def tree(root: Path, left_out: Collection[Path] = (), *, compiled: bool = True) -> Tree:
    """What lies below a folder now. Raises `UnknownTreeError`.

    `left_out`: folders that do not count; `compiled`: whether Python's compiled modules do.
    """
    known = cache.read_json("trees", str(root))
    walk = _Walk(str(root), {str(place) for place in left_out}, known if isinstance(known, dict) else {}, compiled)
    try:
        walk.folder("")
    except (OSError, RecursionError) as error:
        raise UnknownTreeError(str(error)) from None
    if walk.read:
        cache.write_json("trees", str(root), walk.remembered)
        cache.trim("trees", _LARGEST)
    return Tree(walk.files)


def settled(status: os.stat_result, now: int) -> bool:
    """Whether a file that changes after this moment (nanoseconds) has another time than it has."""
    return max(status.st_mtime_ns, status.st_ctime_ns) < now - _SETTLED


class _Walk:
    def __init__(self, root: str, left_out: set[str], known: dict[str, Any], compiled: bool) -> None:
        self._root, self._left_out, self._known, self._compiled = root, left_out, known, compiled
        self._now = time.time_ns()
        self.files: dict[str, str] = {}
        self.remembered: dict[str, Any] = {}
        self.read = False
        """Whether anything was read that was not known."""

    def folder(self, inside: str) -> None:
        with os.scandir(f"{self._root}/{inside}") as entries:
            for entry in entries:
                name = f"{inside}{entry.name}"
                if entry.path in self._left_out or f"{self._root}/{name}" in self._left_out:
                    continue
                status = entry.stat(follow_symlinks=False)
                mode = f"{status.st_mode:o} "
                if stat.S_ISDIR(status.st_mode):
                    if self._compiled or entry.name != "__pycache__":
                        self.files[f"{name}/"] = mode
                        self.folder(f"{name}/")
                elif stat.S_ISLNK(status.st_mode):
                    self.files[name] = mode + self._link(entry.path)
                elif stat.S_ISREG(status.st_mode):
                    self.files[name] = mode + self._contents(name, entry.path, status)
                else:
                    self.files[name] = mode
                if len(self.files) > _MOST:
                    raise UnknownTreeError(f"it has more than {_MOST} files")

    def _link(self, path: str) -> str:
        """Where it leads, and what is there if that is a file of another tree."""
        target = str(Path(path).readlink())
        full = os.path.realpath(path)
        if full.startswith(f"{self._root}/"):
            return target
        try:
            status = Path(full).stat()
        except OSError:
            return target
        return f"{target} {status.st_mtime_ns} {status.st_size}"

    def _contents(self, name: str, path: str, status: os.stat_result) -> str:
        seen = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        known = self._known.get(name)
        if isinstance(known, list) and known[:4] == seen and isinstance(known[4], str):
            digest = known[4]
        else:
            self.read = True
            digest = _digest(path)
        if settled(status, self._now):
            self.remembered[name] = [*seen, digest]
        return digest


def _digest(path: str) -> str:
    whole = hashlib.sha256()
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (thousands of files)
            while part := file.read(_CHUNK):  # Python 3.10 has no `file_digest`
                whole.update(part)
    except PermissionError:  # nor can a program read it
        return "unreadable"
    return whole.hexdigest()
