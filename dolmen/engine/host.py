"""Evaluates a function in a fork of this process: for the tests of a platform, where program and judge are one."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dolmen.engine.evaluator import life, messages, outcomes
from dolmen.engine.evaluator.files import read_whole
from dolmen.engine.evaluator.kill import kill
from dolmen.engine.plan import Plan
from dolmen.engine.sources import Sources
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.engine.wire.limits import LARGEST_RESULT
from dolmen.engine.wire.results import read_plan_of, refused


def run(work: Callable[[], Plan], nothing: Plan, sources: Sources, timeout: float, kinds: Mapping[str, Any]) -> Plan:
    """The plan that `work` makes in a child. `kinds`: observer → the type of what it finds."""
    made, started = life.Made.new(), time.monotonic()
    pid = life.fork(lambda: life.Answer(work()), nothing, made, timeout)
    status, is_late = _wait(pid, timeout)
    kill(-pid)  # what the program left running in its process group
    seconds = time.monotonic() - started
    printed = outcomes.printed(read_whole(made.output, outcomes.LARGEST_OUTPUT))
    data = read_whole(made.plan, LARGEST_RESULT)
    whereabouts = read_whole(made.whereabouts, outcomes.LARGEST_OUTPUT).decode("utf-8", "replace")
    messages.close(made.files)
    plan = nothing
    if is_late:
        plan = replace(plan, failure=outcomes.late(whereabouts, timeout, sources))
    elif status != 0 or not data:
        plan = replace(plan, failure=outcomes.death(status))
    else:
        try:
            plan = read_plan_of(nothing, data, kinds)
        except ForeignDataError as error:
            plan = refused(nothing, error)
    return replace(plan, output=printed, seconds=seconds)


def _wait(pid: int, timeout: float) -> tuple[int, bool]:
    """The status of a child, and whether it was ended for its time."""
    ends, pause = time.monotonic() + timeout, 0.001
    watched = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
    try:
        while True:
            left = ends - time.monotonic()
            if watched is not None:
                select.select([watched], [], [], max(0.0, left))
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                return status, False
            if left <= 0:
                kill(-pid, pid)
                return os.waitpid(pid, 0)[1], True
            if watched is None:
                time.sleep(min(pause, max(0.0, left)))
                pause = min(pause * 2, 0.05)
    finally:
        if watched is not None:
            os.close(watched)
