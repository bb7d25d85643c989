"""Which project and which stacks a command means."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from pathlib import Path

from dolmen.engine.project import Project, RefusedError, read_project, stack_names
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


def _unknown(name: str, known: Sequence[str]) -> str:
    meant = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.4)
    text = f"There is no stack {name!r}."
    text += f" Did you mean {meant[0]}?" if meant else ""
    return f"{text} Stacks here: {', '.join(known)}. (--without-file plans a stack that has no file yet.)"
