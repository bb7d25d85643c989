"""The judging process's side: starts an evaluator, gives it orders, takes what comes back as foreign data."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dolmen.engine.evaluator import messages
from dolmen.engine.evaluator.bootstrap import NO_PULUMI, TOO_OLD
from dolmen.engine.evaluator.files import read_whole
from dolmen.engine.evaluator.outcomes import LARGEST_OUTPUT, Outcome
from dolmen.engine.wire.limits import LARGEST_RESULT

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_GUARD = 15.0
"""Seconds beyond a program's time limit within which the evaluator answers, or is ended."""


class UnusableError(Exception):
    """An interpreter that cannot evaluate. The text says why, for people."""


@dataclass(slots=True)
class _Pending:
    outcome: Outcome = field(default_factory=Outcome)
    deadline: float | None = None
    ended: bool = False
    judged: bool = False
    told: bool = False
    """Whether what the observers printed has come."""

    @property
    def complete(self) -> bool:
        return self.ended and self.judged and self.told


class Evaluator:
    """A running evaluator. It serves any number of runs, one after the other."""

    def __init__(self, python: Path, environment: Mapping[str, str]) -> None:
        """Raises `UnusableError` where the interpreter cannot be started."""
        self.learnt_as = ""
        """The name under which the evaluator looks for what the project's programs used."""
        self._control, control = socket.socketpair()
        self._findings, findings = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [str(python), "-I", "-B", str(_BOOTSTRAP), str(control.fileno()), str(findings.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[control.fileno(), findings.fileno()],
                env=dict(environment),
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise UnusableError(f"its Python cannot be started ({error.strerror})") from None
        finally:
            control.close()
            findings.close()

    def end(self) -> None:
        """End it and all that it started."""
        self._control.close()
        self._findings.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def run(
        self,
        orders: Sequence[Mapping[str, Any]],
        prepare: Mapping[str, Any],
        meanwhile: Callable[[], object] | None = None,
    ) -> list[Outcome]:
        """Have all orders evaluated. Raises `UnusableError` if the evaluator never answered."""
        pending = {
            number: _Pending(judged=not one["observed"], told=not one["observed"]) for number, one in enumerate(orders)
        }
        try:
            messages.send(self._control, {"do": "prepare", **prepare})
            for number, order in enumerate(orders):
                messages.send(self._control, {"do": "run", "id": number, **order})
            if meanwhile is not None:
                meanwhile()
            self._collect(pending, orders)
        except messages.BrokenError as error:
            why = self._why_it_ended() or f"it sent what is no answer ({error})"
            if not any(one.deadline for one in pending.values()):
                raise UnusableError(why) from None
            self._lose(pending, why)
        return [one.outcome for one in pending.values()]

    def _collect(self, pending: Mapping[int, _Pending], orders: Sequence[Mapping[str, Any]]) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._findings, selectors.EVENT_READ)
            while not all(one.complete for one in pending.values()):
                if not (ready := selector.select(_patience(pending))) and _patience(pending) == 0:
                    self.end()
                    raise messages.BrokenError("it did not answer in time")
                for key, _ in ready:
                    if key.fileobj is self._control:
                        self._evaluated(pending, orders)
                    elif (message := messages.receive(self._findings)) is None:
                        selector.unregister(self._findings)
                        for one in pending.values():
                            one.judged = one.told = True
                    else:
                        _judged(pending, message.content)

    def _evaluated(self, pending: Mapping[int, _Pending], orders: Sequence[Mapping[str, Any]]) -> None:
        message = messages.receive(self._control)
        if message is None:
            raise messages.BrokenError("it ended")
        content = message.content
        if "prepared" in content:
            self.learnt_as = str(content["prepared"])
            return
        if "started" in content:
            number = int(content["started"])
            pending[number].deadline = time.monotonic() + orders[number]["timeout"] + _GUARD
            return
        one = pending[int(content["ended"])]
        plan, learnt, output, whereabouts = message.files
        one.outcome = replace(
            one.outcome,
            data=read_whole(plan, LARGEST_RESULT),
            learnt=read_whole(learnt, LARGEST_RESULT),
            printed=read_whole(output, LARGEST_OUTPUT),
            whereabouts=read_whole(whereabouts, LARGEST_OUTPUT).decode("utf-8", "replace"),
            status=int(content["status"]),
            late=bool(content["late"]),
            seconds=float(content["seconds"]),
        )
        one.ended = True
        messages.close(message.files)

    def _lose(self, pending: Mapping[int, _Pending], why: str) -> None:
        self.end()
        for one in pending.values():
            if not one.complete:
                one.outcome = replace(one.outcome, lost=f"The evaluator ended: {why}.")

    def _why_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(1)
            known = {
                TOO_OLD: "its Python is older than 3.11",
                NO_PULUMI: "the pulumi package is not installed there",
            }
            return known.get(code, f"its Python ended with exit code {code}")
        return ""


def _judged(pending: Mapping[int, _Pending], content: Mapping[str, Any]) -> None:
    if "judged" in content:
        one = pending[int(content["judged"])]
        one.outcome = replace(one.outcome, findings=content)
        one.judged = True
        one.told = one.told or content["findings"] is None
        return
    one = pending[int(content["output_of"])]
    one.outcome = replace(one.outcome, judged=str(content["output"]))
    one.judged = one.told = True


def _patience(pending: Mapping[int, _Pending]) -> float | None:
    ends = [one.deadline for one in pending.values() if one.deadline is not None and not one.complete]
    return max(0.0, min(ends) - time.monotonic()) if ends else None
