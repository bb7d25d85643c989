"""What to import once, before the children are forked: the SDK modules that the program will use.

Learnt from the program's last run, else read off the imports in its sources. Only generated SDK packages, and the few
libraries named below, are imported ahead: a library may start threads or look at its surroundings when it is imported,
and a child must find what it would find alone.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import itertools
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from dolmen.engine import cache

HARMLESS = ("pydantic", "pydantic_core", "annotated_types", "typing_inspection", "typing_extensions", "yaml")
_MOST_FILES = 400
_SKIPPED = frozenset({"venv", "node_modules", "site-packages", "__pycache__", "tests", "test"})


def preload(folder: Path) -> None:
    """Import what the program in `folder` used last time, or what its sources name."""
    learnt = cache.read_json("modules", _key(folder))
    if isinstance(learnt, list) and all(isinstance(name, str) for name in learnt):
        for name in learnt:
            if _allowed(name):
                _import(name)
        return
    for root, chain in _named(folder):
        if _allowed(root):
            _touch(root, chain)


def learn(folder: Path, modules: Iterable[str]) -> None:
    """Remember what a project's programs used."""
    names = sorted(modules)
    if names and cache.read_json("modules", _key(folder)) != names:
        cache.write_json("modules", _key(folder), names)


def worth_learning() -> list[str]:
    """The modules of this process that another run would profit from."""
    return [name for name, module in list(sys.modules.items()) if _allowed(name) and _loaded(module)]


def _loaded(module: Any) -> bool:
    """Not one of the lazy modules (Python's or Pulumi's) that nobody has looked into."""
    return type(module).__module__ not in ("importlib.util", "pulumi._utils") and isinstance(module, ModuleType)


def _allowed(name: str) -> bool:
    root = name.partition(".")[0]
    return root in HARMLESS or root.startswith("pulumi_")


def _import(name: str) -> None:
    with contextlib.suppress(Exception):
        # A look into it makes a lazy package load, as a whole and before its modules: a module that is imported first
        # would load its package half-way through itself, and the package's star import would miss what comes later.
        # (Names such as `__dict__` do not count as a look: pulumi/_utils.py, _INTROSPECTION_ATTRS.)
        getattr(importlib.import_module(name), "__all__", None)


def _touch(root: str, chain: tuple[str, ...]) -> None:
    with contextlib.suppress(Exception):
        found: Any = importlib.import_module(root)
        for name in chain:
            found = getattr(found, name)


def _key(folder: Path) -> str:
    installed = [path for path in map(Path, sysconfig.get_paths().values()) if path.name.endswith("-packages")]
    versions = sorted(
        {path.stat().st_mtime_ns for path in installed if path.exists()}
    )  # changes with what is installed
    return f"{folder}|{sys.version}|{sys.prefix}|{versions}"


def _named(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """SDK packages that the sources import, each with the chains of attributes that they use."""
    for path in itertools.islice(_sources(folder), _MOST_FILES):
        try:
            text = path.read_text(encoding="utf-8")
            if "pulumi_" in text:
                yield from _chains(ast.parse(text))
        except (OSError, ValueError, SyntaxError, RecursionError):
            continue


def _sources(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _SKIPPED and not name.startswith(".")]
        yield from (Path(base, name) for name in files if name.endswith(".py"))


def _chains(tree: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    names: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = tuple(alias.name.split("."))
                names[alias.asname or parts[0]] = parts if alias.asname else parts[:1]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            base = tuple(node.module.split("."))
            for alias in node.names:
                names[alias.asname or alias.name] = (*base, alias.name)
    seen = {path for path in names.values() if path[0].startswith("pulumi_")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (path := _path(node, names)):
            seen.add(path)
    for path in sorted(seen):
        yield path[0], path[1:4]


def _path(node: ast.expr, names: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names or not names[node.id][0].startswith("pulumi_"):
        return None
    return (*names[node.id], *reversed(attributes))
