"""A project is evaluated in its own environment, and finds nothing of ours there."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from dolmen.engine import Plan, evaluate

YAML = "name: own\nruntime:\n  name: python\n  options: {virtualenv: venv}\n"
PROGRAM = """
import sys
import pulumi
import speciality

pulumi.export("prefix", sys.prefix)
pulumi.export("speciality", speciality.NAME)
for name in ("components", "stacks", "policies"):
    try:
        __import__(name)
        pulumi.export(name, "found")
    except ImportError:
        pulumi.export(name, "missing")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with an environment that has Pulumi (borrowed from ours) and one package that ours lacks."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    (packages,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    (packages / "speciality.py").write_text('NAME = "own"\n')
    (packages / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    (tmp_path / "Pulumi.yaml").write_text(YAML)
    (tmp_path / "__main__.py").write_text(PROGRAM)
    return tmp_path


def plan(folder: Path) -> Plan:
    return evaluate(folder, ["dev"])[0]


def test_a_projects_own_environment_is_used(project: Path) -> None:
    found = plan(project)
    assert found.failure is None, found.failure
    assert found.outputs["speciality"] == "own"
    assert os.path.realpath(str(found.outputs["prefix"])) == os.path.realpath(project / "venv")
    assert not found.notes


def test_a_foreign_program_does_not_find_our_packages(project: Path) -> None:
    found = plan(project)
    assert {name: found.outputs[name] for name in ("components", "stacks", "policies")} == dict.fromkeys(
        ("components", "stacks", "policies"), "missing"
    ), "a foreign program that imports `components` must get its own or none"


def test_the_running_environment_takes_over_with_a_note(project: Path) -> None:
    (packages,) = (project / "venv" / "lib").glob("python*/site-packages")
    (packages / "borrowed.pth").unlink()
    (project / "__main__.py").write_text("import pulumi\npulumi.export('x', 1)\n")
    found = plan(project)
    assert found.failure is None and found.outputs == {"x": 1}
    (note,) = found.notes
    assert "pulumi package is not installed" in note.detail


@pytest.mark.parametrize("toolchain", ["uv", "poetry"])
def test_a_toolchains_environment_is_found_beside_or_above_the_project(project: Path, toolchain: str) -> None:
    inner = project / "services" / "one"
    inner.mkdir(parents=True)
    (project / ".git").mkdir()
    (project / "venv").rename(project / ".venv")
    (inner / "Pulumi.yaml").write_text(f"name: one\nruntime:\n  name: python\n  options: {{toolchain: {toolchain}}}\n")
    (inner / "__main__.py").write_text(PROGRAM)
    found = plan(inner)
    assert found.failure is None, found.failure
    assert found.outputs["speciality"] == "own"


def test_an_interpreter_that_fails_is_said(project: Path) -> None:
    python = project / "venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\nexit 9\n")
    python.chmod(0o755)
    (project / "__main__.py").write_text("import pulumi\npulumi.export('x', 1)\n")
    found = plan(project)
    assert found.failure is None and "exit code 9" in found.notes[0].detail
