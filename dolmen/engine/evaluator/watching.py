"""Watches what a module does while it is imported: whether another process would find it the same.

A module that touches nothing (no file, environment, clock, chance, thread, nothing of Pulumi's runtime) gives in every
process the same, so it can be imported once for all stacks. What it calls is seen by `sys.setprofile`, calls into C
included; what reads without a call (`sys.argv`) is the same for all stacks of a folder.
Source: https://docs.python.org/3/library/sys.html#sys.setprofile
"""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any

from dolmen.engine.sources import OWN

_MODULES = frozenset(
    {
        "time", "posix", "nt", "_posixsubprocess", "_socket", "_ssl", "_random", "_signal", "select", "fcntl", "resource",
        "_ctypes", "mmap", "_io", "_uuid", "pwd", "grp", "_locale", "_asyncio", "_posixshmem", "syslog",
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
_MACHINERY = ("<frozen importlib", "<frozen zipimport", "<string>")


class Watch:
    """Whether anything was touched since it was made. Give `see` to `sys.setprofile`."""

    def __init__(self) -> None:
        self.touched = ""
        """By what; empty: nothing was."""

    def see(self, frame: FrameType, event: str, arg: Any) -> None:
        if self.touched:
            return
        if event == "c_call":
            if _touches(arg) and not _is_machinery(frame):
                self.touched = str(getattr(arg, "__qualname__", arg))
        elif event == "call":
            file, name = frame.f_code.co_filename, frame.f_code.co_qualname
            if file == os.__file__ and (name.startswith("_Environ.") or name.startswith("getenv")):
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
    return module in _MODULES or type(holder).__module__ in ("random", "_random", "_io")


def _is_machinery(frame: FrameType | None) -> bool:
    """Whether Python's own import calls, or this package that takes its place."""
    file = frame.f_code.co_filename if frame is not None else ""
    return file.startswith(_MACHINERY) or file.startswith(OWN)
