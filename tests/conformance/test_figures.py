"""The figures that tests measure are shown at the end of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.figures import line

pytest_plugins = "pytester"

_TEST = """
def test_measures(figure):
    figure("answers of the example", 2, 3)

def test_fails_after_measuring(figure):
    figure("answers of the failing example", 1, 3)
    assert False
"""


@pytest.mark.long
@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_figures_stand_at_the_end_of_the_run_also_from_several_processes(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, processes: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pytester.makepyfile(_TEST)
    ended = pytester.runpytest_subprocess("-p", "tests.conformance.figures", *processes)
    said = ended.stdout.str()
    for expected in ("answers of the example: 2 of 3 = 66.6 %", "answers of the failing example: 1 of 3 = 33.3 %"):
        assert said.count(expected) == 1, f"a measured figure is not shown (or twice), and nobody sees it fall:\n{said}"


def test_only_full_agreement_reads_as_a_hundred_percent() -> None:
    assert "100.0" not in line("x", 9999, 10000), "a figure that is rounded up hides a disagreement"
    assert "100.0 %" in line("x", 10000, 10000), "full agreement must read as such"
