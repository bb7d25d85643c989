"""Refuses files of the head that lead out of its repository: they are not part of what is reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dolmen.engine.project import Project, RefusedError
from dolmen.review.cost.price_file import OWN, REFRESHED
from dolmen.review.policies.model import FOLDER
from dolmen.review.sides.git import Repository
from dolmen.stackfile.accepted import FILE
from dolmen.stackfile.project_file import project_file


def refuse_outsiders(project: Project, repository: Repository) -> None:
    """Raises `RefusedError` for project, stack, acceptance and price files, program and policies that lie elsewhere."""
    root = repository.root.resolve()
    outside = [path for path in _files(project) if not _within(path.resolve(), root)]
    if outside:
        names = "\n".join(f"{_relative(path, project.folder)} leads out of the repository." for path in outside)
        raise RefusedError(f"{names}\nA review reads what the repository holds: put the file itself there.")


def _files(project: Project) -> Iterator[Path]:
    candidates = [project_file(project.folder), project.main, project.main / "__main__.py", project.stack_folder]
    candidates += [project.stack_folder / name for name in (FILE, OWN, REFRESHED)]
    candidates += [project.folder / FOLDER]
    candidates += sorted(project.stack_folder.glob("Pulumi.*.y*ml"))
    yield from (path for path in candidates if path is not None and (path.exists() or path.is_symlink()))


def _within(path: Path, root: Path) -> bool:
    return path.is_relative_to(root) and ".git" not in path.relative_to(root).parts


def _relative(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
