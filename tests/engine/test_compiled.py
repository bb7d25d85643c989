"""What is compiled once is kept, where no program can write and for nothing but the same source."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dolmen.engine import Plan, evaluate
from dolmen.engine.evaluator import pool

PROGRAM = """
import pulumi, pulumi_random as random
import helper
helper.make()
"""
HELPER = """
import pulumi_random as random

def make():
    random.RandomString("it", length=8)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "helper.py").write_text(HELPER)
    return folder


def plan(folder: Path) -> Plan:
    found = evaluate(folder, ["a"])[0]
    assert found.failure is None, found.failure
    return found


def places(found: Plan) -> list[str]:
    return [str(frame) for frame in found.resources[1].frames]


def test_packages_are_compiled_once_and_into_the_cache_alone(project: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    plan(project)
    kept = list((tmp_path / "cache/dolmen/imports/bytecode").rglob("*.pyc"))
    assert any("pulumi/resource" in str(path) for path in kept), "each start compiles the SDK anew: a second or more"
    assert not any(path.name.startswith(("helper", "__main__")) for path in kept), "what is the project's was imported"
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before, "the tree was written to"
    stamps = {path: path.stat().st_mtime_ns for path in kept}
    pool.end_all()
    plan(project)
    assert {path: path.stat().st_mtime_ns for path in kept} == stamps, "what was compiled was compiled again"


def test_no_program_writes_among_what_is_compiled(project: Path, tmp_path: Path) -> None:
    plan(project)
    target = tmp_path / "cache/dolmen/imports/bytecode/mine.pyc"
    (project / "helper.py").write_text(f"{HELPER}\nopen({str(target)!r}, 'w').write('x')\n")
    for _ in range(3):  # unknown, then known to import the helper, then known to touch something
        found = evaluate(project, ["a"])[0]
        assert found.failure is not None, "a program wrote where every later evaluator takes its modules from"
        assert not target.exists(), "a program wrote where every later evaluator takes its modules from"


def test_what_was_compiled_for_one_folder_says_another_folder_s_places(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for _ in range(2):  # the first run learns what the program imports
        first = places(plan(project))
    shutil.copytree(project, other)
    for _ in range(2):
        assert places(plan(other)) == first == ["helper.py:5", "__main__.py:4"], "places are of another folder"


def test_a_source_of_the_same_size_and_time_is_not_taken_for_another(project: Path) -> None:
    import os

    helper = project / "helper.py"
    for length in ("8", "9", "8", "9"):
        helper.write_text(HELPER.replace("length=8", f"length={length}"))
        os.utime(helper, ns=(10**18, 10**18))
        assert plan(project).resources[1].inputs["length"] == int(length), "another version of the program was run"
