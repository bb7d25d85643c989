"""Hears what a program says outside its resources: Python's warnings, texts that it calls secret, where it exports.

Warnings go through Python's own filters, so that what a deployment would print is what is heard. A text that was once
secret stays one for whatever the program writes, also where it takes the mark off again (`Output.unsecret`).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pulumi import Output
from pulumi.runtime.stack import Stack

from dolmen.engine.masking import texts
from dolmen.engine.plan import Position


@dataclass(slots=True)
class Remarks:
    """What was heard so far."""

    secrets: set[str] = field(default_factory=set[str])
    """Texts that the program called secret."""
    exported: dict[str, Position] = field(default_factory=dict[str, Position])
    """Stack output → the line that exports it."""


def install(heard: Remarks, warned: Callable[[str], None], here: Callable[[], Position | None]) -> None:
    """Pass each warning on, and take down the rest. `here`: the program's own line."""
    _install_warnings(warned)
    _install_secrets(heard.secrets)
    _install_exports(heard.exported, here)


def _install_warnings(warned: Callable[[str], None]) -> None:
    original = warnings.showwarning

    def show(
        message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: str | None = None
    ) -> None:
        if not _of_an_sdk(filename):
            warned(f"{getattr(category, '__name__', 'Warning')}: {message}")
        original(message, category, filename, lineno, file, line)

    warnings.showwarning = show


def _of_an_sdk(filename: str) -> bool:
    """Whether a provider's SDK warns: when it is imported, of types that nobody uses. Of those in use it logs."""
    return "-packages" in filename and f"{os.sep}pulumi_" in filename


def _install_secrets(found: set[str]) -> None:
    original: Any = Output.secret

    def secret(val: Any) -> Any:
        if isinstance(val, str | dict | list):
            found.update(texts(val))
        return original(val)

    setattr(Output, "secret", staticmethod(secret))  # noqa: B010 (the SDK declares it otherwise)


def _install_exports(found: dict[str, Position], here: Callable[[], Position | None]) -> None:
    original = Stack.output

    def output(self: Any, name: str, value: Any) -> None:
        place = here()
        if place is not None:
            found[str(name)] = place
        original(self, name, value)

    setattr(Stack, "output", output)  # noqa: B010 (a method for the type checker)
