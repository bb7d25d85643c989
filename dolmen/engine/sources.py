"""Tells the user's own sources from those of libraries."""

from __future__ import annotations

import os
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlparse

import dolmen
from dolmen.engine.plan import Position

OWN = str(Path(__file__).resolve().parent.parent)
RUNNER = str(Path(__file__).with_name("program.py"))
"""The file that runs programs: what lies beyond it on the stack is none of theirs."""
_LIBRARIES = tuple({os.path.realpath(path) + os.sep for path in (*sysconfig.get_paths().values(), sys.prefix) if path})


def tool_folders() -> tuple[str, ...]:
    """The folders of this package; in a checkout `components` and `policies` lie beside it."""
    own, *beside = dolmen.__path__
    return own, *(os.path.join(place, room) for place in beside for room in ("components", "policies"))  # noqa: PTH118


class Sources:
    """The sources of one project."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.path.realpath(folder)
        self.relative = cache(self._find)

    def _find(self, file: str) -> str | None:
        """The file relative to the project, if it is the user's own."""
        if not file or file.startswith("<"):
            return None
        path = os.path.realpath(file)
        if "site-packages" in path or "dist-packages" in path or path.startswith(OWN + os.sep):
            return None
        inside = path.startswith(self._folder + os.sep)
        if not inside and path.startswith(_LIBRARIES):
            return None
        return os.path.relpath(path, self._folder)

    def position(self, raw: Any) -> Position | None:
        """A protobuf `SourcePosition` as a place in the project."""
        if not raw.uri:
            return None
        file = self.relative(_path(raw.uri))
        return Position(file, raw.line, raw.column or None) if file else None

    def frames(self, request: Any) -> tuple[Position, ...]:
        """The user's own frames of a request's stack trace, innermost first."""
        trace = getattr(request, "stackTrace", None)  # older SDKs send the innermost frame only, or nothing
        raw = [frame.pc for frame in self._of_program(trace.frames)] if trace is not None else []
        found = [position for place in raw if (position := self.position(place))]
        place = getattr(request, "sourcePosition", None)
        if not found and place is not None and (position := self.position(place)):
            found = [position]
        return tuple(found)

    def _of_program(self, frames: Any) -> Iterator[Any]:
        """Frames up to the one that runs the program.

        Beyond it lies whoever asked for the plan.
        """
        for frame in frames:
            if _path(frame.pc.uri) == RUNNER:
                return
            yield frame

    def of_traceback(self, trace: TracebackType | None) -> list[traceback.FrameSummary]:
        """The user's own frames, outermost first."""
        return [frame for frame in traceback.extract_tb(trace) if self.relative(frame.filename)]


@cache
def _path(uri: str) -> str:
    return unquote(urlparse(uri).path)
