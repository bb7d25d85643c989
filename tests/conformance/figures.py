"""Figures of agreement that tests measure, and the lines at the end of a run that show them.

A test asks for the fixture `figure` and calls `figure("simulated Check, Atlas: refused or accepted", 3440, 3444)`. The
figures travel on the test's report, so that they also arrive from the processes of `pytest -n 2`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pytest

_KEY = "figure"


class Figure(Protocol):
    """Keeps one figure of the running test: how many of how many agree."""

    def __call__(self, name: str, agree: int, total: int) -> None: ...


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Gives a test the call that keeps a figure for the summary."""

    def keep(name: str, agree: int, total: int) -> None:
        assert 0 <= agree <= total, f"{name}: {agree} of {total} is no figure"
        record_property(_KEY, [name, agree, total])

    return keep


def line(name: str, agree: int, total: int) -> str:
    """Say a figure; a percentage is rounded down, so that 100.0 % means all."""
    if not total:
        return f"{name}: nothing to compare"
    return f"{name}: {agree} of {total} = {agree * 1000 // total / 10:.1f} %"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every figure once, by name, those of failed tests too."""
    found: dict[str, tuple[int, int]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            for key, value in getattr(report, "user_properties", ()):
                if key == _KEY:
                    name, agree, total = value
                    found[name] = (agree, total)
    if found:
        terminalreporter.section("agreement with the real providers")
        for name, (agree, total) in sorted(found.items()):
            terminalreporter.write_line(line(name, agree, total))
