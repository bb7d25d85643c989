"""Tells whether a change can have brought the interpreter that its project names.

What Git tracks comes with the change, and what it would add next may. What lies in the tree untracked and ignored was
put there by whoever checked it out: no commit can bring it. Nothing of the repository runs: see `git`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from dolmen.engine.interpreter import Interpreter, named_by
from dolmen.engine.project import Project
from dolmen.review.sides import git

_ALL_THE_SAME = "--trust runs it all the same"
_LINKS = 40
"""As many links as the kernel follows: https://man7.org/linux/man-pages/man7/path_resolution.7.html"""


def why_not_run(project: Project) -> str:
    """Why the project's own interpreter is not run, with the remedy; nothing where it may be, or there is none."""
    named = named_by(project)
    if named is None or named.python is None or not _in_a_repository(project.folder):
        return ""
    try:
        reason = _brought(named, git.repository(project.folder))
    except (git.GitError, OSError) as error:
        reason = f"Git does not say whether the change brings it ({str(error).rstrip('.')})"
    return f"{reason}; {_ALL_THE_SAME}" if reason else ""


def why_not_run_for_base(old: Project, tree: Path, head: Project, why_not_of_head: str) -> str:
    """The same for what the base's programs would be run by: the head's interpreter, or one in the base's tree."""
    named, of_head = named_by(old), named_by(head)
    if named is None:
        return ""
    place = named.folder.resolve()
    if of_head is not None and place == of_head.folder.resolve():
        return why_not_of_head
    return f"it is a part of the base's commit; {_ALL_THE_SAME}" if _within(place, tree.resolve()) else ""


def _in_a_repository(folder: Path) -> bool:
    return any((place / ".git").exists() for place in (folder, *folder.parents))


def _brought(named: Interpreter, repository: git.Repository) -> str:
    root = repository.root.resolve()
    tracked = [_plain(name) for name in repository.run("ls-files", "--cached", "-z").split("\0") if name]
    *links, place = _way(named.folder)
    for link in (one for one in links if _within(one, root)):
        name = link.relative_to(root).as_posix()
        if _plain(name) in tracked:
            return f"{name}, a link on the way to it, is tracked by Git, so the change can lead it anywhere"
        if not _ignored(link, repository):
            return f"{name}, a link on the way to it, is not ignored by Git, so the change may bring it"
    if not _within(place, root):
        return ""
    inside = "" if place == root else f"{_plain(place.relative_to(root).as_posix())}/"
    of_it = next((name for name in tracked if name.startswith(inside)), None)
    if of_it is not None:
        return f"{of_it} in it is tracked by Git, so the change can have brought it"
    known = place / "pyvenv.cfg"
    if not _ignored(known if known.exists() else place / _python(named), repository):
        return "Git does not ignore it, so the change may bring it: put it into .gitignore"
    return ""


def _way(path: Path) -> Iterator[Path]:
    """Every link that is followed to a path, then the place where it leads. Raises `OSError` for a circle."""
    here, left, followed = Path("/"), list((Path.cwd() / path).parts[1:]), 0
    while left:
        part = left.pop(0)
        if part == "..":
            here = here.parent
            continue
        step = here / part
        if not step.is_symlink():
            here = step
            continue
        if (followed := followed + 1) > _LINKS:
            raise OSError(f"{path} leads in a circle")
        yield step
        target = step.readlink()
        here = Path("/") if target.is_absolute() else here
        left = [*(target.parts[1:] if target.is_absolute() else target.parts), *left]
    yield here


def _within(path: Path, root: Path) -> bool:
    return path.is_relative_to(root)


def _ignored(path: Path, repository: git.Repository) -> bool:
    """Whether a file is untracked and ignored."""
    name = path.relative_to(repository.root.resolve()).as_posix()
    return bool(repository.run("ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--", name))


def _python(named: Interpreter) -> Path:
    return named.python.relative_to(named.folder) if named.python is not None else Path()


def _plain(name: str) -> str:
    """One spelling of names that some file systems take for the same."""
    return unicodedata.normalize("NFC", name).casefold()
