"""Finds what is made up inside texts that a program encoded: base64, base32, hexadecimal, compressed or not.

Nothing of such a text can be shown. It becomes one mark, which names what it rests on and differs where the rest does.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib

from dolmen.engine import stand_ins
from dolmen.engine.stand_ins import mark

_DEEPEST = 4
_LARGEST = 1 << 20
"""Bytes that are unpacked."""
_GZIP = b"\x1f\x8b"
_RUN = re.compile(r"[A-Za-z0-9+/_-](?:[A-Za-z0-9+/_-]|\r?\n(?=[A-Za-z0-9+/_-])){14,}(?:={0,6})")
"""A text that may be encoded, perhaps over several lines, as in mail."""
_SIGNS = (
    *("YXNzdW1l", "Fzc3VtZW", "hc3N1bWVk"),  # "assumed" in base64, as it falls on one of three places
    "H4sI",  # what gzip makes, in base64
    *("617373756d6564", "1f8b08", "617373756D6564", "1F8B08"),  # both in hexadecimal
    *("MFZXG5LN", "QXG43V", "C43TOVWW", "LTON2W", "BONZXK3"),  # in base32, on one of five
)
"""What gives it away."""
_SHORTEST = 24
"""Characters of the shortest text that can hold a stand-in encoded."""
_TWICE = 52
"""Letters and digits in a row that may have been encoded twice. Of a shorter run without a sign nothing is decoded."""
_ALIKE = bytes(ord("a") if chr(code).isalnum() and code < 128 else ord(" ") for code in range(256))
_LONG = b"a" * _TWICE
_URL_SAFE = str.maketrans("-_", "+/")


def may_hold(data: bytes) -> bool:
    """Whether data can hold a stand-in at all, plain or encoded: a quick look that may say yes too often."""
    text = data.decode("latin-1")
    return stand_ins.may_hold(text) or _suspicious(text)


def shown(text: str) -> str:
    """The text with a mark in place of each encoded part that holds a stand-in."""
    return _RUN.sub(_mark, text) if stand_ins.minted() and _suspicious(text) else text


def _suspicious(text: str) -> bool:
    return len(text) >= _SHORTEST and (
        any(sign in text for sign in _SIGNS)
        or (len(text) >= _TWICE and _LONG in text.encode("ascii", "replace").translate(_ALIKE))
    )


def _mark(found: re.Match[str]) -> str:
    run = found.group()
    for kind, decoded in _decoded("".join(run.split())):
        inner = _unpacked(decoded, _DEEPEST)
        label = stand_ins.label_in(inner) if inner else None
        if label is not None:
            digest = hashlib.sha256(stand_ins.shown(inner).encode("utf-8", "surrogatepass")).hexdigest()[:8]
            end = "\n" if run.endswith("\n") else ""
            return mark(f"{kind} of {label}, {digest}") + end
    return run


def _decoded(run: str) -> list[tuple[str, bytes]]:
    bare = run.rstrip("=")
    found: list[tuple[str, bytes]] = []
    ways = [("hex", _hex, bare), ("base32", _base32, bare)]
    ways += [("base64", _base64, bare[start:]) for start in range(4)]  # what stands before it may look like a part
    for kind, decode, text in ways:
        try:
            found.append((kind, decode(text)))
        except (ValueError, binascii.Error):
            continue
    return found


def _hex(text: str) -> bytes:
    return bytes.fromhex(text)


def _base32(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8), casefold=True)


def _base64(text: str) -> bytes:
    return base64.b64decode(text.translate(_URL_SAFE) + "=" * (-len(text) % 4))


def _unpacked(data: bytes, depth: int) -> str:
    """The innermost text of what may be compressed, or encoded again."""
    if data.startswith(_GZIP):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, _LARGEST)
        except zlib.error:
            return ""
    text = data.decode("utf-8", "replace")
    if depth and not stand_ins.holds(text) and _suspicious(text):
        for run in _RUN.finditer(text):
            for _, decoded in _decoded("".join(run.group().split())):
                inner = _unpacked(decoded, depth - 1)
                if stand_ins.holds(inner):
                    return text[: run.start()] + inner + text[run.end() :]
    return text
