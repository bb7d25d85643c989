"""Chooses the interpreter of a project: its own, or the running one.

An evaluator of another interpreter loads this package by path and nothing else of its surroundings, so the project
finds its own packages and no others.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dolmen.engine.plan import Note
from dolmen.engine.project import Project


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python and its packages: a virtual environment.

    It need not exist: `python` is `None` then.
    """

    folder: Path

    @property
    def running(self) -> bool:
        return self.folder.resolve() == Path(sys.prefix).resolve()

    @property
    def python(self) -> Path | None:
        for place in ("bin/python", "bin/python3", "Scripts/python.exe"):
            if (self.folder / place).exists():
                return self.folder / place
        return None

    @property
    def executable(self) -> Path:
        return Path(sys.executable) if self.running or self.python is None else self.python

    @property
    def packages_changed(self) -> int:
        """When a package was last installed or removed, in nanoseconds."""
        places = (*self.folder.glob("lib/python3*/site-packages"), self.folder / "Lib/site-packages")
        return max((place.stat().st_mtime_ns for place in places if place.is_dir()), default=0)


RUNNING = Interpreter(Path(sys.prefix))


def choose(project: Project, distrusted: str = "") -> tuple[Interpreter, Note | None]:
    """The interpreter that evaluates a project, and why it is not the one that Pulumi would use.

    `distrusted`: why the project's own is not run.
    """
    named = named_by(project)
    if named is None:
        return RUNNING, None
    if named.python is None:
        return RUNNING, _note(f"{_shown(named, project)} is missing.")
    if distrusted:
        return RUNNING, not_used(named, project, distrusted)
    return named, None


def not_used(named: Interpreter, project: Project, why: str) -> Note:
    """The warning that another interpreter took its place."""
    return _note(f"{_shown(named, project)} was not used: {why}.")


def _shown(named: Interpreter, project: Project) -> str:
    return f"The project's interpreter {os.path.relpath(named.folder, project.folder)}"


def _note(text: str) -> Note:
    return Note("warning", "interpreter", f"{text} The running Python's packages were used.")


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
    return None if found.python is not None and found.running else found


def _upwards(folder: Path) -> Iterator[Path]:
    """The folder and those above it, up to the repository's root."""
    for path in (folder, *folder.parents):
        yield path
        if (path / ".git").exists():
            return
