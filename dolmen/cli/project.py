"""Which project and which stacks a command means."""

from __future__ import annotations

import contextlib
import difflib
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from dolmen.engine.project import Project, RefusedError, read_project, stack_file, stack_names
from dolmen.stackfile import StackFileError, read
from dolmen.stackfile.identifiers import lost_identifiers
from dolmen.stackfile.project_file import project_file

NO_STACK_FILE = "dev"
"""The stack that is planned where a project has no stack file and none is named."""


def find_project(start: Path) -> Project:
    """The project in `start` or the nearest folder above it. Raises `RefusedError`."""
    if not start.is_dir():
        raise RefusedError(
            f"{start} is no folder. Name the folder of a Pulumi project, or one below it, with --project."
        )
    for folder in (start, *start.parents):
        if project_file(folder) is not None:
            return read_project(folder)
    raise RefusedError(
        "There is no Pulumi.yaml here or in any folder above. Change into a Pulumi project, or name one with --project."
    )


def choose_stacks(project: Project, names: Sequence[str], without_file: bool, gone: Collection[str] = ()) -> list[str]:
    """The stacks to plan: those named, else all that have a file, here or among those that are `gone`.

    Raises `RefusedError` for an unknown name.
    """
    known = sorted({*stack_names(project), *gone})
    if not names:
        return list(known) or [NO_STACK_FILE]
    if known and not without_file:
        unknown = [name for name in names if name.rsplit("/", 1)[-1] not in known]
        if unknown:
            raise RefusedError("\n".join(_unknown(name, known) for name in unknown))
    return list(dict.fromkeys(names))


def refuse_lost_identifiers(project: Project, names: Sequence[str]) -> None:
    """Raises `RefusedError` with every id in the stacks' files that YAML reads as another number."""
    refused: list[str] = []
    stacks = [stack_file(project, name) for name in names or stack_names(project)]
    for path in (project.folder / f"Pulumi{project.suffix}", *stacks):
        with contextlib.suppress(StackFileError):  # no file, or one that its evaluation says more of
            document = read(path, os.path.relpath(path, project.folder))
            if problems := list(lost_identifiers(document)):
                refused.append(str(StackFileError(document.name, problems)))
    if refused:
        raise RefusedError("\n\n".join(refused))


def _unknown(name: str, known: Sequence[str]) -> str:
    meant = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.4)
    text = f"There is no stack {name!r}."
    text += f" Did you mean {meant[0]}?" if meant else ""
    return f"{text} Stacks here: {', '.join(known)}. (--without-file plans a stack that has no file yet.)"
