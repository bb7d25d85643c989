"""Takes file rights from the running process: one more layer of Landlock.

https://docs.kernel.org/userspace-api/landlock.html. This file imports nothing of ours, so that the interpreter of a
project (Python 3.10 too) can load it alone.
"""

from __future__ import annotations

import importlib.util
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

DEVICES = ("/dev/full", "/dev/null", "/dev/random", "/dev/urandom", "/dev/zero")
"""Read and written by any program; nothing can be kept in them."""

_found: list[tuple[ModuleType | None, int, str]] = []


def provide(folder: str) -> None:
    """Loads landlockpy from its folder, for an interpreter that hasn't got it."""
    if "landlockpy" not in sys.modules:
        place = Path(folder) / "__init__.py"
        spec = importlib.util.spec_from_file_location("landlockpy", place, submodule_search_locations=[folder])
        if spec is not None and spec.loader is not None and place.is_file():
            module = sys.modules["landlockpy"] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
    _found.clear()


def landlock() -> tuple[ModuleType | None, int, str]:
    """The library, the version of Landlock that the kernel has (0: none), and why there is none."""
    if not _found:
        _found.append(_look())
    return _found[0]


def _look() -> tuple[ModuleType | None, int, str]:
    try:
        import landlockpy
    except ImportError as error:
        return None, 0, f"the package landlockpy can't be loaded: {error}"
    version = landlockpy.abi_version()
    return (landlockpy, version, "") if version else (None, 0, "this kernel has no Landlock, or it is switched off")


def narrow(read: Iterable[str], write: Iterable[str] = (), listed: Iterable[str] = ()) -> None:
    """Leaves only what is named, and of that only what could be done before."""
    library, _, _ = landlock()
    if library is not None:
        layer(library, read, write, listed, outermost=False)


def layer(
    library: ModuleType, read: Iterable[str], write: Iterable[str], listed: Iterable[str], *, outermost: bool
) -> None:
    """Restricts this thread and all that it starts; the outermost layer closes network and signals as well.

    A path that isn't there, or can't be reached, is left out: nothing could be read from it anyway.
    """
    fs, none = library.AccessFS, library.AccessNet.NONE
    reading, listing = fs.READ_FILE | fs.READ_DIR | fs.EXECUTE, fs.READ_DIR
    everything = library.fs_for_abi(library.abi_version())
    network = None if outermost else none
    scopes = ~library.Scope.NONE if outermost else library.Scope.NONE
    with library.Ruleset(handled_fs=everything, handled_net=network, scoped=scopes) as rules:
        for paths, rights in ((read, reading), (listed, listing), (write, everything)):
            for path in paths:
                _allow(rules, path, rights, fs)
        for path in DEVICES:
            _allow(rules, path, fs.READ_FILE | fs.WRITE_FILE, fs)
        rules.restrict()


def _allow(rules: Any, path: str, rights: int, fs: type) -> None:
    try:
        if not stat.S_ISDIR(os.stat(path).st_mode):  # noqa: PTH116 -- a Path costs more than the rule
            rights &= fs.READ_FILE | fs.WRITE_FILE | fs.EXECUTE | fs.TRUNCATE | fs.IOCTL_DEV  # folders' rights: EINVAL
        if rights:
            rules.allow_path(path, rights)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
