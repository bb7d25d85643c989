"""Keeps evaluators for the next run of this process: what they imported serves again."""

from __future__ import annotations

import atexit
import os
from collections.abc import Collection
from pathlib import Path

from dolmen.engine.closed.environment import variables
from dolmen.engine.evaluator.beginning import PASSED, writes
from dolmen.engine.evaluator.client import Evaluator
from dolmen.engine.interpreter import Interpreter

_Key = tuple[Path, tuple[tuple[str, str], ...], int, Path]
_RUNNING: dict[_Key, Evaluator] = {}


def evaluator(chosen: Interpreter, passed: Collection[str] = ()) -> Evaluator:
    """A running evaluator of this interpreter. Raises `UnusableError`.

    `passed`: names of variables that its programs see. Another environment, or packages that were installed meanwhile,
    need another one.
    """
    names, python = (*PASSED, *passed), chosen.executable
    key = (python, tuple(sorted(variables(names).items())), chosen.packages_changed, writes())
    found = _RUNNING.get(key)
    if found is None or not found.alive:
        for old in [old for old in _RUNNING if old[0] == python]:
            _RUNNING.pop(old).end()
        found = _RUNNING[key] = Evaluator(python, names)
    return found


def running() -> bool:
    """Whether any evaluator was needed and still runs."""
    return bool(_RUNNING)


@atexit.register
def end_all() -> None:
    """End every evaluator, and all that they started."""
    while _RUNNING:
        _RUNNING.popitem()[1].end()


os.register_at_fork(after_in_child=_RUNNING.clear)
