"""The judging process's side: starts an evaluator closed in, gives orders, takes what comes back as foreign data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from dolmen.engine.closed.model import Ending, Held
from dolmen.engine.closed.start import NotStartedError
from dolmen.engine.evaluator import messages
from dolmen.engine.evaluator.beginning import begun
from dolmen.engine.evaluator.bootstrap import NO_PULUMI, OLDEST, TOO_OLD
from dolmen.engine.evaluator.outcomes import Outcome
from dolmen.engine.evaluator.run import Run

_STARTING = 60.0
"""Seconds until it has imported what programs need: on an idle machine less than one."""


class UnusableError(Exception):
    """An interpreter that cannot evaluate. The text says why, for people."""


class Evaluator:
    """A running evaluator. It serves any number of runs, one after the other."""

    def __init__(self, python: Path, passed: Collection[str]) -> None:
        """Raises `UnusableError` where the interpreter cannot be started.

        `passed`: variables of the environment.
        """
        self.learnt_as = ""
        """The name under which the evaluator looks for what the project's programs used; empty: nothing is to be learnt."""
        self.seen: Mapping[str, bool] = {}
        """What the last run learnt of modules: whether the import of a source touches nothing."""
        try:
            starting, self._control, theirs = begun(python, passed)
            with theirs:
                self._closed = starting.closed()
        except (NotStartedError, OSError) as error:
            raise UnusableError(f"its Python cannot be started ({error})") from None
        self._control.settimeout(_STARTING)

    @property
    def held(self) -> Held:
        """The protections in which its programs run."""
        return self._closed.held

    def end(self) -> None:
        """End it and all that it started."""
        self._closed.end()
        self._control.close()

    @property
    def alive(self) -> bool:
        return self._closed.ended is None

    def run(
        self,
        orders: Sequence[Mapping[str, Any]],
        prepare: Mapping[str, Any],
        jobs: int,
        meanwhile: Callable[[], object] | None = None,
    ) -> list[Outcome]:
        """Have all orders evaluated, `jobs` of them at once. Raises `UnusableError` if it cannot evaluate."""
        run = Run(orders, [side["folder"] for side in prepare["sides"]], judged=bool(prepare["observers"]))
        try:
            try:
                messages.send(self._control, prepare, [end.fileno() for end in run.their_ends])
            finally:
                for end in run.their_ends:
                    end.close()
            run.prepare()
            if meanwhile is not None:
                meanwhile()
            if (answer := messages.receive(self._control)) is None:
                raise messages.BrokenError("it ended")
            self.learnt_as = str(answer.content["prepared"]) if answer.content["fresh"] else ""
            run.collect(jobs)
            self.seen = run.seen
        except (messages.BrokenError, LookupError, ValueError, TypeError) as error:
            why = _why(self._closed.wait(1)) or f"it sent what is no answer ({type(error).__name__})"
            self.end()
            if not run.started:
                raise UnusableError(why) from None
            run.lose(why)
        finally:
            run.close()
        return run.outcomes


def _why(ending: Ending | None) -> str:
    """Why it ended."""
    if ending is None:
        return ""
    if ending.reason == "limit":
        return f"its processes passed the limit of {ending.limit.replace('_', ' ')}"
    if ending.reason == "signal":
        return f"its Python was ended by signal {ending.code}"
    known = {
        TOO_OLD: f"its Python is older than {OLDEST[0]}.{OLDEST[1]}",
        NO_PULUMI: "the pulumi package is not installed there",
    }
    return known.get(ending.code, f"its Python ended with exit code {ending.code}")
