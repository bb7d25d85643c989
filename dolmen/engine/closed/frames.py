"""Sends and receives JSON with its length before it."""

from __future__ import annotations

import json
import socket
from typing import Any

LARGEST = 4 << 20
"""Bytes of one message. A longer one is refused unread."""


def send(to: socket.socket, message: object) -> None:
    body = json.dumps(message, default=str).encode()
    to.sendall(len(body).to_bytes(4, "big") + body)


def receive(source: socket.socket) -> dict[str, Any] | None:
    """The next message, or None if the other end is closed."""
    head = _exactly(source, 4)
    if head is None:
        return None
    length = int.from_bytes(head, "big")
    if length > LARGEST:
        raise ValueError(f"a message of {length} bytes is longer than {LARGEST}")
    body = _exactly(source, length)
    return None if body is None else json.loads(body)


def _exactly(source: socket.socket, length: int) -> bytes | None:
    read = bytearray()
    while len(read) < length:
        try:
            some = source.recv(length - len(read))
        except ConnectionResetError:
            return None
        if not some:
            return None
        read += some
    return bytes(read)
