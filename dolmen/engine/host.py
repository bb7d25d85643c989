"""Forks a child for each stack, watches it and takes its plan.

A child leads its own process group, so that a program that hangs is ended together with whatever it started. It sends
its plan as typed JSON through a pipe (`dolmen.engine.wire`) and leaves with `os._exit`, which skips the interpreter's
teardown. Once that is here the child is ended, whatever it still does.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import math
import os
import re
import selectors
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from dolmen.engine.plan import Failure, FailureKind, Plan, Position
from dolmen.engine.sources import Sources
from dolmen.engine.wire.encode import plan_json
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.engine.wire.learnt import learnt_json, read_learnt
from dolmen.engine.wire.limits import LARGEST_RESULT
from dolmen.engine.wire.results import TOO_LARGE, read_plan_of, refused
from dolmen.stackfile.user_info import without_user_info

LARGEST_OUTPUT = 256 * 1024
"""Bytes of a program's own output that are kept."""
_CHUNK = 1 << 20
_LENGTH = 8
"""Bytes that hold the size of what follows."""
_GRACE = 5
_NOTICE = 0.2
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Task:
    """A stack to evaluate.

    `work` runs in the child; `empty` is the plan to report when the child dies.
    """

    work: Callable[[], Plan]
    empty: Plan
    sources: Sources
    learn: Callable[[], Iterable[str]]
    """Called in the child after the work; `learnt` gets the result in the parent, if the plan is whole."""
    learnt: Callable[[Iterable[str]], None]
    findings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Observer → the type of what it finds."""


@dataclass(slots=True)
class _Child:
    index: int
    task: Task
    pid: int
    pipe: int
    output: BinaryIO
    whereabouts: BinaryIO
    """Where the child was when its time was up."""
    started: float
    data: bytearray = field(default_factory=bytearray)
    timed_out: bool = False

    @property
    def complete(self) -> bool:
        here = len(self.data) - _LENGTH
        return here >= 0 and (here >= self.announced or self.announced > LARGEST_RESULT)

    @property
    def announced(self) -> int:
        """Bytes that the child means to send. Of a result that is too large nothing is read."""
        return int.from_bytes(self.data[:_LENGTH], "big")


def run_tasks(
    tasks: Sequence[Task], jobs: int | None, timeout: float, meanwhile: Callable[[], object] | None = None
) -> list[Plan]:
    """Evaluate all tasks, each within `timeout` seconds.

    At most `jobs` at once; by default one for each processor. `meanwhile` is called once, while the first children run.
    """
    jobs = max(1, jobs or os.cpu_count() or 1)
    plans: list[Plan | None] = [None] * len(tasks)
    live: dict[int, _Child] = {}
    waiting = list(enumerate(tasks))[::-1]
    _settle()
    try:
        with selectors.DefaultSelector() as selector:
            while waiting or live:
                while waiting and len(live) < jobs:
                    index, task = waiting.pop()
                    child = _fork(index, task, timeout)
                    live[child.pipe] = child
                    selector.register(child.pipe, selectors.EVENT_READ)
                if meanwhile is not None:
                    meanwhile, once = None, meanwhile
                    once()
                for key, _ in selector.select(_patience(live, timeout)):
                    child = live[key.fd]
                    chunk = os.read(key.fd, _CHUNK)
                    if chunk:
                        child.data += chunk
                        if not child.complete:
                            continue  # else do not wait for whoever else holds the pipe
                    selector.unregister(key.fd)
                    del live[key.fd]
                    plans[child.index] = _reap(child, timeout)
                for child in live.values():
                    if not child.timed_out and time.monotonic() - child.started > timeout:
                        child.timed_out = True
                        _kill(-child.pid, child.pid)
    finally:
        for child in live.values():
            _kill(-child.pid, child.pid)
            os.close(child.pipe)
            os.waitpid(child.pid, 0)
    return [plan for plan in plans if plan is not None]


def _settle() -> None:
    """Leave nothing in a buffer: children would write it out again."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # a program may have closed it
            stream.flush()


def _patience(live: dict[int, _Child], timeout: float) -> float:
    ends = [child.started + timeout for child in live.values() if not child.timed_out]
    return max(0.01, min(ends) - time.monotonic()) if ends else 1.0


