"""Which Python evaluates a project: its own environment where it names one, else the running one.

In another interpreter, this package is loaded by path and nothing else of its surroundings is (`elsewhere`), so the
project finds its own packages and no others.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dolmen.engine.plan import Note, Plan

if TYPE_CHECKING:
    from dolmen.engine.evaluation import Request
    from dolmen.engine.project import Project

BOOTSTRAP = Path(__file__).with_name("elsewhere.py")
TOO_OLD = 71
"""Exit code of an interpreter that this package does not support."""
NO_PULUMI = 72
_START_UP = 30.0
"""Seconds allowed for what is not the programs' own time."""


def evaluate_elsewhere(request: Request) -> list[Plan] | None:
    """Evaluate in the project's own environment; `None` when it is the running one, or cannot be used."""
    found = _environment(request.project)
    if found is None:
        return None
    shown = _shown(found, request.project.folder)
    python = _python(found)
    if python is None:
        return _here(request, f"{shown} is missing; the running Python's packages were used.")
    if found.resolve() == Path(sys.prefix).resolve():
        return None
    if any(not isinstance(observer, str) for observer in request.observers.values()):
        return _here(request, f"{shown} was not used, since an observer belongs to the running Python.")
    reader, writer = os.pipe()
    order = {
        "folder": str(request.project.folder),
        "stacks": request.stacks,
        "key": request.key,
        "jobs": request.jobs,
        "timeout": request.timeout,
        "answers": dict(request.lookups.answers),
        "organization": request.organization,
        "observers": dict(request.observers),
    }
    process = subprocess.Popen(
        [str(python), str(BOOTSTRAP), str(writer)],
        stdin=subprocess.PIPE,
        pass_fds=[writer],
        env=_variables(found),
        cwd=request.project.folder,
    )
    try:
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            if process.stdin is not None:
                try:
                    process.stdin.write(pickle.dumps(order, protocol=4))
                    process.stdin.close()
                except BrokenPipeError:
                    pass  # its exit code says why
            data = pipe.read()
        code = process.wait(_START_UP)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if code == 0 and data:
        return pickle.loads(data)  # noqa: S301 (our own process wrote it)
    reason = {
        TOO_OLD: "its Python is older than 3.11",
        NO_PULUMI: "the pulumi package is not installed there",
    }.get(code, f"its Python ended with exit code {code}")
    return _here(request, f"{shown} was not used: {reason}. The running Python's packages were used.")


def _here(request: Request, detail: str) -> list[Plan]:
    from dolmen.engine.evaluation import evaluate_here

    return evaluate_here(replace(request, notes=(*request.notes, Note("warning", "environment", detail))))


def _environment(project: Project) -> Path | None:
    """The virtual environment that Pulumi would use, whether it exists or not."""
    named = project.options.get("virtualenv")
    if isinstance(named, str) and named:
        return project.folder / named
    toolchain = project.options.get("toolchain")
    if toolchain not in ("uv", "poetry"):
        return None
    candidates = [folder / ".venv" for folder in _upwards(project.folder)]
    given = os.environ.get("UV_PROJECT_ENVIRONMENT") if toolchain == "uv" else None
    if given:
        candidates.insert(0, project.folder / given)
    return next((path for path in candidates if _python(path)), candidates[0])


def _upwards(folder: Path) -> Iterator[Path]:
    """The folder and those above it, up to the root of the repository."""
    for path in (folder, *folder.parents):
        yield path
        if (path / ".git").exists():
            return


def _python(environment: Path) -> Path | None:
    for place in ("bin/python", "bin/python3", "Scripts/python.exe"):
        if (environment / place).exists():
            return environment / place
    return None


def _variables(environment: Path) -> dict[str, str]:
    """As if the environment had been activated."""
    variables = {**os.environ, "VIRTUAL_ENV": str(environment)}
    variables.pop("PYTHONHOME", None)
    variables["PATH"] = os.pathsep.join([str(environment / "bin"), variables.get("PATH", "")])
    return variables


def _shown(path: Path, folder: Path) -> str:
    return f"The project's environment {os.path.relpath(path, folder)}"
