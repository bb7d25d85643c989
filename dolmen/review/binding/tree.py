"""The tree of a repository as it stands in the work tree.

Every file counts that is tracked, or untracked and not ignored. It is computed from the bytes that lie there, so that
no filter, line ending, `$Id$`, index flag or sparse checkout makes two trees seem one, and nothing that the repository
configures is run. Where the work tree holds what HEAD does, byte by byte, it is HEAD's own tree. Left out: what Git
ignores, and of untracked files Python's caches, virtual environments, and documents that a pipeline writes.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dolmen.engine.kept.trees import settled
from dolmen.review.binding.documents import is_document
from dolmen.review.binding.model import Tree
from dolmen.review.sides import git

_LINK, _PROGRAM, _FILE, _FOLDER = "120000", "100755", "100644", "40000"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    id: str
    contents: str


def tree(repository: git.Repository, without: Collection[Path] = ()) -> Tree:
    """The tree of the work tree.

    `without`: files that are left out where they are not tracked. Raises `GitError`.
    """
    head = _committed(repository)
    form = "sha256" if any(len(id) == 64 for _, id in head.values()) else "sha1"
    found = dict(_entries(repository, {path.resolve() for path in without}, form))
    listing = "".join(f"{one.mode} {one.contents} {path}\0" for path, one in sorted(found.items()))
    differing = [path for path, one in found.items() if head.get(path) != (one.mode, one.id)]
    return Tree(
        _tree_id({path: (one.mode, one.id) for path, one in found.items()}, form),
        hashlib.sha256(os.fsencode(listing)).hexdigest(),
        tuple(sorted({*differing, *(head.keys() - found.keys())})),
    )


def _committed(repository: git.Repository) -> dict[str, tuple[str, str]]:
    """Path → mode and id in HEAD; nothing where there is no commit yet."""
    try:
        listed = repository.run("ls-tree", "-r", "-z", "--full-tree", "HEAD")
    except git.GitError:
        return {}
    lines = [line.partition("\t") for line in listed.split("\0") if line]
    return {path: (told.split()[0], told.split()[2]) for told, _, path in lines}


def _entries(repository: git.Repository, without: Collection[Path], form: str) -> Iterator[tuple[str, _Entry]]:
    tracked = set(repository.run("ls-files", "--cached", "-z", "--").split("\0")) - {""}
    others = set(repository.run("ls-files", "--others", "--exclude-standard", "-z", "--").split("\0")) - {""}
    environments = {name.rpartition("/")[0] for name in others if name.rpartition("/")[2] == "pyvenv.cfg"}
    root, links = repository.root, dict[str, bool]()
    for name in sorted(tracked | others):
        path = root / name
        if name not in tracked and (_made(name, path, environments) or path.resolve() in without or is_document(path)):
            continue
        if _behind_a_link(root, name, links):
            continue
        if path.is_dir() and not path.is_symlink():  # a submodule, or a repository inside this one
            for inside in _walk(path):
                yield from _entry(inside.relative_to(root).as_posix(), inside, form)
        else:
            yield from _entry(name, path, form)


def _made(name: str, path: Path, environments: Collection[str]) -> bool:
    """Whether an untracked file is a Python's cache or of a virtual environment."""
    parts = name.split("/")
    inside = any("/".join(parts[:depth]) in environments for depth in range(1, len(parts)))
    return "__pycache__" in parts or inside or (path.is_symlink() and (path / "pyvenv.cfg").is_file())


def _behind_a_link(root: Path, name: str, known: dict[str, bool]) -> bool:
    """Whether a folder of the path is a link; `known` keeps the answers."""
    above = name.rstrip("/").rpartition("/")[0]
    if above and above not in known:
        known[above] = (root / above).is_symlink() or _behind_a_link(root, above, known)
    return known.get(above, False)


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            if path.name not in (".git", "__pycache__"):
                yield from _walk(path)
        elif path.name != ".git":
            yield path


def _entry(name: str, path: Path, form: str) -> Iterator[tuple[str, _Entry]]:
    """The file's entry; none where nothing holds bytes."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            content = os.fsencode(path.readlink())
            yield name, _Entry(_LINK, _id("blob", content, form), hashlib.sha256(content).hexdigest())
        elif stat.S_ISREG(mode):
            yield name, _Entry(_PROGRAM if mode & stat.S_IXUSR else _FILE, *_of_file(path, form))
    except FileNotFoundError:
        return
    except OSError as error:
        raise git.GitError(f"{name} cannot be read, so the tree is not known: {error.strerror}.") from None


_READ: dict[tuple[object, ...], tuple[str, str]] = {}
"""Files that this process has read, by all that changes with a file."""


def _of_file(path: Path, form: str) -> tuple[str, str]:
    with path.open("rb") as stream:
        status = os.fstat(stream.fileno())
        seen = (path, form, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if seen in _READ:
            return _READ[seen]
        blob, contents = hashlib.new(form, b"blob %d\0" % status.st_size), hashlib.sha256()
        while chunk := stream.read(_CHUNK):
            blob.update(chunk)
            contents.update(chunk)
    found = blob.hexdigest(), contents.hexdigest()
    if settled(status, time.time_ns()):
        _READ[seen] = found
    return found


def _id(kind: str, content: bytes, form: str) -> str:
    return hashlib.new(form, b"%s %d\0" % (kind.encode(), len(content)) + content).hexdigest()


def _tree_id(files: Mapping[str, tuple[str, str]], form: str) -> str:
    """The id of Git's tree object. Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects."""
    entries: dict[str, tuple[str, str]] = {}
    inner: dict[str, dict[str, tuple[str, str]]] = {}
    for path, one in files.items():
        first, slash, rest = path.partition("/")
        if slash:
            inner.setdefault(first, {})[rest] = one
        else:
            entries[first] = one
    for name, below in inner.items():
        entries[name] = (_FOLDER, _tree_id(below, form))
    ordered = sorted(entries.items(), key=lambda one: os.fsencode(one[0] + ("/" if one[1][0] == _FOLDER else "")))
    content = b"".join(b"%s %s\0%s" % (mode.encode(), os.fsencode(n), bytes.fromhex(id)) for n, (mode, id) in ordered)
    return _id("tree", content, form)
