"""Starts a process closed in: the judge's side."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from dolmen.engine.closed import environment, frames
from dolmen.engine.closed.held import held
from dolmen.engine.closed.model import Closing, Ending, Held

WARDEN = Path(__file__).with_name("warden.py")
PATIENCE = 10.0
"""Seconds that a warden gets to end everything, before it is killed (and the inside with it)."""

STARTING = 60.0
"""Seconds until an inside must be ready: on an idle machine it takes less than a tenth of one."""


class NotStartedError(Exception):
    """The inside did not come so far that foreign code would have run."""


class Closed:
    """One inside: what holds it, whether it goes on, and its end."""

    def __init__(self, warden: subprocess.Popen[bytes], control: socket.socket, facts: dict[str, Any]) -> None:
        self._warden, self._control, self._facts = warden, control, facts
        self._ended: Ending | None = None

    @property
    def held(self) -> Held:
        return held(self._facts)

    @property
    def pid(self) -> int:
        """The warden's."""
        return self._warden.pid

    @property
    def private(self) -> str:
        """The private temporary folder, as it is called inside."""
        return str(self._facts["private"])

    def fileno(self) -> int:
        """A descriptor that can be read when the inside has ended."""
        return self._control.fileno()

    @property
    def ended(self) -> Ending | None:
        """Why the inside ended; None while it goes on."""
        return self._ended or self._read(0)

    def wait(self, seconds: float | None = None) -> Ending | None:
        """Waits for the end; None if it is not there in time."""
        return self._ended or self._read(seconds)

    def end(self) -> Ending:
        """Ends everything inside, and comes back when it is gone."""
        if self._ended is None:
            with suppress(OSError):
                frames.send(self._control, {"end": True})
        return self._ended or self._read(PATIENCE) or self._lost()

    def __enter__(self) -> Closed:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _read(self, seconds: float | None) -> Ending | None:
        self._control.settimeout(seconds)
        try:
            message = frames.receive(self._control)
        except (BlockingIOError, TimeoutError):
            return None
        except (OSError, ValueError):
            message = None
        if message is None:
            return self._lost()
        self._over(Ending(**message["ended"]))
        return self._ended

    def _lost(self) -> Ending:
        self._warden.kill()
        self._over(Ending("warden"))
        shutil.rmtree(self.private, ignore_errors=True)
        return self._ended or Ending("warden")

    def _over(self, ending: Ending) -> None:
        self._ended = ending
        try:
            self._warden.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._warden.kill()
            self._warden.wait()
        self._control.close()  # not before: to the warden it means that the judge is gone


class Starting:
    """An inside on its way: `module:function` of this interpreter, or another program, closed in.

    The descriptors keep their numbers inside; a function gets them as its arguments. Variables are passed by name.
    `bytecode`: where a function's interpreter keeps compiled modules, a folder that may be written.
    """

    def __init__(
        self,
        closing: Closing,
        run: str | Sequence[str],
        descriptors: Sequence[int] = (),
        passed: Collection[str] = (),
        *,
        bytecode: str = "",
        output: int = subprocess.DEVNULL,
        errors: int = subprocess.DEVNULL,
    ) -> None:
        self._closing, self._descriptors, self._streams = closing, descriptors, (output, errors)
        self._order: dict[str, Any] = {
            "closing": closing.to_json(),
            "run": [run] if isinstance(run, str) else list(run),
            "descriptors": list(descriptors),
            "variables": environment.variables(passed),
            "temporary": tempfile.gettempdir(),
            "judge": os.getpid(),
            "bytecode": bytecode,
        }
        self._asked = self._ask()

    def closed(self) -> Closed:
        """Waits until it is closed in. Raises `NotStartedError`. The descriptors stay open until then."""
        answer = self._answer()
        if isinstance(answer, str):  # half a namespace: once more, without
            self._order |= {"closing": self._closing._replace(namespaces=False).to_json(), "without": answer}
            self._asked = self._ask()
            answer = self._answer()
        if isinstance(answer, str):
            raise NotStartedError(answer)
        return answer

    def _ask(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        output, errors = self._streams
        with theirs:
            warden = subprocess.Popen(
                [sys.executable, "-I", str(WARDEN), str(theirs.fileno()), *_folders()],
                env={},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                pass_fds=(theirs.fileno(), *self._descriptors),
                start_new_session=True,
                cwd="/",
            )
        ours.settimeout(STARTING)
        frames.send(ours, self._order)
        return warden, ours

    def _answer(self) -> Closed | str:
        warden, ours = self._asked
        answer = frames.receive(ours)
        if answer is not None and "facts" in answer:
            return Closed(warden, ours, answer["facts"])
        ours.close()
        warden.kill()
        warden.wait()
        if answer is not None and "again" in answer:
            return str(answer["again"])
        raise NotStartedError(f"the process could not be closed in: {answer or 'its warden ended'}")


def _folders() -> list[str]:
    """Where the warden finds the two packages that close in."""
    places: list[Path] = []
    for package in ("landlockpy", "pyseccomp"):
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin:
            origin = Path(spec.origin)
            places.append(origin.parents[1] if origin.name == "__init__.py" else origin.parent)
    return list(dict.fromkeys(map(str, places)))
