"""Imports a folder's own modules before its stacks run, those alone that were seen to touch nothing.

Modules that nobody has watched yet are watched now. If one of them touches something, this process is no longer as good
as new and is given up: the one that it was forked from begins again without it. `DOLMEN_IMPORT_AHEAD=0` turns it off.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import dolmen
from dolmen.engine.evaluator.switches import AHEAD
from dolmen.engine.evaluator.watching import Watch
from dolmen.engine.wire.learnt import SOURCE

Seen = Mapping[str, bool]
"""SHA-256 of a source → whether its import touches nothing."""


@dataclass(slots=True)
class Ahead:
    """The import of modules; `files`: their sources."""

    seen: Seen
    files: frozenset[str]
    trees: Collection[str]
    """Folders of which a module may read a file: they are the same for all stacks."""
    found: dict[str, bool] = field(default_factory=dict[str, bool])
    """What was learnt now."""
    touched: bool = False
    """Whether this process is no longer as good as new."""
    _watches: list[Watch | None] = field(default_factory=list[Watch | None])

    def run(self, home: Path, named: Mapping[str, str]) -> None:
        """Import the modules (file → name), of which none is known to touch something."""
        sys.path.insert(0, str(home))
        if any(digest(file) not in self.seen for file in named):
            sys.addaudithook(self._heard)  # it stays for ever, and costs every event something
        finder = _Finder(self)
        sys.meta_path.insert(0, finder)
        try:
            for file, name in named.items():
                if self.seen.get(digest(file), True):
                    with contextlib.suppress(Exception):
                        importlib.import_module(name)
        finally:
            sys.meta_path.remove(finder)
            sys.path.remove(str(home))
            sys.setprofile(None)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and self._watches and (watch := self._watches[-1]) is not None:
            watch.opened(arguments[0], arguments[2], sys._getframe(1))  # pyright: ignore[reportPrivateUsage]

    def execute(self, module: ModuleType, file: str, execute: Callable[[ModuleType], None]) -> None:
        """Run a module's code, under watch unless it is known. Raises `ImportError` for one that touches something."""
        name = digest(file)
        known = {**self.seen, **self.found}.get(name)
        if known is False:
            raise ImportError("It is imported where it is needed.")
        watch = None if known else Watch(self.trees)
        self._watches.append(watch)
        self._go_on()
        clean = False
        try:
            execute(module)
            clean = watch is None or not watch.touched
        finally:
            self._watches.pop()
            self._go_on()
            if watch is not None:
                self.found[name] = clean
                self.touched = self.touched or bool(watch.touched)
        if not clean and self._watches and (outer := self._watches[-1]) is not None:
            outer.touched = outer.touched or "a module that it imports"

    def _go_on(self) -> None:
        now = self._watches[-1] if self._watches else None
        sys.setprofile(now.see if now is not None else None)


class _Finder:
    def __init__(self, ahead: Ahead) -> None:
        self._ahead = ahead

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        for finder in sys.meta_path:
            spec: Any = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.origin in self._ahead.files and spec.loader is not None:
                    spec.loader = _Loader(self._ahead, spec.loader)
                return spec
        return None


class _Loader:
    """A loader whose modules are watched."""

    def __init__(self, ahead: Ahead, loader: Any) -> None:
        self._ahead, self._loader = ahead, loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        spec: Any = module.__spec__
        spec.loader = module.__loader__ = self._loader  # as if it had been loaded without this one
        self._ahead.execute(module, str(spec.origin), self._loader.exec_module)


@functools.cache
def digest(file: str) -> str:
    """Of a source's contents, once in this process; empty where it cannot be read."""
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()
    except OSError:
        return ""


def modules(folder: Path, home: Path, used: Collection[str]) -> Iterator[tuple[str, str]]:
    """(file, name) of the modules that the program finds in its own folder, and of the components of this package."""
    for one in used:
        if one.startswith(SOURCE):
            file = folder / one.removeprefix(SOURCE)
            parts = file.with_suffix("").relative_to(home).parts if file.is_relative_to(home) else ()
        elif one.startswith("dolmen.components"):
            parts = tuple(one.split("."))
            file = next((found for root in _roots() if (found := _source(root, parts[1:]))), home)
        else:
            continue
        if not parts:
            continue
        name = ".".join(parts[:-1] if parts[-1:] == ("__init__",) else parts)
        if name and parts[-1] != "__main__" and file.is_file() and all(part.isidentifier() for part in parts):
            yield str(file), name


def _roots() -> Iterator[Path]:
    yield from map(Path, dolmen.__path__)


def _source(root: Path, parts: Sequence[str]) -> Path | None:
    places = (root.joinpath(*parts).with_suffix(".py"), root.joinpath(*parts, "__init__.py"))
    return next((place for place in places if place.is_file()), None)


def import_ahead(folder: Path, home: Path, used: Collection[str], seen: Seen) -> dict[str, bool]:
    """Import what the folder's programs used last time; what was learnt of modules that were not known.

    Returns in a process that has imported nothing but what touches nothing: this one, or a fork that takes its place
    while this one waits for its end.
    """
    named = {file: name for file, name in modules(folder, home, used) if name not in sys.modules}
    if not named or os.environ.get(AHEAD) == "0":
        return {}
    trees = [str(folder), *dolmen.__path__]
    if all(digest(file) in seen for file in named):
        Ahead(seen, frozenset(named), trees).run(home, named)
        return {}
    found, here = _try(home, seen, named, trees)
    if not here:
        Ahead({**seen, **found}, frozenset(named), trees).run(
            home, {file: name for file, name in named.items() if found.get(digest(file))}
        )
    return found


def _try(home: Path, seen: Seen, named: Mapping[str, str], trees: Collection[str]) -> tuple[dict[str, bool], bool]:
    """Import in a fork. If nothing was touched it goes on from here (True); else this process does, as good as new."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        ahead = Ahead(seen, frozenset(named), trees)
        ahead.run(home, named)
        with os.fdopen(writer, "w") as pipe:
            json.dump({"found": ahead.found, "touched": ahead.touched}, pipe)
        if ahead.touched:
            os._exit(0)
        return ahead.found, True
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    told: dict[str, Any] = json.loads(text) if text else {"found": {}, "touched": True}
    if not told["touched"]:
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # whoever talks to the fork hears when it ends
    os.waitpid(pid, 0)
    if not told["touched"]:
        os._exit(0)
    return told["found"], False
