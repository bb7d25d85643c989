"""What a commit and the work tree hold, and how they differ, asked of Git."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dolmen.engine.kept.trees import Tree
from dolmen.review.sides import git

_LARGEST = 4 * 1024 * 1024


def files(repository: git.Repository, commit: str, folder: str) -> tuple[str, ...]:
    """Paths of a commit's files below a folder."""
    listed = repository.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", f"{folder}/")
    return tuple(name for name in listed.split("\0") if name)


def whole(repository: git.Repository, commit: str) -> Tree:
    """Everything that a commit's files are made of, with the settings by which Git writes them."""
    listed = repository.run("ls-tree", "-r", "-z", "--full-tree", commit).split("\0")
    rows = (line.partition("\t") for line in listed if line)
    try:
        settings = repository.run("config", "--get-regexp", r"^core\.(attributesfile|autocrlf|eol|symlinks)$")
    except git.GitError:  # exit code 1: there are none
        settings = ""
    return Tree({**{path: described for described, _, path in rows}, "": settings})


def text(repository: git.Repository, commit: str, path: str) -> str | None:
    """A file of a commit; `None` where it has none of that name."""
    try:
        return repository.run("cat-file", "blob", f"{commit}:{path}")
    except git.GitError:
        return None


def work_tree_text(path: Path) -> str | None:
    """The text of a file of the work tree, without following a link."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        return path.read_text("utf-8", "surrogateescape")
    except OSError:
        return None


def submodules(repository: git.Repository, commit: str) -> Mapping[str, str]:
    """Path → commit, of the repositories inside this one as a commit has them."""
    listed = repository.run("ls-tree", "-r", "-z", "--full-tree", commit).split("\0")
    rows = (line.partition("\t") for line in listed if line.startswith("160000 "))
    return {path: described.split()[2] for described, _, path in rows}


def tracked(repository: git.Repository, folder: str) -> bool:
    """Whether Git knows any file below a folder."""
    return bool(repository.run("ls-files", "-z", "--", folder))


def changed_files(repository: git.Repository, base: str) -> frozenset[str]:
    """Paths, from the root, that differ between a commit and the work tree; untracked files count."""
    differing = repository.run(
        "diff",
        "--name-only",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules=dirty",
        base,
        "--",
    )
    untracked = repository.run("ls-files", "--others", "--exclude-standard", "-z", "--")
    return frozenset(name for name in (differing + untracked).split("\0") if name)


def differing(repository: git.Repository, old: str, new: str) -> frozenset[str]:
    """Paths that differ between two commits."""
    listed = repository.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", old, new, "--")
    return frozenset(name for name in listed.split("\0") if name)


def renamed_files(repository: git.Repository, base: str, folder: str) -> Mapping[str, str]:
    """New path → old path, as Git finds renames by their content, below a folder."""
    text = repository.run(
        "diff", "--name-status", "-z", "--find-renames=40%", "--no-ext-diff", "--no-textconv", base, "--", folder or "."
    )
    fields = text.split("\0")
    found: dict[str, str] = {}
    while fields and fields[0]:
        status = fields.pop(0)
        if status[0] in "RC":
            old, new = fields.pop(0), fields.pop(0)
            found[new] = old
        else:
            fields.pop(0)
    return found
