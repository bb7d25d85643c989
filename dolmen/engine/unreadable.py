"""Why the contents of an asset or archive have no hash."""

from __future__ import annotations

import os

UNCOMPARED = "its contents are not compared."
"""How every note ends that says that a comparison did not happen."""


class ContentsError(Exception):
    """The engine cannot read an asset or archive either; the text is the engine's."""

    def __init__(self, message: str, missing: str | None = None) -> None:
        super().__init__(message)
        self.missing = missing
        """The path that does not exist."""


class UnhashedError(Exception):
    """Contents that are left unread here, although the engine would read them."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(why)
        self.source = source


def said(operation: str, path: str, error: OSError) -> str:
    """An error of the operating system in Go's words."""
    reason = os.strerror(error.errno).lower() if error.errno else str(error)
    return f"{operation} {path}: {reason}"
