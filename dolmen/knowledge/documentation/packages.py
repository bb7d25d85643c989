"""Finds the installed SDK of a type and its source; imports nothing.

Every generated SDK has a `pulumi-plugin.json` that names its package, and an `__init__.py` that registers each type's
token with its module: https://github.com/pulumi/pulumi/blob/master/pkg/codegen/python/gen.go (`genInit`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dolmen.knowledge.documentation.classes import Stamp, source, stamp

_TOKEN = re.compile(r"[\w-]{1,80}:[\w/.-]{0,160}:\w{1,160}", re.ASCII)
_PLAIN = re.compile(r"[\w.+-]{1,60}", re.ASCII)
_MODULE = re.compile(rb'"fqn": "([\w.]{1,200})"', re.ASCII)
_EXPORTS = re.compile(rb"\n__all__ = \[([^\]]{1,2000})\]")
_ARGUMENTS = re.compile(rb"'(\w+Args)'")
_LONGEST_LIST = 2000
"""Characters between a module's name and its types in the register, at most."""


@dataclass(frozen=True, slots=True)
class Package:
    """An installed SDK."""

    name: str
    """As one cites it; a name or version that no registry would take is not repeated."""
    version: str
    folder: Path

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Class:
    """The class of a type's inputs."""

    file: Path
    name: str


def package(folders: tuple[Path, ...], name: str) -> Package | None:
    """The SDK of a Pulumi package, where one is installed."""
    return _package(folders, name, tuple(map(_changed, folders)))


def _changed(folder: Path) -> int:
    """When something was installed in a folder, or taken from it."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=256)
def _package(folders: tuple[Path, ...], name: str, _changed: tuple[int, ...]) -> Package | None:
    usual = f"pulumi_{name.replace('-', '_')}"
    for folder in folders:
        candidates = [folder / usual, *(file.parent for file in sorted(folder.glob("*/pulumi-plugin.json")))]
        for candidate in candidates:
            if (plugin := _plugin(candidate)) is not None and plugin.get("name") == name:
                cited = (candidate.name.replace("_", "-"), str(plugin.get("version") or ""))
                name, version = (one if _PLAIN.fullmatch(one) else "" for one in cited)
                return Package(name or "an SDK", version, candidate)
    return None


def _plugin(folder: Path) -> dict[str, object] | None:
    try:
        found = json.loads(_text(folder / "pulumi-plugin.json"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def class_of(found: Package, token: str) -> Class | None:
    """Finds the class of a type's inputs; `None` without a source."""
    return _class_of(found, token, stamp(found.folder / "__init__.py")) if _TOKEN.fullmatch(token) else None


@lru_cache(maxsize=1024)
def _class_of(found: Package, token: str, _register: Stamp | None) -> Class | None:
    folder = _folder(found, token)
    name = token.rpartition(":")[2]
    wanted = name.lower() + ".py"
    try:
        files = [one for one in folder.iterdir() if one.name.replace("_", "") == wanted] if folder else []
    except OSError:
        files = []
    for file in sorted(files):
        text = _text(file)
        if f'"{token}"'.encode() in text or f"'{token}'".encode() in text:
            exports = _EXPORTS.search(text)
            arguments = _ARGUMENTS.search(exports[1]) if exports else None
            return Class(file, arguments[1].decode() if arguments else f"{name}Args")
    return None


def _folder(found: Package, token: str) -> Path | None:
    """Where the SDK's register says that the module of a type is."""
    register = _text(found.folder / "__init__.py")
    at = register.find(f'"{token}"'.encode())
    modules = _MODULE.findall(register, max(0, at - _LONGEST_LIST), at) if at >= 0 else []
    if not modules:
        return None
    top, *below = modules[-1].decode().split(".")
    return found.folder.joinpath(*below) if top == found.folder.name and all(below) else None


def _text(file: Path) -> bytes:
    stamped = stamp(file)
    return source(file, stamped) if stamped else b""
