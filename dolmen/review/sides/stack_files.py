"""Stack files of either side: their values with lines, and what can be said of encrypted ones."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from dolmen.engine.project import Project
from dolmen.review.diff import cause
from dolmen.review.diff.cause import Leaves
from dolmen.stackfile import StackFileError, read

SUFFIXES = (".yaml", ".yml")


def leaves(project: Project, stack: str) -> Leaves | None:
    """Every value of a stack's file with its line; `None` without a file that can be read."""
    path = _path(project, stack)
    if path is not None:
        with contextlib.suppress(StackFileError):
            return cause.leaves(read(path, os.path.relpath(path, project.folder)))
    return None


def ciphertexts(project: Project, stack: str) -> list[str]:
    """Encrypted values, in order: whether they differ is all that can be said."""
    path = _path(project, stack)
    lines = path.read_text("utf-8", "replace").splitlines() if path is not None else []
    return sorted(line.split("secure:", 1)[1].strip() for line in lines if "secure:" in line)


def stack_name(path: str) -> str | None:
    """The stack whose file this is: `stacks/Pulumi.prod.yaml` is prod's."""
    name = path.rsplit("/", 1)[-1]
    for suffix in SUFFIXES:
        if name.startswith("Pulumi.") and name.endswith(suffix) and len(name) > len("Pulumi.") + len(suffix):
            return name[len("Pulumi.") : -len(suffix)]
    return None


def _path(project: Project, stack: str) -> Path | None:
    short = stack.rsplit("/", 1)[-1]
    paths = (project.stack_folder / f"Pulumi.{short}{suffix}" for suffix in SUFFIXES)
    return next((path for path in paths if path.is_file()), None)
