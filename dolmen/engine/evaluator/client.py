"""The judging process's side: starts an evaluator, gives orders, takes what comes back as foreign data."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dolmen.engine.evaluator import messages
from dolmen.engine.evaluator.bootstrap import NO_PULUMI, TOO_OLD
from dolmen.engine.evaluator.outcomes import Outcome
from dolmen.engine.evaluator.run import Run

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")


class UnusableError(Exception):
    """An interpreter that cannot evaluate. The text says why, for people."""


class Evaluator:
    """A running evaluator. It serves any number of runs, one after the other."""

    def __init__(self, python: Path, environment: Mapping[str, str]) -> None:
        """Raises `UnusableError` where the interpreter cannot be started."""
        self.learnt_as = ""
        """The name under which the evaluator looks for what the project's programs used."""
        self.seen: Mapping[str, bool] = {}
        """What the last run learnt of modules: whether the import of a source touches nothing."""
        self._control, control = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [str(python), "-I", "-B", str(_BOOTSTRAP), str(control.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[control.fileno()],
                env=dict(environment),
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise UnusableError(f"its Python cannot be started ({error.strerror})") from None
        finally:
            control.close()

    def end(self) -> None:
        """End it and all that it started."""
        self._control.close()
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
        jobs: int,
        meanwhile: Callable[[], object] | None = None,
    ) -> list[Outcome]:
        """Have all orders evaluated, `jobs` of them at once. Raises `UnusableError` if it cannot evaluate."""
        run = Run(orders, [folder for folder, _ in prepare["sides"]], judged=bool(prepare["observers"]))
        try:
            with contextlib.ExitStack() as theirs:
                ends = [theirs.enter_context(end) for end in run.their_ends]
                messages.send(self._control, prepare, [end.fileno() for end in ends])
            run.prepare()
            if meanwhile is not None:
                meanwhile()
            if (answer := messages.receive(self._control)) is None:
                raise messages.BrokenError("it ended")
            self.learnt_as = str(answer.content["prepared"])
            run.collect(jobs)
            self.seen = run.seen
        except (messages.BrokenError, LookupError, ValueError, TypeError) as error:
            why = self._why_it_ended() or f"it sent what is no answer ({type(error).__name__})"
            self.end()
            if not run.started:
                raise UnusableError(why) from None
            run.lose(why)
        finally:
            run.close()
        return run.outcomes

    def _why_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(1)
            known = {
                TOO_OLD: "its Python is older than 3.11",
                NO_PULUMI: "the pulumi package is not installed there",
            }
            return known.get(code, f"its Python ended with exit code {code}")
        return ""
