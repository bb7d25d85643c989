"""Begins to start an evaluator: before anything is asked of it, and before what will ask is imported."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from dolmen.engine import cache
from dolmen.engine.closed.model import Closing, Limits
from dolmen.engine.closed.start import Starting
from dolmen.engine.evaluator.switches import AHEAD
from dolmen.engine.imports import SWITCH

PASSED = (SWITCH, AHEAD)
"""Switches of this package, which are passed to evaluators."""
_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_INSIDE = "dolmen.engine.evaluator.inside:started"
_LIMITS = Limits(cpu_seconds=24 * 3600)
"""Of all processes of an evaluator, which may serve many runs: a program's own are bounded by its time limit."""
_Begun = tuple[Starting, socket.socket, socket.socket]
"""What starts, our end of its orders, and its end, which we hold until it has it."""
_EARLY: dict[tuple[Path, frozenset[str]], _Begun] = {}


def early() -> None:
    """Begin with an evaluator of this interpreter: it starts while this process still imports."""
    with suppress(OSError):
        _EARLY[Path(sys.executable), frozenset(PASSED)] = _begin(Path(sys.executable), PASSED)


def begun(python: Path, passed: Collection[str]) -> _Begun:
    """One that was begun, or now is. Raises `OSError`."""
    return _EARLY.pop((python, frozenset(passed)), None) or _begin(python, passed)


def writes() -> Path:
    """Where evaluators keep the compiled form of packages."""
    return cache.folder() / "imports"


def _begin(python: Path, passed: Collection[str]) -> _Begun:
    with suppress(OSError):  # then every run compiles anew
        writes().mkdir(mode=0o700, parents=True, exist_ok=True)
    bytecode = str(writes() / "bytecode")
    ours, theirs = socket.socketpair()
    options = ("-I", "-X", f"pycache_prefix={bytecode}")
    own = python == Path(sys.executable)
    run = _INSIDE if own else (str(python), *options, str(_BOOTSTRAP), str(theirs.fileno()))
    closing = Closing(read=("/",), write=(str(writes()),), limits=_LIMITS)
    return Starting(closing, run, [theirs.fileno()], passed, bytecode=bytecode), ours, theirs


os.register_at_fork(after_in_child=_EARLY.clear)
