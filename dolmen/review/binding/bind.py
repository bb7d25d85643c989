"""Binds a review to what it judges, before and after the judging."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dolmen.engine.project import Project
from dolmen.review.binding.model import Bound, Protections, Tree
from dolmen.review.binding.tool import tool
from dolmen.review.binding.tree import tree
from dolmen.review.sides import git
from dolmen.review.sides.base import BaseCommit

EVALUATOR = (
    "the program ran in processes of its own, which were ended after {timeout:g} seconds at the latest",
    "what it opened through Python for writing and what it started was written down",
    "connections that it made through Python were refused",
)
"""What holds while a program runs (`dolmen.engine.host`, `dolmen.engine.audit`); nothing else is claimed."""
_NO_REPOSITORY = "The project lies in no Git repository, so there is no tree to bind the review to."
_MOVED = "The tree changed while it was judged, so nobody knows which one was. Judge it again, alone."


@dataclass(frozen=True, slots=True)
class Place:
    """The tree around a project, at one moment."""

    root: Path | None
    head: str | None = None
    tree: Tree | None = None
    unbound: str = ""

    def folder(self, project: Path) -> str:
        """The project's path inside its repository, such as `services/chat/`."""
        if self.root is None or project.resolve() == self.root.resolve():
            return ""
        return f"{project.resolve().relative_to(self.root.resolve()).as_posix()}/"


def place(project: Path, without: Collection[Path] = ()) -> Place:
    """Never raises: where there is no tree, `unbound` says why."""
    try:
        repository = git.repository(project)
    except git.GitError:
        return Place(None, unbound=_NO_REPOSITORY)
    try:
        head = git.commit(repository, "HEAD")
    except git.GitError:
        head = None
    try:
        return Place(repository.root, head, tree(repository, without))
    except git.GitError as error:
        return Place(repository.root, head, unbound=str(error))


def bound(
    project: Project,
    base: BaseCommit | Path,
    before: Place,
    protections: Protections,
    without: Collection[Path] = (),
) -> Bound:
    after = place(project.folder, without)
    same = after.tree == before.tree
    return Bound(
        base.commit if isinstance(base, BaseCommit) else None,
        before.head,
        before.tree if same else None,
        before.unbound if same else _MOVED,
        before.folder(project.folder),
        tool(),
        protections,
    )


def protections(*, policies: bool, fail_on: Collection[object], lookups: Path | None, timeout: float) -> Protections:
    digest = hashlib.sha256(lookups.read_bytes()).hexdigest() if lookups is not None else None
    return Protections(
        policies, tuple(sorted(map(str, fail_on))), digest, tuple(text.format(timeout=timeout) for text in EVALUATOR)
    )
