"""Files without a name, through which a child hands over what it made.

The judging process makes them, since memory that belongs to no process is refused inside.
"""

from __future__ import annotations

import os
import sys
import tempfile


def nameless(label: str) -> int:
    """A new file, inherited by forks alone. In memory where the system has that: some of it is secret."""
    if sys.platform == "linux":
        return os.memfd_create(label, os.MFD_CLOEXEC)
    handle, name = tempfile.mkstemp(prefix=label)
    os.unlink(name)  # noqa: PTH108
    return handle


def write_whole(file: int, data: bytes) -> None:
    """Write from the beginning; whoever wrote before is overwritten."""
    os.ftruncate(file, 0)
    rest, at = memoryview(data), 0
    while rest:
        written = os.pwrite(file, rest, at)
        rest, at = rest[written:], at + written


def read_whole(file: int, limit: int) -> bytes:
    """What is in a file, up to a limit and one byte more."""
    parts = bytearray()
    while len(parts) <= limit and (part := os.pread(file, min(1 << 20, limit + 1 - len(parts)), len(parts))):
        parts += part
    return bytes(parts)
