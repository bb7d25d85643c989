"""Keeps a made-up text from being taken for an open file.

Python's `open` takes whatever has a number for a descriptor, and a made-up text has one, since a program may count with
it. The standard output would be read, and closed.
"""

from __future__ import annotations

import builtins
import bz2
import io
import tarfile
import tokenize
from typing import Any

from dolmen.engine.placeholders import AssumedText

_KEPT: tuple[tuple[Any, str], ...] = (
    (builtins, "open"),
    (io, "open"),
    (tarfile, "bltn_open"),
    (bz2, "_builtin_open"),
    (tokenize, "_builtin_open"),
)
"""Where the function is found, or kept under another name."""


def install() -> None:
    original: Any = io.open

    def open_(file: Any, *args: Any, **kwargs: Any) -> Any:
        return original(str(file) if isinstance(file, AssumedText) else file, *args, **kwargs)

    replace(original, open_)


def replace(original: Any, other: Any) -> None:
    """Put another function everywhere in the place of `open`."""
    other.__name__ = other.__qualname__ = "open"
    other.__module__ = "io"  # pickled by its name, as the original
    for module, name in _KEPT:
        if getattr(module, name, None) is original:
            setattr(module, name, other)
