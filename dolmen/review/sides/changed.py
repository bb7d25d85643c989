"""Which files differ between a commit and the work tree, and what that says before anything is evaluated."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from dolmen.engine.project import Project
from dolmen.review.cost.price_file import OWN, REFRESHED
from dolmen.review.sides import trees
from dolmen.review.sides.base import BaseCommit
from dolmen.review.sides.stack_files import SUFFIXES, stack_name
from dolmen.stackfile.accepted import FILE


@dataclass(frozen=True, slots=True)
class ChangedFiles:
    base: BaseCommit
    names: frozenset[str]
    """From the repository's root."""
    folder: str
    """The project's, from the root: empty or with a slash at its end."""
    stack_folder: str

    @property
    def stack_files(self) -> frozenset[str]:
        inside = (name for name in self.names if name.startswith(self.stack_folder))
        return frozenset(name for name in inside if _is_stack_file(name.removeprefix(self.stack_folder)))

    @property
    def program(self) -> bool:
        """Whether anything but stack files differs. Everything counts: a program may read any file."""
        return bool(self.names - self.stack_files)

    @property
    def code(self) -> bool:
        """Whether what differs can be the cause of a change: prose and tests are not, though a program may read them."""
        return any(not _harmless(name) for name in self.names - self.stack_files)

    def stack_file(self, stack: str) -> bool:
        return any(f"{self.stack_folder}Pulumi.{stack}{suffix}" in self.names for suffix in SUFFIXES)

    def renamed(self, base: Collection[str], head: Collection[str]) -> Mapping[str, str]:
        """New name → old name, for stacks whose file moved."""
        new, gone = [name for name in head if name not in base], [name for name in base if name not in head]
        if not new or not gone:
            return {}
        files = trees.renamed_files(self.base.repository, self.base.commit, self.stack_folder)
        moved = {stack_name(path): stack_name(old) for path, old in files.items()}
        return {name: old for name, old in moved.items() if name in new and old in gone and name and old}


def changed_files(project: Project, base: BaseCommit) -> ChangedFiles:
    root = base.repository.root
    return ChangedFiles(
        base,
        trees.changed_files(base.repository, base.commit),
        _from_root(project.folder, root),
        _from_root(project.stack_folder, root),
    )


def _from_root(folder: Path, root: Path) -> str:
    relative = os.path.relpath(folder.resolve(), root.resolve())
    return "" if relative == "." else f"{relative}/"


def _is_stack_file(name: str) -> bool:
    return stack_name(name) is not None and "/" not in name


def _harmless(path: str) -> bool:
    return path.endswith((".md", ".rst", f"/{FILE}", f"/{OWN}", f"/{REFRESHED}")) or path.split("/", 1)[0] in (
        "docs",
        "tests",
        ".github",
    )
