"""Imports, before the fork, the SDK modules that programs will use.

Learnt from the program's last run, else read off the imports in its sources. Only generated SDK packages, and the few
libraries named below, are imported ahead: a library may start threads or look at its surroundings when it is imported,
and a child must find what it would find alone.
"""

from __future__ import annotations

import _imp
import ast
import contextlib
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import itertools
import os
import sys
import sysconfig
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, get_args

from dolmen.engine import cache
from dolmen.engine.wire.learnt import SOURCE

HARMLESS = ("pydantic", "pydantic_core", "annotated_types", "typing_inspection", "typing_extensions", "yaml")
_MOST_FILES = 400
_MOST_TYPES = 400
"""A firewall's rules hold thousands, each in another."""
_SKIPPED = frozenset({"venv", "node_modules", "site-packages", "__pycache__", "tests", "test"})


def preload(folder: Path) -> None:
    """Import what the program used last time, or what it names."""
    learnt = cache.read_json("modules", key(folder))
    if isinstance(learnt, list) and all(isinstance(name, str) for name in learnt):
        for name in learnt:
            if _allowed(name):
                _import(name)
        _warm(learnt)
        return
    for root, chain in _named(folder):
        if _allowed(root):
            _touch(root, chain)


def used(folder: Path) -> list[str]:
    """What the folder's programs used last time."""
    found = cache.read_json("modules", key(folder))
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def compile_sources(folder: Path, names: Iterable[str]) -> None:
    """Compile the project's own modules among the names once, for children to take from memory.

    Where bytecode is not written (`PYTHONDONTWRITEBYTECODE`, a read-only or temporary folder), every child would compile
    them anew.
    """
    codes: dict[str, tuple[int, int, CodeType]] = {}
    loaded = {getattr(module, "__file__", None) for module in list(sys.modules.values()) if _loaded(module)}
    for name in names:
        path = folder / name.removeprefix(SOURCE)
        if name.startswith(SOURCE) and str(path) not in loaded:
            with contextlib.suppress(Exception):
                status = path.stat()
                codes[str(path)] = (status.st_mtime_ns, status.st_size, _compiled(path))
    _COMPILED.codes.update(codes)
    if codes and _COMPILED not in sys.meta_path:
        sys.meta_path.insert(0, _COMPILED)


def _compiled(path: Path) -> CodeType:
    """Kept by what is written there: a base lies in another folder every time."""
    source = path.read_bytes()
    key = f"{sys.version}|{sys.flags.optimize}|{hashlib.sha256(source).hexdigest()}"
    found = cache.read_code("imports", key)
    if found is not None:
        getattr(_imp, "_fix_co_filename")(found[0], str(path))  # noqa: B009 (as `importlib` does with any bytecode)
        return found[0]
    code = importlib.machinery.SourceFileLoader("compiled", str(path)).source_to_code(source, str(path))
    cache.write_code("imports", key, (code, {}))
    return code


def own_sources(folder: Path, program: Path, names: Iterable[str]) -> list[Path]:
    """The project's own sources that its programs are known to use; all of them where nothing is known yet."""
    found = [folder / name.removeprefix(SOURCE) for name in names if name.startswith(SOURCE)]
    found = found or list(itertools.islice(_sources(folder), _MOST_FILES))
    return [*found, program / "__main__.py" if program.is_dir() else program]


class _CompiledFinder(importlib.abc.MetaPathFinder):
    def __init__(self) -> None:
        self.codes: dict[str, tuple[int, int, CodeType]] = {}
        """File → when it was modified, its size, its code."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] in sys.stdlib_module_names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin not in self.codes:
            return None
        if type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = _MemoryLoader(spec.loader.name, spec.loader.path)
        return spec


class _MemoryLoader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType | None:  # type: ignore[override]
        modified, size, code = _COMPILED.codes[self.path]
        status = Path(self.path).stat()
        return code if (modified, size) == (status.st_mtime_ns, status.st_size) else super().get_code(fullname)


_COMPILED = _CompiledFinder()


def _warm(learnt: Iterable[str]) -> None:
    """Have the SDK work out, and remember, the types of resources and of what they hold."""
    from pulumi import Resource, _types  # pyright: ignore[reportPrivateUsage]  # the SDK has no public way to them

    todo: deque[Any] = deque()
    for name in learnt:
        module = sys.modules.get(name)
        if module is None or not name.startswith("pulumi_") or not _loaded(module):
            continue
        for kind in [found for found in vars(module).values() if isinstance(found, type)]:
            if kind.__module__ != name:
                continue
            with contextlib.suppress(Exception):
                if issubclass(kind, Resource):
                    _types.resource_pulumi_to_py_names(kind)
                    todo.extend(_types.resource_types(kind).values())
                elif kind.__name__.endswith("Args") and not name.endswith("_inputs"):
                    todo.extend(_types.input_type_types(kind).values())
    seen: set[Any] = set()
    while todo and len(seen) < _MOST_TYPES:
        for kind in _classes(todo.popleft()):
            if kind not in seen and (_types.is_input_type(kind) or _types.is_output_type(kind)):
                seen.add(kind)
                with contextlib.suppress(Exception):
                    types = _types.input_type_types if _types.is_input_type(kind) else _types.output_type_types
                    todo.extend(types(kind).values())


def _classes(hint: Any) -> Iterator[type]:
    if isinstance(hint, type):
        yield hint
    for part in get_args(hint):
        yield from _classes(part)


def worth_learning(folder: Path | None = None) -> list[str]:
    """The modules that another run would profit from.

    With `folder`, also the sources in it.
    """
    found = [
        name
        for name, module in list(sys.modules.items())
        if (_allowed(name) or name.startswith("dolmen.components")) and _loaded(module)
    ]
    if folder is not None:
        inside = f"{folder}{os.sep}"
        for name, module in list(sys.modules.items()):
            file = module.__dict__.get("__file__") if _loaded(module) and name != "__main__" else None
            if file and "-packages" not in file and file.endswith(".py") and file.startswith(inside):
                found.append(f"{SOURCE}{file.removeprefix(inside)}")
    return found


def imported_from(files: Container[str]) -> list[ModuleType]:
    """The modules that were made of these files."""
    return [one for one in list(sys.modules.values()) if _loaded(one) and str(one.__dict__.get("__file__")) in files]


def _loaded(module: Any) -> bool:
    """Whether somebody has looked into a module: lazy ones are empty."""
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


def key(folder: Path) -> str:
    """Under which is kept what a project's programs used, with the packages that are installed."""
    installed = [path for path in map(Path, sysconfig.get_paths().values()) if path.name.endswith("-packages")]
    versions = sorted(
        {path.stat().st_mtime_ns for path in installed if path.exists()}
    )  # changes with what is installed
    return f"2|{folder}|{sys.version}|{sys.prefix}|{versions}"


def _named(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The SDK packages that sources import, with attributes they use."""
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
