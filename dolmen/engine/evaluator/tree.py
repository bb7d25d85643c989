"""Says which files a program may read beside its interpreter: the tree that it is part of."""

from __future__ import annotations

from pathlib import Path

from dolmen.engine.closed.reading import leaving_out

LEFT_OUT = (".git",)
"""It may hold credentials (`http.extraheader`), and a worktree's file leads to the repository."""


def readable(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What can be read, and what can be listed, for a program in this folder."""
    root = root_of(folder)
    read, listed = leaving_out(root, LEFT_OUT)
    return read, listed


def root_of(folder: Path) -> Path:
    """The repository's root; the folder itself where there is none, or where it would hold more than a project."""
    home = Path.home()
    for place in (folder, *folder.parents):
        if place == home or home.is_relative_to(place):
            break
        if (place / ".git").exists():
            return place
    return folder
