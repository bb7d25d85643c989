"""Gives Python 3.10 the few names of the standard library that this package uses and 3.11 brought.

Programs of that Python are evaluated by it, and this package with them. A program sees the names, too: it could not be
told from one that asks for them and finds none, which its own preview says.
"""

from __future__ import annotations

import contextlib
import datetime
import enum
import os
import typing
from collections.abc import Generator
from typing import Any


class StrEnum(str, enum.Enum):  # noqa: UP042 (it stands in for that)
    """As in 3.11: https://docs.python.org/3.11/library/enum.html#enum.StrEnum"""

    __str__ = str.__str__
    __format__ = str.__format__


@contextlib.contextmanager
def chdir(path: str) -> Generator[None]:
    """As `contextlib.chdir`."""
    before = os.getcwd()  # noqa: PTH109
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)


def fill_in() -> None:
    given: list[tuple[Any, str, Any]] = [
        (enum, "StrEnum", StrEnum),
        (contextlib, "chdir", chdir),
        (datetime, "UTC", datetime.timezone.utc),  # noqa: UP017
        (typing, "Self", Any),
    ]
    for module, name, value in given:
        if not hasattr(module, name):
            setattr(module, name, value)
