"""What became of a stack's evaluation, as the judging process learns it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.engine.plan import Failure, FailureKind, Position
from dolmen.engine.sources import Sources
from dolmen.stackfile.user_info import without_user_info

LARGEST_OUTPUT = 256 * 1024
"""Bytes of a program's own output that are kept."""
_FRAME = re.compile(r'File "([^"]+)", line (\d+)')


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything in it was written by a foreign process."""

    data: bytes = b""
    """The plan."""
    learnt: bytes = b""
    reads: bytes = b""
    """What the program read."""
    printed: bytes = b""
    whereabouts: str = ""
    status: int = 0
    """As `os.waitpid` gives it."""
    late: bool = False
    seconds: float = 0.0
    findings: Mapping[str, Any] | None = None
    """What the observers' process said: `findings` (JSON text), `failure`."""
    judged: bytes = b""
    """What observers printed."""
    lost: str = ""
    """Why there is nothing, where the evaluator itself ended."""


def printed(data: bytes) -> str:
    """A program's output as text, up to a limit, without the user info of addresses."""
    cut = len(data) > LARGEST_OUTPUT
    if cut:  # not inside a word, of which the half that hides its user info might be lost
        data = data[:LARGEST_OUTPUT].rsplit(None, 1)[0]
    text = without_user_info(data.decode("utf-8", "replace"))  # here too: a program that dies masks nothing
    return f"{text}\n… (more was printed)\n" if cut else text


def late(whereabouts: str, timeout: float, sources: Sources) -> Failure:
    """The failure of a program that was ended."""
    message = f"The program did not end within {timeout:g} seconds."
    for file, line in _FRAME.findall(whereabouts):
        relative = sources.relative(file)
        if relative:
            position = Position(relative, int(line))
            return Failure(FailureKind.TIMEOUT, f"{message} It was at {position}.", position)
    return Failure(FailureKind.TIMEOUT, message)


def death(status: int) -> Failure:
    """The failure of a process that left no plan."""
    if os.WIFSIGNALED(status):
        try:
            name = signal.Signals(os.WTERMSIG(status)).name
        except ValueError:  # a real-time signal
            name = f"signal {os.WTERMSIG(status)}"
        return Failure(FailureKind.CRASH, f"The evaluating process was ended by {name}.")
    code = os.WEXITSTATUS(status)
    return Failure(FailureKind.CRASH, f"The evaluating process ended without a plan (exit code {code}).")
