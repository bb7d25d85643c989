"""Watches what a module does while it is imported: whether another process would find it the same.

A module that touches nothing (no file but those of its own tree, no environment, clock, chance or thread, nothing of
Pulumi's runtime) gives in every process the same, so it can be imported once for all stacks. What it calls is seen by
`sys.setprofile`, calls into C included, what it opens by an audit hook; what reads without a call (`sys.argv`) is the same
for all stacks of a folder.
Sources: https://docs.python.org/3/library/sys.html#sys.setprofile, https://docs.python.org/3/library/audit_events.html
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from types import FrameType
from typing import Any

from dolmen.engine.sources import OWN

_MODULES = frozenset(
    {
        "time", "posix", "nt", "_posixsubprocess", "_socket", "_ssl", "_random", "_signal", "select", "fcntl", "resource",
        "_ctypes", "mmap", "_uuid", "pwd", "grp", "_locale", "_asyncio", "_posixshmem", "syslog",
    }
)  # fmt: skip
"""Of C; everything in them touches the system, but what is named below."""
_HARMLESS = frozenset({"fspath", "allocate_lock", "get_ident", "RLock"})
_NAMES = frozenset(
    {"print", "input", "breakpoint", "start_new_thread", "now", "utcnow", "today", "addaudithook", "gethostname"}
)
_OBJECTS = (sys.path, sys.meta_path, sys.path_hooks, sys.argv)
_RUNTIME = tuple(
    f"{os.sep}pulumi{os.sep}{part}" for part in ("runtime", "config.py", "output.py", "log.py", "stack_reference.py")
)
_OS = (os.__file__, "<frozen os>")
_MAPPINGS = ("<frozen _collections_abc>",)
_STANDARD = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MACHINERY = ("<frozen importlib", "<frozen zipimport", "<string>", os.path.join(_STANDARD, "importlib"))  # noqa: PTH118


class Watch:
    """Whether anything was touched since it was made. Give `see` to `sys.setprofile`."""

    def __init__(self, trees: Collection[str]) -> None:
        self.touched = ""
        """By what; empty: nothing was."""
        self._trees = tuple(f"{tree}{os.sep}" for tree in trees)

    def opened(self, path: Any, flags: Any, frame: FrameType) -> None:
        """A file was opened, by this frame."""
        name = os.path.abspath(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else ""  # noqa: PTH100
        reads = isinstance(flags, int) and not flags & _WRITING
        if not (reads and name.startswith(self._trees)) and not _is_machinery(frame):
            self.touched = self.touched or f"open of {name}"

    def see(self, frame: FrameType, event: str, arg: Any) -> None:
        if self.touched:
            return
        if event == "c_call":
            if _touches(arg) and not _is_machinery(frame):
                self.touched = f"{getattr(arg, '__qualname__', arg)} ({frame.f_code.co_filename}:{frame.f_lineno})"
        elif event == "call":
            file, name = frame.f_code.co_filename, frame.f_code.co_qualname
            if file in _OS and name.startswith(("_Environ.", "getenv")):
                if not _is_library(frame.f_back):
                    self.touched = "os.environ"
            elif name != "<module>" and any(part in file for part in _RUNTIME):
                self.touched = f"pulumi ({name})"


def _touches(function: Any) -> bool:
    name = getattr(function, "__name__", "")
    if name in _HARMLESS:
        return False
    holder = getattr(function, "__self__", None)
    if any(holder is one for one in _OBJECTS) or name in _NAMES:
        return True
    module = getattr(function, "__module__", None) or type(holder).__module__
    return module in _MODULES or type(holder).__module__ in ("random", "_random")


def _is_library(frame: FrameType | None) -> bool:
    """Whether an installed package asks, through the standard library or not: for its own switches."""
    while frame is not None and frame.f_code.co_filename in (*_OS, *_MAPPINGS):
        frame = frame.f_back
    return frame is not None and "-packages" in frame.f_code.co_filename


def _is_machinery(frame: FrameType | None) -> bool:
    """Whether Python's own import calls, or this package that takes its place, through the standard library or not."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith((*_MACHINERY, OWN)):
            return True
        if not file.startswith(_STANDARD) or "-packages" in file:
            return False
        frame = frame.f_back
    return False
