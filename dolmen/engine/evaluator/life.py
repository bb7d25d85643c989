"""The life of a process that evaluates one stack."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import math
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from dolmen.engine.evaluator.files import nameless, write_whole
from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.wire.encode import plan_json

LARGEST_FILE = 80 * 1024 * 1024
"""Bytes of a file that a program writes, and of what it hands over."""
_GRACE = 5
_NOTICE = 0.2
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child hands over."""

    plan: Plan
    learnt: bytes = b""
    reads: bytes = b""
    observation: bytes = b""


@dataclass(frozen=True, slots=True)
class Made:
    """What a child leaves behind, each a nameless file."""

    plan: int
    learnt: int
    reads: int
    output: int
    """What it printed."""
    whereabouts: int
    """Where it was when its time was up."""
    observation: int
    judged: int
    """What observers printed."""

    @classmethod
    def new(cls) -> Made:
        return cls(*map(nameless, ("plan", "learnt", "reads", "output", "whereabouts", "observation", "judged")))

    @property
    def files(self) -> tuple[int, ...]:
        return self.plan, self.learnt, self.reads, self.output, self.whereabouts, self.observation, self.judged


def fork(
    work: Callable[[], Answer], nothing: Plan, made: Made, timeout: float, keep: Sequence[int] | None = None
) -> int:
    """Start a child that does the work; its process id. `nothing`: its plan if it crashes.

    `keep`: the only files that stay open in it; `None`: all, as libraries of this process may need them.
    """
    flush()
    pid = os.fork()
    if pid == 0:
        try:
            gc.disable()  # a child lives for a second or less: collecting costs a third of it and frees next to nothing
            _live(work, nothing, made, timeout, keep)
        finally:
            os._exit(70)
    return pid


def _live(
    work: Callable[[], Answer], nothing: Plan, made: Made, timeout: float, keep: Sequence[int] | None
) -> NoReturn:
    alone(made.output, keep)
    processors = os.cpu_count() or 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = (math.ceil(timeout) + _GRACE) * processors
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if most == resource.RLIM_INFINITY else min(seconds, most), most))
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = LARGEST_FILE if most == resource.RLIM_INFINITY else min(LARGEST_FILE, most)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    signal.alarm(math.ceil(timeout) + _GRACE)  # should whoever watches be gone by then
    faulthandler.dump_traceback_later(max(timeout - _NOTICE, timeout / 2), file=made.whereabouts)
    try:
        answer = work()
        plan = plan_json(answer.plan)
    except BaseException:
        answer = Answer(nothing)
        plan = plan_json(replace(nothing, failure=Failure(FailureKind.CRASH, traceback.format_exc())))
    flush()
    for file, data in (
        (made.observation, answer.observation),
        (made.learnt, answer.learnt),
        (made.reads, answer.reads),
        (made.plan, plan),
    ):
        write_whole(file, data)
    os._exit(0)


def alone(output: int, keep: Sequence[int] | None) -> None:
    """Lead a process group, with no input, with output into a file, and with no other file but those to keep, if any."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # as Python has it: a program gets an error, and lives
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    at = 3
    for kept in (*sorted({file for file in keep if file > 2}), os.sysconf("SC_OPEN_MAX")) if keep is not None else ():
        os.closerange(at, kept)
        at = kept + 1
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115


def flush() -> None:
    """Leave nothing in a buffer: children would write it out again."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # a program may have closed it
            stream.flush()
