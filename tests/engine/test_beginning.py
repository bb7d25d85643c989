"""An evaluator is begun before it is known whether one is needed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dolmen.cli import early
from dolmen.engine.evaluator import beginning

BEGINS = """
import sys
from pathlib import Path
from dolmen.engine.evaluator import beginning
beginning.early()
(found,) = beginning._EARLY.values()
print(found[0]._asked[0].pid)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_one_that_nobody_asks_ends_with_the_command() -> None:
    done = subprocess.run([sys.executable, "-c", BEGINS], capture_output=True, text=True, check=True)
    warden = Path("/proc", done.stdout.strip())
    for _ in range(600):
        if not warden.exists() or ") Z" in warden.joinpath("stat").read_text():
            return
        time.sleep(0.1)
    raise AssertionError("a process of a command that has ended goes on for a minute")


@pytest.mark.parametrize(
    ("arguments", "project_file", "begins"),
    [
        (["production"], "name: shop\nruntime: python\n", True),
        (["--base", "main"], "name: shop\nruntime: python\n", True),
        (["--help"], "name: shop\nruntime: python\n", False),
        (["--env", "REGION"], "name: shop\nruntime: python\n", False),
        (["-C", "elsewhere"], "name: shop\nruntime: python\n", False),
        (["production"], "name: shop\nruntime:\n  name: python\n  options:\n    virtualenv: other\n", False),
        (["production"], None, False),
    ],
)
def test_it_is_begun_where_a_program_will_run_in_this_interpreter(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    project_file: str | None,
    begins: bool,
) -> None:
    if project_file is not None:
        (tmp_path / "Pulumi.yaml").write_text(project_file)
    monkeypatch.chdir(tmp_path)
    begun: list[bool] = []
    monkeypatch.setattr(beginning, "early", lambda: begun.append(True))
    early.begin(arguments)
    assert bool(begun) is begins, "a process is started in vain, or the command waits for one"


def test_a_project_s_own_environment_is_the_running_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime:\n  name: python\n  options:\n    virtualenv: .venv\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "prefix", os.fspath(tmp_path / ".venv"))
    begun: list[bool] = []
    monkeypatch.setattr(beginning, "early", lambda: begun.append(True))
    early.begin(["production"])
    assert begun, "the usual project waits for its evaluator"
