"""Watches what the inside uses altogether."""

from __future__ import annotations

import os
import sys
import time

from dolmen.engine.closed import descendants
from dolmen.engine.closed.model import Limits

INTERVAL, HURRY = 0.05, 0.01
"""Seconds between two looks; when half of the processes are there: a fork bomb doubles within milliseconds."""
SHARE = 0.02
"""Of the warden's time for exact looks at memory and for walks through the private folder."""


class Watch:
    """Looks at the processes of one inside again and again."""

    def __init__(self, limits: Limits, top: int, private: str) -> None:
        self.limits, self.top, self.private = limits, top, private
        self.interval = INTERVAL
        self.own_disk = False
        """Whether the private folder is a file system of its own, whose size the kernel holds."""
        self._memory = self._memory_at_most = self._disk = 0
        self._next_memory = self._next_disk = 0.0

    def passed(self) -> str:
        """The limit that is passed, or nothing."""
        if sys.platform != "linux":
            return ""
        limits = self.limits
        use = descendants.use(self.top, limits.processes + 1)
        self.interval = HURRY if use.threads > limits.processes / 2 else INTERVAL
        if use.threads - 1 > limits.processes:  # the top is ours
            return "processes"
        if use.cpu_seconds > limits.cpu_seconds:
            return "cpu_seconds"
        disk, full = self._space() if self.own_disk else (self._walk(), False)
        in_memory = disk if self.own_disk else 0
        if use.memory + in_memory > limits.memory_together and (
            self._exact_memory(use) + in_memory > limits.memory_together
        ):
            return "memory_together"
        return "disk" if full or disk > limits.disk else ""

    def _exact_memory(self, use: descendants.Use) -> int:
        """As often as its cost allows, and at once when what was spare could have been used up."""
        spare = self.limits.memory_together - self._memory
        if time.monotonic() >= self._next_memory or use.memory - self._memory_at_most > spare:
            start = time.monotonic()
            self._memory, self._memory_at_most = descendants.memory(use.processes), use.memory
            self._next_memory = time.monotonic() + (time.monotonic() - start) / SHARE
        return self._memory

    def _space(self) -> tuple[int, bool]:
        """Bytes in the private folder, and whether no more goes in."""
        try:
            space = os.statvfs(f"/proc/{self.top}/root{self.private}")
        except OSError:
            return 0, False
        return (space.f_blocks - space.f_bfree) * space.f_frsize, not space.f_bavail or not space.f_favail

    def _walk(self) -> int:
        """Bytes of the files in the private folder; those that were removed and are still open are not seen."""
        start = time.monotonic()
        if start >= self._next_disk:
            self._disk, files = 0, 0
            for folder, _, names in os.walk(self.private):
                files += len(names)
                for name in names:
                    try:
                        self._disk += os.lstat(f"{folder}/{name}").st_blocks * 512
                    except OSError:
                        continue
            if files > self.limits.files:
                self._disk = self.limits.disk + 1
            self._next_disk = time.monotonic() + max(INTERVAL, (time.monotonic() - start) / SHARE)
        return self._disk
