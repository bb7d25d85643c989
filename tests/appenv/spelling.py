"""Other spellings of a name or value that a driver reads alike."""

from __future__ import annotations

from collections.abc import Iterator


def spelt(text: str) -> Iterator[str]:
    """A text as it is, with its first letter encoded, and wholly encoded."""
    yield text
    yield f"%{ord(text[0]):02X}{text[1:]}"
    yield "".join(f"%{ord(c):02x}" for c in text)


def cases(name: str) -> Iterator[str]:
    yield from (name, name.lower(), name.upper())
