"""Changes modules once a program imports them, so that nobody pays for those that it leaves alone."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

Change = Callable[[Any], None]
"""Takes the module, as it is after its import."""


def install(changes: Mapping[str, Change]) -> None:
    """Make each change when its module is imported; at once where it is already."""
    later: dict[str, Change] = {}
    for name, change in changes.items():
        if name in sys.modules:
            change(sys.modules[name])
        else:
            later[name] = change
    sys.meta_path.insert(0, _Finder(later))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, changes: dict[str, Change]) -> None:
        self._changes = changes

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        change = self._changes.pop(fullname, None)
        if change is None:
            return None
        for finder in sys.meta_path:
            found = finder.find_spec(fullname, path, target) if finder is not self else None
            if found is not None and found.loader is not None:
                _follow(found.loader, change)
                return found
        return None


def _follow(loader: Any, change: Change) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        change(module)

    loader.exec_module = exec_module
