"""Finds the platform names that a stack file may hold, without reading it as YAML."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"""\bname["']?\s*:\s*["']?([A-Za-z0-9-]+)""")


def names_in(path: Path) -> frozenset[str]:
    """What follows a key `name`; nothing in a file that is no text: its own plan says what is wrong with it."""
    try:
        return frozenset(_NAME.findall(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        return frozenset()
