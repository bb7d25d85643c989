"""`dolmen plan --watch`: plans or reviews again at each save, in one process, whose evaluator stays."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from dolmen.cli.exit_codes import ExitCode
from dolmen.cli.plan_options import PlanOptions
from dolmen.engine.evaluator.tree import root_of
from dolmen.engine.project import Project
from dolmen.review.sides.git import standing_worktrees

_PAUSE = 0.05
"""Seconds between two looks, on a tree that takes no time to look through."""
_SHARE = 10
"""Looking takes at most one part of so many of a processor."""
_SETTLED = 0.02
"""Seconds in which an editor writes what belongs together."""
_SKIPPED = frozenset({".git", "__pycache__", "node_modules"})
_MOVES = ("HEAD", "logs/HEAD", "packed-refs", "FETCH_HEAD")
"""Of Git: they change with what a commit is compared with."""
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"

Look = Mapping[str, tuple[int, ...]]


def watch(options: PlanOptions, project: Project, run: Callable[[], ExitCode]) -> ExitCode:
    """Run now and after each save, until Ctrl-C."""
    root = root_of(project.folder)
    places = [root, project.stack_folder]
    files = [path for path in (options.lookups, options.state) if path is not None]
    files += [_git_folder(root) / name for name in _MOVES]
    try:
        with standing_worktrees():
            _watch(places, files, run)
    except KeyboardInterrupt:
        return ExitCode.DONE


def _watch(places: list[Path], files: list[Path], run: Callable[[], ExitCode]) -> NoReturn:
    while True:
        seen, pause = _looked(places, files)
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)
        run()
        sys.stdout.write("\nWatching: the next save plans again. Ctrl-C ends.\n")
        sys.stdout.flush()
        sys.stderr.flush()
        now = seen
        while now == seen:
            time.sleep(pause)
            now, pause = _looked(places, files)
        while now != seen:
            time.sleep(_SETTLED)
            seen, (now, pause) = now, _looked(places, files)


def _looked(places: list[Path], files: list[Path]) -> tuple[Look, float]:
    """The times of everything that counts, and how long to wait before the next look."""
    started = time.monotonic()
    found = {path: times for place in places for path, times in _below(str(place))}
    found.update((str(path), _times(path)) for path in files)
    return found, max(_PAUSE, _SHARE * (time.monotonic() - started))


def _git_folder(root: Path) -> Path:
    """Where Git keeps what moves: in a worktree, a file says where that is."""
    place = root / ".git"
    if not place.is_file():
        return place
    return root / place.read_text("utf-8", "replace").removeprefix("gitdir:").strip()


def _below(folder: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    try:
        with os.scandir(folder) as entries:
            inside = list(entries)
    except OSError:  # gone meanwhile
        return
    if any(entry.name == "pyvenv.cfg" for entry in inside):
        return
    for entry in inside:
        if entry.name in _SKIPPED:
            continue
        yield entry.path, _times(entry)
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)


def _times(path: Path | os.DirEntry[str]) -> tuple[int, ...]:
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
