"""`dolmen doctor` says what a machine has, and which protections hold on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dolmen.cli.machine import State
from dolmen.cli.protected import protections, told
from dolmen.engine.closed.held import held
from dolmen.engine.closed.model import Protection
from tests.cli.small_project import dolmen, write_project
from tests.review.test_base import commit, run
from tests.review.test_brought_interpreter import look_alike

NAMED = "name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n"
LINUX = {"platform": "linux", "namespaces": [], "namespaces_why": "not permitted", "private_disk": False}
OPEN = {**LINUX, "landlock": 0, "landlock_why": "no Landlock", "seccomp_why": "no libseccomp"}


def looked(folder: Path, **environment: str) -> tuple[int, dict[str, Any]]:
    done = dolmen(folder, "doctor", "--format", "json", **environment)
    assert not done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def tool(found: dict[str, Any], name: str) -> dict[str, Any]:
    (one,) = [one for one in found["tools"] if one["name"] == name]
    return one


def test_a_machine_on_which_everything_works_says_so(tmp_path: Path) -> None:
    write_project(tmp_path)
    run(tmp_path, "git", "init", "-q")
    code, found = looked(tmp_path)
    assert (code, found["ready"]) == (0, True)
    assert tool(found, "Project")["said"].startswith("shop, in ")
    assert "Pulumi SDK" in tool(found, "Python")["said"]
    assert {one["name"] for one in found["protections"]} == {one.value for one in Protection}


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    write_project(tmp_path)
    _, found = looked(tmp_path)
    text = dolmen(tmp_path, "doctor").stdout
    for one in (*found["tools"], *found["protections"]):
        assert one["said"] in text
        assert (one["remedy"] or "") in text, "who reads the text is not told what to do"


def test_without_a_project_or_a_repository_it_still_answers(tmp_path: Path) -> None:
    code, found = looked(tmp_path)
    assert code == 0, "a tool that is only being installed is not broken"
    assert tool(found, "Project")["state"] == "missing"
    assert "plans do not" in tool(found, "Git")["remedy"]


def test_a_project_file_that_cannot_be_read_prevents_work(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("runtime: python\n")
    code, found = looked(tmp_path)
    assert (code, tool(found, "Project")["state"]) == (1, "stops")


def test_without_git_there_is_no_review(tmp_path: Path) -> None:
    write_project(tmp_path)
    code, found = looked(tmp_path, PATH=str(tmp_path))
    assert (code, tool(found, "Git")["state"]) == (1, "stops")
    assert "Install Git" in tool(found, "Git")["remedy"]


def test_an_interpreter_of_the_project_that_is_used_is_named(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    write_project(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text(NAMED)
    _, found = looked(tmp_path)
    assert "venv, Python 3." in tool(found, "Interpreter")["said"]
    assert "no Pulumi SDK" in tool(found, "Interpreter")["said"], "the next plan would fall back on other packages"


def test_an_interpreter_that_the_change_can_have_brought_is_not_even_asked(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text(NAMED)
    look_alike(tmp_path / "venv")
    run(tmp_path, "git", "init", "-q")
    commit(tmp_path, "with an environment")
    _, found = looked(tmp_path)
    assert not (tmp_path / "it-ran").exists(), "the doctor of a hostile tree would run its code"
    assert "venv is not used" in tool(found, "Interpreter")["said"]
    assert "--trust" in tool(found, "Interpreter")["remedy"]


def test_a_projects_name_cannot_command_the_build_server(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text('name: "x\\n::error::forged"\nruntime: python\n')
    done = dolmen(tmp_path, "doctor")
    assert "\n::error::" not in done.stdout, "a name in the tree would become an annotation of the job"


def test_what_is_said_of_this_machine_was_tried_on_it() -> None:
    found = {one.name: one for one in protections()}
    assert found["environment"].state is State.OK, "an empty environment needs nothing of the system"
    assert all(one.said for one in found.values())


@pytest.mark.parametrize(
    ("facts", "platform"), [(OPEN, "linux"), ({"platform": "darwin"}, "darwin")], ids=["bare Linux", "macOS"]
)
def test_every_protection_that_does_not_hold_says_why_and_what_to_do(facts: dict[str, Any], platform: str) -> None:
    missing = [one for one in told(held(facts), platform) if one.state is State.MISSING]
    assert {one.name for one in missing} >= {"network", "reading", "writing"}
    for one in missing:
        assert one.said.startswith("does not hold"), one
        assert one.remedy.endswith("."), f"{one.name}: nobody learns what to do"
