"""Why a comparison did not happen, or cannot be relied on: sentences that close every gate."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

import dolmen
from dolmen.engine.project import Project
from dolmen.review.sides import trees
from dolmen.review.sides.altered import pins_another_dolmen, policy_files, top_level
from dolmen.review.sides.base import BaseCommit
from dolmen.review.sides.changed import ChangedFiles
from dolmen.stackfile import StackFileError
from dolmen.stackfile.document import read_text
from dolmen.stackfile.project_file import FILES


def elsewhere_in_base(project: Project, base: BaseCommit, changed: ChangedFiles) -> str:
    """The base has no project here: where it has it, if anywhere, else that it has none."""
    here = changed.folder.rstrip("/") or "the repository's root"
    listed = trees.files(base.repository, base.commit, ".")
    places = [
        posixpath.dirname(name) or "the repository's root"
        for name in listed
        if posixpath.basename(name) in FILES and _called(base, name) == project.name
    ]
    if places and not any(f"{changed.folder}{one}" in listed for one in FILES):
        return f"Nothing is compared: the project lies in {here}, and in the base it lies in {', '.join(places[:3])}."
    return f"Nothing is compared: the base has no usable Pulumi project in {here}."


def _called(base: BaseCommit, name: str) -> object:
    try:
        return read_text(trees.text(base.repository, base.commit, name) or "", name).values.get("name")
    except StackFileError:
        return None


def other_backend(old: Project, project: Project) -> Iterator[str]:
    """The state lies elsewhere: there, nothing of what is deployed is known."""
    if top_level(old).get("backend") != top_level(project).get("backend"):
        yield (
            "The project file names another backend: nothing of what is deployed is known there, so everything would be "
            "created beside it."
        )


def submodules_moved(base: BaseCommit, changed: ChangedFiles) -> Iterator[str]:
    """Repositories inside this one that stand at another commit: the base's contents are not there."""
    moved = sorted(set(trees.submodules(base.repository, base.commit)) & changed.names)
    if moved:
        yield (
            f"The submodule {', '.join(moved[:3])} stands at another commit, whose contents are not here: what it "
            "changes is not compared."
        )


def tool_of_the_change(base: BaseCommit, changed: ChangedFiles) -> Iterator[str]:
    """The tool that judges lies in the repository, and differs from the base's."""
    root = base.repository.root.resolve()
    tool = Path(dolmen.__file__).resolve().parent
    if not tool.is_relative_to(root):
        return
    folder = f"{os.path.relpath(tool, root)}/"
    altered = sorted(name for name in changed.names if name.startswith(folder))
    if altered and trees.tracked(base.repository, folder):
        yield (
            f"The tool that judged is the change's own: it runs from {folder}, of which {len(altered)} "
            f"file{'' if len(altered) == 1 else 's'} differ{'s' if len(altered) == 1 else ''} from the base. Judge with "
            "an installed Dolmen, or from a checkout of the base."
        )


def other_components(changed: ChangedFiles) -> Iterator[str]:
    """Programs find the components of the Dolmen that runs, whichever one they lock."""
    if pins_another_dolmen(changed):
        yield (
            "Another Dolmen is required, and both sides were evaluated with the one that runs here: what its components "
            "change is not compared."
        )


def withdrawn_rules(base: BaseCommit, changed: ChangedFiles) -> Iterator[str]:
    """The branch of the base has other policies by now than where HEAD left it."""
    if not base.tip:
        return
    newer = policy_files(trees.differing(base.repository, base.commit, base.tip), changed.folder)
    if newer:
        yield (
            f"{base.side.reference} has other policies since this branch left it, and they did not judge: bring the "
            "branch up to date."
        )
