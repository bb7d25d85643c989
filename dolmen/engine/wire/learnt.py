"""Carries what a child learnt: modules to import before the next run.

Names of modules, and `source:<path>` of the project's own files, which are compiled and never run ahead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dolmen.engine.wire.encode import json_bytes
from dolmen.engine.wire.foreign import ForeignDataError, MisfitError, parsed
from dolmen.engine.wire.limits import LONGEST_NAME
from dolmen.engine.wire.shapes import reader

SOURCE = "source:"
_MOST = 20_000
_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def learnt_json(names: Iterable[str]) -> bytes:
    """What is worth knowing, on one line. Names of an unusual form are left out."""
    return json_bytes([name for name in names if _usual(name)][:_MOST])


def read_learnt(data: bytes) -> tuple[str, ...]:
    """The names that a child learnt. Raises `ForeignDataError`."""
    try:
        names: tuple[str, ...] = reader(tuple[str, ...])(parsed(data))
        if len(names) > _MOST:
            raise MisfitError(f"at most {_MOST} names are taken")
        for index, name in enumerate(names):
            if not _usual(name):
                raise MisfitError("it is neither a module nor a source inside the project", f"[{index}]")
    except MisfitError as error:
        raise ForeignDataError(f"What the child learnt: {error}") from None
    return names


def _usual(name: str) -> bool:
    if len(name) > LONGEST_NAME:
        return False
    if not name.startswith(SOURCE):
        return _MODULE.fullmatch(name) is not None
    path = name.removeprefix(SOURCE)
    steps = path.split("/")
    return path.endswith(".py") and not {"", ".", ".."} & set(steps) and "\\" not in path and path.isprintable()
