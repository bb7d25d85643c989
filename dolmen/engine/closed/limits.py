"""Bounds what one process may use: https://man7.org/linux/man-pages/man2/setrlimit.2.html."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from dolmen.engine.closed.model import Limits


def bind(limits: Limits, *, own_users: bool) -> None:
    """Sets the limits on this process and all that it starts.

    RLIMIT_DATA counts what a process can write and has to itself, and not address space that a runtime merely reserves.
    `own_users` says that the user's processes are counted in a user namespace of their own; else those that run already
    count too. Root's are not counted by the kernel at all: the warden counts.
    """
    bounds = [
        (resource.RLIMIT_DATA, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ]
    if sys.platform == "linux" and os.geteuid():
        running = 0 if own_users else _processes_of(os.geteuid())
        bounds.append((resource.RLIMIT_NPROC, running + limits.processes))
    for name, bound in bounds:
        hard = resource.getrlimit(name)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(name, (bound, bound))


def _processes_of(user: int) -> int:
    """Processes and threads of a user."""
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == user:
                found += sum(1 for _ in (process / "task").iterdir())
        except OSError:
            continue
    return found
