"""Chooses the interpreter of a project: its own, or the running one.

Another interpreter loads this package by path and nothing else of its surroundings (`elsewhere`), so the project finds
its own packages and no others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dolmen.engine.observing import finding_type, load
from dolmen.engine.plan import Plan
from dolmen.engine.project import Project
from dolmen.engine.request import Request
from dolmen.engine.wire.limits import LARGEST_RESULT
from dolmen.engine.wire.order import order_json
from dolmen.engine.wire.results import read_plans

BOOTSTRAP = Path(__file__).with_name("elsewhere.py")
TOO_OLD = 71
"""Exit code of an interpreter that this package does not support."""
NO_PULUMI = 72


class UnusableError(Exception):
    """An interpreter that cannot evaluate. The text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python and its packages: a virtual environment.

    It need not exist: `python` is `None` then.
    """

    folder: Path

    @property
    def python(self) -> Path | None:
        for place in ("bin/python", "bin/python3", "Scripts/python.exe"):
            if (self.folder / place).exists():
                return self.folder / place
        return None

    def evaluate(self, request: Request) -> list[Plan]:
        """Evaluate a request in a process of this interpreter. Raises `UnusableError`."""
        shown = f"The project's interpreter {os.path.relpath(self.folder, request.project.folder)}"
        if self.python is None:
            raise UnusableError(f"{shown} is missing.")
        if any(not isinstance(observer, str) for observer in request.observers.values()):
            raise UnusableError(f"{shown} was not used, since an observer belongs to the running Python.")
        code, data = self._run(self.python, request)
        if code == 0 and data:
            asked = [Plan(request.project.name, stack, request.organization, (), {}) for stack in request.stacks]
            kinds = {name: finding_type(one) for name, one in load(request.observers).items()}
            return read_plans(data, asked, kinds)
        reason = {
            TOO_OLD: "its Python is older than 3.11",
            NO_PULUMI: "the pulumi package is not installed there",
        }.get(code, f"its Python ended with exit code {code}")
        raise UnusableError(f"{shown} was not used: {reason}.")

    def _run(self, python: Path, request: Request) -> tuple[int, bytes]:
        """The exit code, and the plans as typed JSON."""
        order = order_json(request)
        reader, writer = os.pipe()
        process = subprocess.Popen(
            [str(python), str(BOOTSTRAP), str(writer)],
            stdin=subprocess.PIPE,
            pass_fds=[writer],
            env=self._variables(),
            cwd=request.project.folder,
        )
        try:
            os.close(writer)
            with os.fdopen(reader, "rb") as pipe:
                if process.stdin is not None:
                    try:
                        process.stdin.write(order)
                        process.stdin.close()
                    except BrokenPipeError:
                        pass  # its exit code says why
                data = pipe.read(LARGEST_RESULT + 1)
            return process.wait(), data
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def _variables(self) -> dict[str, str]:
        """As if the virtual environment had been activated."""
        variables = {**os.environ, "VIRTUAL_ENV": str(self.folder)}
        variables.pop("PYTHONHOME", None)
        variables["PATH"] = os.pathsep.join([str(self.folder / "bin"), variables.get("PATH", "")])
        return variables


def named_by(project: Project) -> Interpreter | None:
    """The interpreter that Pulumi would use; `None` for the running one."""
    named = project.options.get("virtualenv")
    if isinstance(named, str) and named:
        found = Interpreter(project.folder / named)
    elif (toolchain := project.options.get("toolchain")) in ("uv", "poetry"):
        candidates = [Interpreter(folder / ".venv") for folder in _upwards(project.folder)]
        given = os.environ.get("UV_PROJECT_ENVIRONMENT") if toolchain == "uv" else None
        if given:
            candidates.insert(0, Interpreter(project.folder / given))
        found = next((one for one in candidates if one.python), candidates[0])
    else:
        return None
    running = found.python is not None and found.folder.resolve() == Path(sys.prefix).resolve()
    return None if running else found


def _upwards(folder: Path) -> Iterator[Path]:
    """The folder and those above it, up to the repository's root."""
    for path in (folder, *folder.parents):
        yield path
        if (path / ".git").exists():
            return
