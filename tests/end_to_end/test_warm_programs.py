"""A warm host runs the program that stands in the folder now."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

RUN = """
import runpy, sys
from tests.cloud.nursery import tell_versions_apart
sys.dont_write_bytecode = False
tell_versions_apart(sys.argv[1])
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_a_program_of_the_same_second_and_size_is_another_program(tmp_path: Path) -> None:
    said = []
    for number, text in enumerate(("a, b = True, False", "a, b = False, True")):
        source = tmp_path / "__main__.py"
        source.write_text(f"{text}\nprint(a)\n")
        os.utime(source, ns=(0, 1_700_000_000_000_000_000 + number))
        run = [sys.executable, "-c", RUN, str(tmp_path)]
        said.append(subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip())
    assert any((tmp_path / "__pycache__").iterdir()), "nothing was compiled: this test shows nothing"
    assert said == ["True", "False"], "the engine ran yesterday's program, and a test judged its answer as today's"
