"""Messages between two processes over a stream socket: JSON of a limited size, with open files beside it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LARGEST = 64 * 1024 * 1024
"""Bytes of one message."""
_LENGTH = 8
"""Bytes that hold the size of what follows; the files travel with them."""
_MOST_FILES = 64


class BrokenError(Exception):
    """The other end is gone, or sent what is no message."""


@dataclass(frozen=True, slots=True)
class Message:
    content: Mapping[str, Any]
    files: tuple[int, ...] = ()
    """Descriptors, which now belong to whoever received them."""


def send(to: socket.socket, content: Mapping[str, Any], files: Sequence[int] = ()) -> None:
    """Raises `BrokenError` where nobody listens any more."""
    body = json.dumps(content, separators=(",", ":")).encode()
    try:
        socket.send_fds(to, [len(body).to_bytes(_LENGTH, "big")], list(files))
        to.sendall(body)
    except OSError as error:
        raise BrokenError(str(error)) from None


def receive(source: socket.socket) -> Message | None:
    """The next message; `None` at the end. Raises `BrokenError`."""
    try:
        head, files, _, _ = socket.recv_fds(source, _LENGTH, _MOST_FILES)
        if not head:
            return None
        size = int.from_bytes(head + _exactly(source, _LENGTH - len(head)), "big")
        if size > LARGEST:
            raise BrokenError(f"a message of {size} bytes")
        content = json.loads(_exactly(source, size))
    except (OSError, ValueError, RecursionError) as error:
        raise BrokenError(type(error).__name__) from None
    if not isinstance(content, dict):
        raise BrokenError("no object")
    return Message(content, tuple(files))


def _exactly(source: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = source.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise BrokenError("half a message")
        parts += part
    return bytes(parts)


def close(files: Sequence[int]) -> None:
    for file in files:
        os.close(file)
