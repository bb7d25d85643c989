"""Checks out what a project can need of a commit, so that a huge repository is not written out for one folder of it.

A project needs its own folder, the files that lie in the folders above it, and what its files name by a path, and so on.
Where a file climbs in a way that is no such path the whole commit is needed, and so it is where a program then fails.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from dolmen.review.sides import git

FEW = 5_000
"""Files of a commit that are checked out before anybody would notice."""
_MOST_PATHS = 200
_LARGEST = 4 * 1024 * 1024
_PROSE = (".md", ".rst")
_CLIMBS = re.compile(r"\.parent\b|\bdirname\b|\bpardir\b")
_OWN_FILE = re.compile(r"\b__file__\b")
"""Each is worth one climb, which leads to the file's own folder."""
_PARENTS = re.compile(r"\.parents\b")
_RELATIVE_IMPORT = re.compile(r"^\s*from\s+\.+\s*[\w.]*\s+import\b", re.MULTILINE)
_UPWARDS = re.compile(r"(?P<before>[\w)}\]]/)?(?<![.\w])\.\.(?![.\w])(?P<path>(?:/[\w.@+-]*)*)(?P<after>[*?\[{$%]?)")
_WORD = re.compile(r"[\w.@+/-]+")


class UnboundedError(Exception):
    """A file may name anything in the repository."""


def check_out(repository: git.Repository, tree: Path, commit: str, folder: str) -> bool:
    """Fill a worktree with what the project in `folder` needs; whether that may be less than the whole commit.

    `folder`: from the root, empty or with a slash at its end. What stands from before stays as it is.
    """
    if [one.name for one in tree.iterdir()] != [".git"]:
        return bool(folder)
    if folder and len(names := _names(repository, commit)) >= FEW:
        try:
            _Needed(repository, tree, commit, folder, names).check_out()
        except UnboundedError:
            pass
        else:
            return True
    check_out_whole(repository, tree, commit)
    return False


def check_out_whole(repository: git.Repository, tree: Path, commit: str) -> None:
    repository.run("reset", "--hard", "--quiet", commit, where=tree)


class _Needed:
    def __init__(self, repository: git.Repository, tree: Path, commit: str, folder: str, names: frozenset[str]) -> None:
        self._repository, self._tree, self._commit, self._folder = repository, tree, commit, folder
        self._names = names
        self._folders = frozenset(above for name in names for above in _above(name))
        self._named_paths = set[str]()

    def check_out(self) -> None:
        above = {name for name in self._names if self._folder.startswith(_slash(posixpath.dirname(name)))}
        self._fetch({name for name in above if not name.startswith(self._folder)})
        new = {self._folder.rstrip("/")}
        while new:
            self._named_paths |= new
            if len(self._named_paths) > _MOST_PATHS:
                raise UnboundedError
            self._fetch(new)
            found = {path for file in _files(self._tree, new) for path in self._named(file)}
            new = {path for path in found if path in self._names or path in self._folders} - self._named_paths
            new = {path for path in new if not any(path.startswith(_slash(one)) for one in self._named_paths)}

    def _fetch(self, paths: Collection[str]) -> None:
        if len(paths) > _MOST_PATHS:
            raise UnboundedError
        if paths:
            self._repository.run("checkout", "--quiet", self._commit, "--", *sorted(paths), where=self._tree)

    def _named(self, file: Path) -> Iterator[str]:
        """What a file names, from the root: upwards, and downwards where it does not lie in a folder that is there."""
        inside = PurePosixPath(file.relative_to(self._tree))
        here = _slash(inside.parent.as_posix().removeprefix("."))
        if file.is_symlink():
            yield self._from(here, file.readlink().as_posix())
            return
        text = _RELATIVE_IMPORT.sub("", _text(file))
        if _PARENTS.search(text) or len(_CLIMBS.findall(text)) > len(_OWN_FILE.findall(text)):
            raise UnboundedError
        for one in _UPWARDS.finditer(text):
            if one["before"] or one["after"] or not one["path"].strip("/."):
                raise UnboundedError
            yield self._from(here, f"..{one['path']}")
            yield self._from(self._folder, f"..{one['path']}")
        if inside.as_posix() in self._named_paths:
            for word in _WORD.findall(text):
                yield from (self._from(here, word), self._from(here, f"{word.replace('.', '/')}.py"))

    def _from(self, start: str, path: str) -> str:
        found = posixpath.normpath(posixpath.join(start, path))
        if found == "." or self._folder.startswith(_slash(found)):
            raise UnboundedError
        return found


def _slash(folder: str) -> str:
    return f"{folder}/" if folder and not folder.endswith("/") else folder


def _above(name: str) -> Iterator[str]:
    while name := posixpath.dirname(name):
        yield name


def _files(tree: Path, paths: Collection[str]) -> Iterator[Path]:
    """The files at some paths and below them, and the links."""
    for path in sorted(paths):
        if not (tree / path).is_dir() or (tree / path).is_symlink():
            yield tree / path
            continue
        for inside, folders, files in os.walk(tree / path):
            links = [name for name in folders if (Path(inside) / name).is_symlink()]
            yield from (Path(inside) / name for name in (*files, *links))


def _text(file: Path) -> str:
    """What is prose or no text names nothing that a program follows."""
    if file.suffix in _PROSE:
        return ""
    try:
        if file.stat().st_size <= _LARGEST:
            return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        pass
    if file.suffix == ".py":
        raise UnboundedError
    return ""


def _names(repository: git.Repository, commit: str) -> frozenset[str]:
    listed = repository.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
    return frozenset(name for name in listed.split("\0") if name)