def _fork(index: int, task: Task, timeout: float) -> _Child:
    reader, writer = os.pipe()
    output = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the child)
    whereabouts = tempfile.TemporaryFile()  # noqa: SIM115
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            gc.disable()  # a child lives for a second or less: collecting costs a third of it and frees next to nothing
            _live(task, writer, output, whereabouts, timeout)
        finally:
            os._exit(70)
    os.close(writer)
    return _Child(index, task, pid, reader, output, whereabouts, started)


def _live(task: Task, writer: int, output: BinaryIO, whereabouts: BinaryIO, timeout: float) -> None:
    """The child's whole life."""
    os.setpgid(0, 0)
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.alarm(math.ceil(timeout) + _GRACE)  # should the parent be gone by then
    faulthandler.dump_traceback_later(max(timeout - _NOTICE, timeout / 2), file=whereabouts)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    try:
        plan = task.work()
    except BaseException:
        plan = replace(task.empty, failure=Failure(FailureKind.CRASH, traceback.format_exc()))
    _settle()
    data = b"\n".join((learnt_json(task.learn()), _written(plan, task)))
    payload = memoryview(len(data).to_bytes(_LENGTH, "big") + data)
    while payload:
        payload = payload[os.write(writer, payload) :]
    os._exit(0)


def _written(plan: Plan, task: Task) -> bytes:
    try:
        return plan_json(plan)
    except (TypeError, ValueError, RecursionError) as error:  # what a finding holds, or how deep a value is
        return plan_json(replace(task.empty, failure=Failure(FailureKind.CRASH, f"The plan was not written: {error}")))


def _kill(*victims: int) -> None:
    """Negative numbers are process groups."""
    for victim in victims:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(victim, signal.SIGKILL)


def _reap(child: _Child, timeout: float) -> Plan:
    os.close(child.pipe)
    if child.complete:
        _kill(-child.pid, child.pid)
    _, status = os.waitpid(child.pid, 0)
    _kill(-child.pid)  # what the program left running in its process group
    child.output.seek(0)
    printed = child.output.read(LARGEST_OUTPUT + 1)
    child.output.close()
    cut = len(printed) > LARGEST_OUTPUT
    if cut:  # not inside a word, of which the half that hides its user info might be lost
        printed = printed[:LARGEST_OUTPUT].rsplit(None, 1)[0]
    output = without_user_info(printed.decode("utf-8", "replace"))  # here too: a program that dies masks nothing
    if cut:
        output += "\n… (more was printed)\n"
    seconds = time.monotonic() - child.started
    plan = child.task.empty
    if child.timed_out:
        plan = replace(plan, failure=_late(child, timeout))
    elif not child.complete:
        plan = replace(plan, failure=Failure(FailureKind.CRASH, _death(status)))
    else:
        plan = _read(child)
    child.whereabouts.close()
    return replace(plan, output=output, seconds=seconds)


def _read(child: _Child) -> Plan:
    """What the child says, which somebody else's program may have written; a refusal is a failure."""
    task = child.task
    learnt, _, written = bytes(child.data[_LENGTH : _LENGTH + child.announced]).partition(b"\n")
    try:
        if child.announced > LARGEST_RESULT:
            raise ForeignDataError(TOO_LARGE)
        plan, names = read_plan_of(task.empty, written, task.findings), read_learnt(learnt)
    except ForeignDataError as error:
        return refused(task.empty, error)
    if plan.failure is None:
        task.learnt(names)
    return plan


def _late(child: _Child, timeout: float) -> Failure:
    message = f"The program did not end within {timeout:g} seconds."
    child.whereabouts.seek(0)
    for file, line in _FRAME.findall(child.whereabouts.read().decode("utf-8", "replace")):
        relative = child.task.sources.relative(file)
        if relative:
            position = Position(relative, int(line))
            return Failure(FailureKind.TIMEOUT, f"{message} It was at {position}.", position)
    return Failure(FailureKind.TIMEOUT, message)


_FRAME = re.compile(r'File "([^"]+)", line (\d+)')


def _death(status: int) -> str:
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return f"The evaluating process was ended by {name}."
    return f"The evaluating process ended without a plan (exit code {os.WEXITSTATUS(status)})."
