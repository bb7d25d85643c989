"""The commit that a head is compared with: where HEAD left a branch, or exactly what a reference names."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dolmen.engine.project import Project
from dolmen.review.report.model import Side
from dolmen.review.sides import git, trees
from dolmen.review.sides.stack_files import stack_name
from dolmen.stackfile import StackFileError
from dolmen.stackfile.document import read_text
from dolmen.stackfile.project_file import FILES, stack_folder


@dataclass(frozen=True, slots=True)
class BaseCommit:
    repository: git.Repository
    commit: str
    """The full id."""
    side: Side
    tip: str = ""
    """The full id of where the reference stands, if it has moved on since HEAD left it."""

    def stack_names(self, project: Project) -> frozenset[str]:
        """Stacks that have a file in that commit, where its own project file says; asks Git, and runs nothing."""
        found = self._stack_folder(project)
        if found is None:
            return frozenset()
        folder, suffix = found
        names = trees.files(self.repository, self.commit, folder)
        place = "" if folder == "." else folder
        here = (PurePosixPath(name) for name in names if posixpath.dirname(name) == place)
        stacks = {stack_name(path.name) for path in here if path.suffix == suffix}
        return frozenset(name for name in stacks if name is not None)

    def stack_folder(self, project: Project) -> str | None:
        """The folder of its stack files, from the root; `None` where it has no such project."""
        found = self._stack_folder(project)
        return found[0] if found is not None else None

    def project_between(self, start: Path, project: Project) -> str | None:
        """A folder from `start` upwards to a project's own that has a project file in that commit; `None` without."""
        root = self.repository.root.resolve()
        for folder in (Path(os.path.abspath(start)), start.resolve()):  # noqa: PTH100 (where a link stands, and leads)
            while folder != project.folder.resolve() and folder.is_relative_to(root):
                inside = folder.relative_to(root).as_posix()
                if any(
                    trees.text(self.repository, self.commit, posixpath.normpath(f"{inside}/{one}")) for one in FILES
                ):
                    return inside
                folder = folder.parent
        return None

    def _stack_folder(self, project: Project) -> tuple[str, str] | None:
        """The folder, and the suffix of the files in it."""
        inside = os.path.relpath(project.folder.resolve(), self.repository.root.resolve())
        for file in FILES:
            text = trees.text(self.repository, self.commit, posixpath.normpath(f"{inside}/{file}"))
            if text is not None:
                try:
                    folder = stack_folder(read_text(text, file).values)
                except StackFileError:
                    return None
                return posixpath.normpath(f"{inside}/{folder}"), PurePosixPath(file).suffix
        return None


def base_commit(folder: Path, reference: str, *, exact: bool = False) -> BaseCommit:
    """The merge base of a reference and HEAD, or the reference's own commit. Raises `GitError` where there is none.

    What the branch of the reference did since HEAD left it is not the head's doing: against its tip, the head would
    seem to undo it.
    """
    repository = git.repository(folder)
    tip = git.commit(repository, reference)
    if exact or tip == git.commit(repository, "HEAD"):
        return BaseCommit(repository, tip, Side(git.short(repository, tip), reference))
    base = git.merge_base(repository, tip, reference)
    moved = tip if tip != base else ""
    side = Side(
        git.short(repository, base), reference, merge_base=True, tip=git.short(repository, tip) if moved else ""
    )
    return BaseCommit(repository, base, side, moved)
