"""Says which files a program may read beside its interpreter: the tree that it is part of."""

from __future__ import annotations

from pathlib import Path

LEFT_OUT = (".git",)
"""It may hold credentials (`http.extraheader`), and a worktree's file leads to the repository."""


def root_of(folder: Path) -> Path:
    """The repository's root; the folder itself where there is none, or where it would hold more than a project."""
    home = Path.home()
    for place in (folder, *folder.parents):
        if place == home or home.is_relative_to(place):
            break
        if (place / ".git").exists():
            return place
    return folder
