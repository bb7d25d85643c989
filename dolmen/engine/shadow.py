"""Keeps what a program writes into its own tree out of it: it finds what it wrote, and the tree stays as it is.

Programs write archives and generated files beside their sources, and the tree under review is read-only. Python's own
functions on files are led to a private folder for such paths: what is written, made or removed there shadows the tree for
the rest of this process. What another program writes (`npm run build`), or C code of a library, is not led there.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import threading
from collections.abc import Callable
from typing import Any


class _Resolving(threading.local):
    """Whether this thread resolves a path."""

    now = False


class Shadow:
    """The tree as the program sees it: `root`, with what lies in `folder` in its place."""

    def __init__(self, root: str, folder: str) -> None:
        self._root, self._folder = os.path.realpath(root), folder
        self._removed: set[str] = set()
        self._used = False
        """Whether anything was changed yet."""
        self._resolving = _Resolving()
        self._mkdir, self._lexists, self._listdir = os.makedirs, os.path.lexists, os.listdir

    def inside(self, path: Any) -> str | None:
        """The path in the tree, in full; `None` where it is not in the tree."""
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str | os.PathLike):
            return None
        given = os.fspath(path)
        if not isinstance(given, str) or "\0" in given:
            return None
        full = os.path.abspath(given)
        if not self._resolving.now:  # else `realpath` below asks, through what is led here, for what it has resolved
            self._resolving.now = True
            try:
                parent, name = os.path.split(full)
                full = os.path.join(os.path.realpath(parent), name)
            finally:
                self._resolving.now = False
        return full if full.startswith(self._root + os.sep) else None

    def reading(self, path: Any) -> Any:
        """Where to read it. Raises `FileNotFoundError` for what the program removed."""
        full = self.inside(path) if self._used else None
        if full is None:
            return path
        mine = self._mine(full)
        if self._lexists(mine):
            return mine
        if self._is_removed(full):
            raise FileNotFoundError(2, os.strerror(2), os.fspath(path))
        return path

    def writing(self, path: Any, *, keep: bool) -> Any:
        """Where to write it. `keep`: what it holds now stays in it."""
        full = self.inside(path)
        if full is None:
            return path
        self._used = True
        sys.audit("open", full, None, os.O_WRONLY)  # told to whoever watches what a program changes
        mine = self._mine(full)
        if not self._lexists(mine):
            self._parents(full, path)
            if keep and not self._is_removed(full) and os.path.isfile(full):
                shutil.copyfile(full, mine)
        self._removed.discard(full)
        return mine

    def remove(self, path: Any, remove: Callable[[Any], None]) -> None:
        """Let it be gone. Raises as `remove` does."""
        full = self.inside(path)
        if full is None:
            remove(path)
            return
        mine = self._mine(full)
        os.lstat(path)  # raises where it is not there
        self._used = True
        sys.audit("open", full, None, os.O_WRONLY)
        if self._lexists(mine):
            remove(mine)
        self._removed.add(full)

    def names(self, path: Any, listed: list[str]) -> list[str]:
        """The names in a folder of the tree, given those that lie there."""
        full = self.inside(path)
        if full is None and os.path.realpath(os.fspath(path) if path is not None else ".") == self._root:
            full = self._root
        if full is None:
            return listed
        mine = self._mine(full)
        added = self._listdir(mine) if os.path.isdir(mine) else []
        return sorted(
            {*listed, *added} - {os.path.basename(one) for one in self._removed if os.path.dirname(one) == full}
        )

    def _mine(self, full: str) -> str:
        return self._folder + full

    def _is_removed(self, full: str) -> bool:
        return any(full == one or full.startswith(one + os.sep) for one in self._removed)

    def _parents(self, full: str, path: Any) -> None:
        """Raises as the system does where the folder to write into is none."""
        parent = os.path.dirname(full)
        found = os.stat(parent)
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError(20, os.strerror(20), os.fspath(path))
        self._mkdir(self._mine(parent), exist_ok=True)
