"""Pytest's side of the real engine: what happens to its tests where there is no CLI, and which tests are long.

Tests marked `engine` need a Pulumi CLI. On a person's machine without one (and without Go to build it) they are skipped
with one visible line; under `CI=true` each of them fails, because there a skipped test would prove nothing in silence.
Tests marked `long` take many seconds each: `.ci/run` runs all of them (`make long`, which sets DOLMEN_LONG=1). Tests
marked `soak` are the complete forms of fault and fuzz tests, run only when asked for (`make soak`, DOLMEN_SOAK=1).
"""

from __future__ import annotations

import os

import pytest

from tests.cloud.cli import Unavailable, distribution

_LINE = "real-engine tests skipped: "
_MISSING = pytest.StashKey[str]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = {mark for mark in ("long", "soak") if os.environ.get(f"DOLMEN_{mark.upper()}") == "1"}
    for mark in {"long", "soak"} - asked - ({"long"} if "soak" in asked else set()):
        later = [item for item in items if item.get_closest_marker(mark)]
        items[:] = [item for item in items if item not in later]
        config.hook.pytest_deselected(items=later)
    engine = [item for item in items if item.get_closest_marker("engine")]
    if not engine:
        return
    try:
        distribution()
    except Unavailable as reason:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            for item in engine:
                item.stash[_MISSING] = str(reason)
            return
        for item in engine:
            item.add_marker(pytest.mark.skip(reason=f"{_LINE}{reason}"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if reason := item.stash.get(_MISSING, None):
        pytest.fail(f"the real engine is missing, and under CI=true that is a failure: {reason}", pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if _LINE in reason:
            terminalreporter.write_line(reason.removeprefix("Skipped: "), yellow=True)
            return
