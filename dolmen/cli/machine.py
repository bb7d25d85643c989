"""Looks at what this machine has for plans and reviews."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dolmen.cli.project import find_project
from dolmen.engine import interpreter
from dolmen.engine.evaluator.bootstrap import OLDEST
from dolmen.engine.project import Project, RefusedError
from dolmen.review.binding.tool import tool
from dolmen.review.sides import git
from dolmen.review.sides.brought import why_not_run
from dolmen.stackfile.project_file import project_file

_PATIENCE = 30.0
_ASK = (
    "import sys; from importlib.metadata import version\n"
    "try: found = version('pulumi')\n"
    "except Exception: found = ''\n"
    "print(*sys.version_info[:3], found)"
)


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"
    """Work goes on without it."""
    STOPS = "stops"
    """It prevents work."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that was looked at: what it is, or why it is not, and what to do."""

    name: str
    state: State
    said: str
    remedy: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "state": self.state.value, "said": self.said, "remedy": self.remedy or None}


def tools(folder: Path) -> list[Condition]:
    """This package, the project in a folder, its interpreter, Git and Pulumi's command."""
    mine = tool()
    found = [Condition("Dolmen", State.OK, f"{mine.version} ({mine.digest[:8]})")]
    project, condition = _project(folder)
    return [*found, condition, *_pythons(project), _git(folder), _pulumi()]


def _project(folder: Path) -> tuple[Project | None, Condition]:
    try:
        project = find_project(folder)
    except RefusedError as error:
        there = any(project_file(place) for place in (folder, *folder.parents))
        return None, Condition("Project", State.STOPS if there else State.MISSING, str(error))
    return project, Condition("Project", State.OK, f"{project.name}, in {project.folder}")


def _pythons(project: Project | None) -> Iterator[Condition]:
    """The running Python, and the project's own where that is another."""
    named = interpreter.named_by(project) if project is not None else None
    sdk = _version("pulumi")
    said = f"{'.'.join(map(str, sys.version_info[:3]))} in {sys.prefix}"
    if sdk:
        yield Condition("Python", State.OK, f"{said}, Pulumi SDK {sdk}")
    else:
        state = State.MISSING if named is not None and named.python is not None else State.STOPS
        remedy = (
            "Install the project's packages beside Dolmen, or name their environment as `virtualenv` in Pulumi.yaml."
        )
        yield Condition("Python", state, f"{said}, without Pulumi's SDK", remedy)
    if project is not None and named is not None:
        yield _interpreter(project, named, instead=bool(sdk))


def _interpreter(project: Project, named: interpreter.Interpreter, *, instead: bool) -> Condition:
    place, state = os.path.relpath(named.folder, project.folder), State.MISSING if instead else State.STOPS
    if named.python is None:
        return Condition("Interpreter", state, f"{place} is missing", "Make it, with the project's packages in it.")
    if why := why_not_run(project):
        reason, _, remedy = why.rpartition("; ")
        return Condition("Interpreter", state, f"{place} is not used: {reason}", f"{remedy}.")
    try:
        told = _output(str(named.python), "-I", "-B", "-c", _ASK).split()
        python, sdk = tuple(map(int, told[:3])), "".join(told[3:])
    except (OSError, ValueError, subprocess.SubprocessError):
        return Condition("Interpreter", state, f"{place} does not start", "Make it anew.")
    said = f"{place}, Python {'.'.join(map(str, python))}"
    if python < OLDEST:
        remedy = f"Make it with Python {'.'.join(map(str, OLDEST))} or later."
        return Condition("Interpreter", state, f"{said}, is not used: it is too old", remedy)
    if not sdk:
        return Condition("Interpreter", state, f"{said}, has no Pulumi SDK", "Install the project's packages into it.")
    return Condition("Interpreter", State.OK, f"{said}, Pulumi SDK {sdk}: it is used")


def _git(folder: Path) -> Condition:
    if shutil.which("git") is None:
        return Condition("Git", State.STOPS, "not installed", "Install Git: reviews and gates need it.")
    try:
        said = _output("git", "--version").removeprefix("git version ")
    except (OSError, subprocess.SubprocessError) as error:
        return Condition("Git", State.STOPS, f"does not start ({type(error).__name__})", "Install it anew.")
    try:
        root = git.repository(folder).root
    except git.GitError as error:
        remedy = "Reviews and gates need the project in a Git repository; plans do not."
        return Condition("Git", State.MISSING, f"{said}; no repository here: {error}", remedy)
    return Condition("Git", State.OK, f"{said}, repository {root}")


def _pulumi() -> Condition:
    found = shutil.which("pulumi")
    if found is None:
        return Condition("Pulumi CLI", State.OK, "not installed: deployments need it, plans and reviews do not")
    try:
        return Condition("Pulumi CLI", State.OK, f"{_output(found, 'version')}: for deployments")
    except (OSError, subprocess.SubprocessError):
        return Condition(
            "Pulumi CLI", State.MISSING, f"{found} does not start", "Deployments need it: install it anew."
        )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _output(*command: str) -> str:
    """What a program of this machine prints, started away from the project and without the environment."""
    variables = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    variables |= {"PULUMI_SKIP_UPDATE_CHECK": "true", "LC_ALL": "C"}
    done = subprocess.run(
        command,
        cwd="/",
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_PATIENCE,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace").strip()
