"""Time limits in tests: none may be one that a busy machine could reach."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

PATIENCE = 900.0
"""Seconds. Whatever hangs by mistake ends its test after these; nothing is measured by them."""


def growing() -> Iterator[float]:
    """Limits for a program that never ends, each twice the last: one of them is enough on any machine."""
    limit = 0.5
    while limit < PATIENCE:
        yield limit
        limit *= 2


def until(condition: Callable[[], object]) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
