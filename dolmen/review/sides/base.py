"""The commit that a head is compared with: where HEAD left a branch, or exactly what a reference names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dolmen.engine.project import Project
from dolmen.review.report.model import Side
from dolmen.review.sides import git
from dolmen.review.sides.stack_files import stack_name


@dataclass(frozen=True, slots=True)
class BaseCommit:
    repository: git.Repository
    commit: str
    """The full id."""
    side: Side

    def stack_names(self, project: Project) -> frozenset[str]:
        """Stacks that have a file in that commit; asks Git, and runs nothing.

        Where its stack files lay in another folder than today's, any folder of the project counts.
        """
        names = self._files(project.folder)
        today = os.path.relpath(project.stack_folder.resolve(), self.repository.root.resolve())
        here = [name for name in names if str(PurePosixPath(name).parent) == today]
        found = {stack_name(name) for name in here} - {None} or {stack_name(name) for name in names}
        return frozenset(name for name in found if name is not None)

    def _files(self, folder: Path) -> tuple[str, ...]:
        return git.files(
            self.repository, self.commit, os.path.relpath(folder.resolve(), self.repository.root.resolve())
        )


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
    moved = git.short(repository, tip) if tip != base else ""
    return BaseCommit(repository, base, Side(git.short(repository, base), reference, merge_base=True, tip=moved))
