"""Says what may be done inside, and which protections held."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

MIB = 1 << 20


class Limits(NamedTuple):
    """Bounds what the inside may use: bytes, counts, seconds."""

    memory: int = 2048 * MIB
    """Of one process: what it can write and shares with nobody. Beyond it the process itself gets an error."""
    memory_together: int = 3072 * MIB
    """Of all processes, shared memory counted once."""
    processes: int = 256
    """Processes and threads at the same time."""
    cpu_seconds: int = 900
    """Of all processes."""
    file_size: int = 256 * MIB
    open_files: int = 1024
    """Of one process."""
    disk: int = 512 * MIB
    """What the private temporary folder may hold."""
    files: int = 50_000
    """How many files the private temporary folder may hold."""


class Closing(NamedTuple):
    """What may be done inside."""

    read: tuple[str, ...] = ()
    """Files and folders that can be read and executed."""
    listed: tuple[str, ...] = ()
    """Folders whose names can be listed, with all folders below: not their files."""
    write: tuple[str, ...] = ()
    """Folders that can be written besides the private temporary folder."""
    limits: Limits = Limits()
    namespaces: bool = True
    """Whether to ask the kernel for namespaces; without them the rest still holds."""

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Closing:
        return cls(
            read=tuple(read["read"]),
            listed=tuple(read["listed"]),
            write=tuple(read["write"]),
            limits=Limits(**read["limits"]),
            namespaces=read["namespaces"],
        )

    def to_json(self) -> dict[str, Any]:
        return {**self._asdict(), "limits": self.limits._asdict()}


class Protection(StrEnum):
    """One thing that a hostile program is kept from."""

    ENVIRONMENT = "environment"
    """It sees no variable, descriptor or input of the judge but those passed."""
    NETWORK = "network"
    """It reaches nothing through a socket, Unix sockets included."""
    READING = "reading"
    """It reads no file but those named."""
    WRITING = "writing"
    """It writes, removes and renames nothing outside its folders, and changes no mode, owner or time there."""
    SYSTEM_CALLS = "system calls"
    """Calls that no program of ours needs are refused: less of the kernel is within reach."""
    PROCESSES = "processes"
    """It neither signals nor traces a process that isn't its own."""
    ENDING = "ending"
    """All that it started ends with it."""
    LIMITS = "limits"
    """Memory, processor, processes and disk are bounded, all processes together."""


class Hold(NamedTuple):
    """Whether one protection held, by what, or why not."""

    held: bool
    by: tuple[str, ...]
    """What held it, also where that is less than the whole."""
    why_not: str = ""
    """One sentence, where it did not hold."""


Held = Mapping[Protection, Hold]


class Ending(NamedTuple):
    """Why the inside ended."""

    reason: str
    """`finished`, `signal`, `limit`, `asked`, `judge` (its socket closed or it died) or `warden` (lost)."""
    code: int = 0
    """Exit code of a finished process, or the number of its signal."""
    limit: str = ""
    """Which field of `Limits` was passed."""
