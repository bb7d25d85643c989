"""Canaries: values that stand for secrets, and a search for them in every spelling that a program might write."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus


def canary(purpose: str) -> str:
    """A value of its own for each secret, with characters that encodings change."""
    return f"cAnArY/{purpose}+0?=é"


def spellings(value: str) -> set[str]:
    raw = value.encode()
    return {
        value,
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        repr(value)[1:-1],
        base64.b64encode(raw).decode().rstrip("="),
        raw.hex(),
    }


def found(text: str, *values: str) -> list[str]:
    """The canaries in a text."""
    return [value for value in values if any(spelling in text for spelling in spellings(value))]
