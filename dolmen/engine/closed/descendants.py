"""Counts and ends the processes below one.

https://man7.org/linux/man-pages/man5/proc.5.html: `stat`, `task/*/children`, `smaps_rollup`.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import NamedTuple

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


class Use(NamedTuple):
    """What a process and those below it use now."""

    processes: tuple[int, ...]
    threads: int
    cpu_seconds: float
    memory: int
    """Bytes, at most: pages that several processes share are counted in each."""


def use(top: int, at_most: int) -> Use:
    """Looks at one process and those below it; not further than `at_most` threads."""
    found: list[int] = []
    threads = ticks = pages = 0
    waiting = [top]
    while waiting and threads <= at_most:
        process = waiting.pop()
        try:
            # after the name in brackets: state, parent, …
            fields = _read(f"/proc/{process}/stat").rpartition(b")")[2].split()
            count = int(fields[17])
            waiting += children(process, count)
        except OSError:
            continue  # it has just ended
        found.append(process)
        threads += count
        ticks += sum(map(int, fields[11:15]))
        pages += int(fields[21])
    return Use(tuple(found), threads, ticks / TICKS, pages * PAGE)


def children(process: int, threads: int = 2) -> list[int]:
    """The processes whose parent is this one, or one of its threads."""
    try:
        names = [str(process)] if threads == 1 else [entry.name for entry in os.scandir(f"/proc/{process}/task")]
        return [int(child) for name in names for child in _read(f"/proc/{process}/task/{name}/children").split()]
    except OSError:
        return []


def memory(processes: tuple[int, ...]) -> int:
    """Bytes of processes, each shared page counted once. Slow: a millisecond for each 100 MB."""
    total = 0
    for process in processes:
        try:
            rollup = _read(f"/proc/{process}/smaps_rollup")
            total += int(rollup.partition(b"\nPss:")[2].split(maxsplit=1)[0]) << 10
        except (OSError, IndexError):
            continue
    return total


def end_all_children() -> None:
    """Kills everything below this process, which must be its subreaper, and waits for it.

    Stops them first, so that nobody forks away while others are looked for. Who loses its parent becomes a child of
    this process and is found in the next round; there are rounds until there is no child.
    """
    me = os.getpid()
    while True:
        seen: set[int] = set()
        while new := _below(me) - seen:
            for process in new:
                _signal(process, signal.SIGSTOP)
            seen |= new
        for process in seen:
            _signal(process, signal.SIGKILL)
        if _reap():
            return
        time.sleep(0.002)


def _below(top: int) -> set[int]:
    found: set[int] = set()
    waiting = children(top)
    while waiting:
        process = waiting.pop()
        if process not in found:
            found.add(process)
            waiting += children(process)
    return found


def _reap() -> bool:
    """Takes leave of all children that ended; says whether there is none left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _signal(process: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process, number)


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(file, 65536)
    finally:
        os.close(file)
