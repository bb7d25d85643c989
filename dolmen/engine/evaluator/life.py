"""The life of a process that evaluates one stack."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import math
import os
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from dolmen.engine import preload, wire
from dolmen.engine.evaluator.files import nameless, write_whole
from dolmen.engine.evaluator.observations import observation_json
from dolmen.engine.evaluator.orders import read_job

_GRACE = 5
_NOTICE = 0.2
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a child leaves behind, each a nameless file."""

    plan: int
    output: int
    """What it printed."""
    whereabouts: int
    """Where it was when its time was up."""
    observation: int

    @classmethod
    def new(cls) -> Made:
        return cls(*map(nameless, ("plan", "output", "whereabouts", "observation")))

    @property
    def files(self) -> tuple[int, ...]:
        return self.plan, self.output, self.whereabouts, self.observation


def fork(order: Mapping[str, Any], made: Made) -> int:
    """Start the child; its process id."""
    pid = os.fork()
    if pid == 0:
        try:
            gc.disable()  # a child lives for a second or less: collecting costs a third of it and frees next to nothing
            _live(order, made)
        finally:
            os._exit(70)
    return pid


def _live(order: Mapping[str, Any], made: Made) -> NoReturn:
    timeout = float(order["timeout"])
    alone(made.output, keep=made.files)
    signal.alarm(math.ceil(timeout) + _GRACE)  # should the evaluator be gone by then
    faulthandler.dump_traceback_later(max(timeout - _NOTICE, timeout / 2), file=made.whereabouts)
    from dolmen.engine.child import evaluate

    try:
        job = read_job(order["job"])
        done = evaluate(job)
        plan = done.plan
        if order["observed"]:
            write_whole(made.observation, observation_json(done.observation))
        answer = {"plan": plan, "learnt": preload.worth_learning(job.deployment.folder)}
    except BaseException:
        answer = {"crash": traceback.format_exc()}
    flush()
    write_whole(made.plan, wire.json_bytes(answer))
    os._exit(0)


def alone(output: int, keep: Sequence[int] = ()) -> None:
    """Lead a process group, with no input, with output into a file, and with no other file but those to keep."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    at = 3
    for kept in (*sorted({file for file in keep if file > 2}), os.sysconf("SC_OPEN_MAX")):
        os.closerange(at, kept)
        at = kept + 1
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115


def flush() -> None:
    """Leave nothing in a buffer: children would write it out again."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # a program may have closed it
            stream.flush()
