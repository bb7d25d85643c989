"""Puts everything that a plan depends on under one hash: what the judging process knows before a program runs."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import dolmen
from dolmen.engine.closed.environment import variables
from dolmen.engine.deployment import Job
from dolmen.engine.evaluator.beginning import PASSED
from dolmen.engine.evaluator.orders import job_json
from dolmen.engine.evaluator.tree import LEFT_OUT, root_of
from dolmen.engine.interpreter import RUNNING, Interpreter
from dolmen.engine.kept import trees
from dolmen.engine.kept.trees import Tree, UnknownTreeError, stack_of
from dolmen.engine.request import Request
from dolmen.engine.sources import tool_folders
from dolmen.stackfile.platform_names import names_in

_FORMAT = 1
_OUTSIDE = re.compile(r"^include-system-site-packages\s*=\s*true", re.IGNORECASE | re.MULTILINE)
_SYSTEM = ("/etc/mime.types", "/etc/localtime", "/etc/os-release", "/usr/share/zoneinfo", "/etc/ssl/certs")
"""What the standard library reads outside its own folder."""


_RUNNING: dict[str, list[str]] = {}
"""What this package was when this process first looked."""


@dataclass(slots=True)
class Inputs:
    """What one run's plans depend on. Trees are looked at once."""

    chosen: Interpreter
    _trees: dict[Path, Tree] = field(default_factory=dict[Path, Tree])
    _named: dict[Path, frozenset[str]] = field(default_factory=dict[Path, frozenset[str]])
    _common: list[str] = field(default_factory=list[str])

    def of(self, request: Request, job: Job) -> tuple[str, str]:
        """As text, for a program that looks at no other stack's file, and for one that may. Raises `UnknownTreeError`."""
        if any(not one.startswith("dolmen.") for one in (*request.observers.values(), *request.own_observers.values())):
            raise UnknownTreeError("somebody else's code judges it")
        folder = request.project.folder
        root = root_of(folder)
        tree = request.tree or self._tree(root)
        written = job_json(job)
        del written["key"]
        given = written["deployment"]
        given["folder"] = os.path.relpath(folder, root)
        written["program"] = os.path.relpath(str(job.program), root)
        written["config"]["file"] = os.path.basename(written["config"]["file"] or "")  # noqa: PTH119
        copied = given.pop("copy_of")
        judges = given.pop("judged_by")
        same = {
            **written,
            "of all": self._of_all(request),
            "root": copied[1] if copied else str(root),
            "copy": bool(copied),
            "plugins": dict(job.deployment.config.plugins),
            "judges": self._judges(request, judges),
            "observers": dict(request.observers),
            "own": dict(request.own_observers),
            "notes": [asdict(one) for one in request.notes],
        }
        known = dict(tree.stack_files)
        if request.tree is None:
            given_values = frozenset(job.deployment.config.values.values())
            for path in known:
                if stack_of(path) != job.deployment.stack and not given_values & self._names(root / path):
                    known[path] = ""
        narrow, wide = ({**same, "tree": [tree.rest, files]} for files in (known, tree.stack_files))
        return _text(narrow), _text(wide)

    def _names(self, path: Path) -> frozenset[str]:
        """The platform names that another stack's file may hold: a platform looks whether one of them is its own."""
        if path not in self._named:
            self._named[path] = names_in(path)
        return self._named[path]

    def _judges(self, request: Request, folder: str | None) -> str:
        """What the policy pack's folder holds."""
        if folder is None:
            return ""
        tree = request.judges or self._tree(root_of(Path(folder)))
        return tree.rest + _text(dict(tree.stack_files))

    def _tree(self, root: Path) -> Tree:
        if root not in self._trees:
            self._trees[root] = trees.tree(
                root, [*(root / name for name in LEFT_OUT), self.chosen.folder, Path(dolmen.__path__[0])]
            )
        return self._trees[root]

    def _of_all(self, request: Request) -> str:
        if not self._common:
            common = _text(_common(self.chosen, request.passed))
            self._common.append(hashlib.sha256(common.encode("utf-8", "surrogateescape")).hexdigest())
        return self._common[0]


def _text(of: object) -> str:
    return json.dumps(of, sort_keys=True)


def _common(chosen: Interpreter, passed: Sequence[str]) -> dict[str, Any]:
    """Tool, interpreters, packages, machine and day: acceptances have a last one."""
    now = datetime.datetime.now(datetime.UTC)
    tool = [trees.tree(place, compiled=False).rest for place in map(Path, tool_folders()) if place.is_dir()]
    if tool != _RUNNING.setdefault("tool", tool):
        raise UnknownTreeError("this package is another than the one that runs")
    return {
        "format": _FORMAT,
        "tool": tool,
        "interpreters": [_interpreter(one) for one in dict.fromkeys((RUNNING, chosen))],
        "machine": [*os.uname(), os.cpu_count(), os.getuid(), sys.platform],
        "system": [_seen(Path(one)) for one in _SYSTEM],
        "variables": variables((*PASSED, *passed)),
        "passed": sorted(passed),
        "days": [now.date().isoformat(), now.astimezone().date().isoformat()],
    }


def _interpreter(one: Interpreter) -> list[Any]:
    """An interpreter, and what is installed there, as far as installers leave traces."""
    places = (*one.folder.glob("lib/python3*/site-packages"), one.folder / "Lib/site-packages")
    executable, settings = one.executable.resolve(), one.folder / "pyvenv.cfg"
    if settings.is_file() and _OUTSIDE.search(settings.read_text("utf-8", "replace")):
        raise UnknownTreeError("its interpreter takes packages from outside")
    return [
        str(executable), _seen(executable), _seen(settings), sys.version,
        [_packages(place) for place in places if place.is_dir()],
    ]  # fmt: skip


def _packages(place: Path) -> list[Any]:
    found: list[Any] = [str(place), place.stat().st_mtime_ns]
    with os.scandir(place) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            record = Path(entry.path, "RECORD") if entry.name.endswith(".dist-info") else Path(entry.path)
            if entry.name != "__pycache__":
                found.append([entry.name, _seen(record)])
    return found


def _seen(path: Path) -> list[int]:
    try:
        status = path.stat()
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size]
