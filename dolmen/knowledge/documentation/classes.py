"""Reads properties of an SDK's generated classes by `ast`.

A source of an SDK has up to four million characters, of which a change concerns one property: so the class is cut out
by the lines on which it begins and ends, and the property out of the class, and only that is parsed.
Source of the form: https://github.com/pulumi/pulumi/blob/master/pkg/codegen/python/gen.go (`genInputType`).
"""

from __future__ import annotations

import ast
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LARGEST = 32 * 1024 * 1024
"""Bytes of a source. What is larger is no SDK's, and is not read."""
LONGEST = 1_000_000
"""Characters of one property. What is longer is not parsed."""
_NAME = re.compile(r"[A-Za-z_]\w{0,200}", re.ASCII)
_NEXT = re.compile(rb"\n(?=[@A-Za-z])")
_PROPERTY = re.compile(r"\n    @(?:_?builtins\.)?property\n")
_HEAD = re.compile(
    r'(?:    @[^\n]*\n){0,8}?    @pulumi\.getter(?:\(name="(\w+)"\))?\n(?:    @[^\n]*\n){0,8}    def (\w+)\('
)
_INNER = re.compile(r"\A(?:_\w+\.)?(\w+)\Z")


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    """As Python programs write it."""
    text: str
    """Its documentation."""
    inner: str = ""
    """The class of what stands in it, where that has properties of its own."""


Stamp = tuple[int, int]


def stamp(file: Path) -> Stamp | None:
    """Tells contents of a file apart; `None` where none can be read."""
    try:
        found = file.stat()
    except OSError:
        return None
    ordinary = stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST  # a pipe or a device would never end
    return (found.st_mtime_ns, found.st_size) if ordinary else None


@lru_cache(maxsize=16)
def source(file: Path, _stamp: Stamp) -> bytes:
    """The content of a file; nothing where it cannot be read."""
    try:
        return b"\n" + file.read_bytes().replace(b"\r\n", b"\n")
    except OSError:
        return b""


@lru_cache(maxsize=512)
def properties(file: Path, stamped: Stamp, name: str) -> Mapping[str, str]:
    """Finds the lines of each property of a class, by name in plans."""
    if not _NAME.fullmatch(name):
        return {}
    whole = source(file, stamped)
    start = whole.find(b"\nclass " + name.encode() + b":")
    if start < 0:
        return {}
    end = _NEXT.search(whole, start + 1)
    text = whole[start : end.start() if end else len(whole)].decode("utf-8", "replace")
    found: dict[str, str] = {}
    for lines in _PROPERTY.split(text)[1:]:
        if head := _HEAD.match(lines):
            found[head[1] or head[2]] = lines
    return found


@lru_cache(maxsize=4096)
def read_property(lines: str) -> Property | None:
    """Parses the lines of a property; `None` where they are no Python."""
    if len(lines) > LONGEST:
        return None
    try:
        tree = ast.parse(f"class _:\n    @property\n{lines}")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = next((one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)), None)
    if found is None:
        return None
    quoted = (one.value for one in ast.walk(found.returns or ast.Pass()) if isinstance(one, ast.Constant))
    inner = next((match[1] for one in quoted if isinstance(one, str) and (match := _INNER.match(one))), "")
    return Property(found.name, ast.get_docstring(found) or "", inner)
