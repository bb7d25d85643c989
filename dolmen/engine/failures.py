"""Tells why a program failed, with its own frames alone.

The frames of the SDK and of the engine are of no use to its author.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pulumi import Output, RunError

from dolmen.engine import stand_ins, variables
from dolmen.engine.plan import Failure, FailureKind, Position
from dolmen.engine.sources import Sources

_FRAMES = "__dolmen_frames__"
_REQUIREMENTS = ("requirements.txt", "pyproject.toml", "Pipfile")


def install(sources: Sources) -> None:
    """Remember where a function given to `apply` raised.

    On its way through the SDK an exception loses its frames.
    """
    apply: Any = Output.apply

    def remembering(self: Any, func: Any, *args: Any, **kwargs: Any) -> Any:
        def call(value: Any) -> Any:
            try:
                return func(value)
            except Exception as error:
                if not hasattr(error, _FRAMES):
                    setattr(error, _FRAMES, sources.of_traceback(error.__traceback__))
                raise

        return apply(self, call, *args, **kwargs)

    setattr(Output, "apply", remembering)  # noqa: B010 (the SDK declares it with overloads)


def raised(error: BaseException, sources: Sources, folder: Path) -> Failure:
    frames = _frames(error, sources)
    text = "".join(traceback.format_exception_only(error)).rstrip()
    if frames:
        shown = [  # with files relative to the project, on every machine alike
            traceback.FrameSummary(sources.relative(one.filename) or one.filename, one.lineno, one.name, line=one.line)
            for one in frames
        ]
        text = "".join(["Traceback (most recent call last):\n", *traceback.format_list(shown), text])
    if isinstance(error, ModuleNotFoundError) and error.name and (advice := _advice(error.name, folder)):
        text = f"{text}\n{advice}"
    if isinstance(error, OSError) and (made_up := stand_ins.label_in(f"{error.filename}")):
        text = f"{text}\n{_no_file(made_up)}"
    return Failure(FailureKind.PROGRAM, _led(text, error), position(error, sources))


def refused(error: RunError, sources: Sources) -> Failure:
    return Failure(FailureKind.REFUSED, _led(str(error), error), position(error, sources))


def _led(text: str, error: BaseException) -> str:
    """The text, behind what is most likely the reason."""
    missing = variables.advice([error, *_chain(error)])
    return f"{missing}\n{text}" if missing else text


def _no_file(label: str) -> str:
    """Says why a path names no file."""
    kind, _, key = label.partition(" ")
    if kind == "config":
        return f"The path rests on {key}, which is not set: `pulumi config set {key}` gives it a value."
    return f"The path rests on {label}, which is not known here: `--lookups` gives it a value."


def exited(error: SystemExit, sources: Sources) -> Failure | None:
    if error.code in (None, 0):
        return None
    code = error.code if isinstance(error.code, int) else 1
    text = f"Program exited with non-zero exit code: {code}"
    if not isinstance(error.code, int):
        text = f"{error.code}\n{text}"
    return Failure(FailureKind.PROGRAM, _led(text, error), position(error, sources))


def position(error: BaseException, sources: Sources) -> Position | None:
    frames = _frames(error, sources)
    file = sources.relative(frames[-1].filename) if frames else None
    return Position(file, frames[-1].lineno or 1) if file else None


def _frames(error: BaseException, sources: Sources) -> list[traceback.FrameSummary]:
    """The user's own frames of an exception, outermost first.

    Without any, those of the exception that led to it.
    """
    for current in (error, *_chain(error)):
        found = getattr(current, _FRAMES, None) or sources.of_traceback(current.__traceback__)
        if found:
            return found
    return []


def _chain(error: BaseException) -> Iterator[BaseException]:
    """What led to an exception, latest first; chains may be circular."""
    seen = {id(error)}
    current = error.__cause__ or error.__context__
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _advice(module: str, folder: Path) -> str:
    """Says which of the project's requirements is not installed."""
    package = module.partition(".")[0].replace("_", "-").lower()
    for name in _REQUIREMENTS:
        try:
            lines = (folder / name).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            continue
        for line in lines:
            wanted = line.strip().strip("\"',")
            if re.match(rf"{re.escape(package)}\b(?!-)", wanted.lower().replace("_", "-")):
                return f"{name} asks for `{wanted}`, which is not installed in {sys.prefix}."
    return f"The package {package} is not installed in {sys.prefix}."
