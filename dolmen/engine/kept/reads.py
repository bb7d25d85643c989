"""What an evaluation read, as its process says: whether another one would give the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dolmen.engine.wire.encode import json_bytes
from dolmen.engine.wire.foreign import ForeignDataError, MisfitError, parsed
from dolmen.engine.wire.shapes import reader


@dataclass(frozen=True, slots=True)
class Reads:
    accounted: bool = False
    """Whether everything that it read is among what its plan is kept under."""
    stack_files: bool = True
    """Whether it looked at files of other stacks."""

    def __or__(self, other: Reads) -> Reads:
        """Of two processes that made one plan together."""
        return Reads(self.accounted and other.accounted, self.stack_files or other.stack_files)


def reads_json(reads: Reads) -> bytes:
    return json_bytes(reads)


def read_reads(data: Any) -> Reads:
    """What a process said of itself; of one that said nothing, nothing is known."""
    try:
        return reader(Reads)(parsed(data) if isinstance(data, bytes) else data)
    except (ForeignDataError, MisfitError):
        return Reads()
