"""The wheel alone, in an empty folder: what a team has that owns nothing but its stack files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.library.wheel import PROGRAM, ROOT, build_wheel, clone, environment_with, tracked

PROJECT = "name: dolmen\nruntime: python\nstackConfigDir: stacks\n"
STACKS = sorted(path.name for path in (ROOT / "stacks").glob("Pulumi.*.yaml"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return build_wheel(clone(folder / "clone"), folder / "built")


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment_with(wheel, tmp_path_factory.mktemp("environment") / "venv")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that a team owns: the project file, three lines, stack files and what it accepts."""
    folder = tmp_path_factory.mktemp("team")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "stacks").mkdir()
    for path in (ROOT / "stacks").glob("*.yaml"):
        (folder / "stacks" / path.name).write_bytes(path.read_bytes())
    return folder


def planned(command: list[str], folder: Path, home: Path) -> dict[str, Any]:
    done = subprocess.run(
        [*command, "plan", "--json", "--no-policies"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"HOME": str(home)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        plan["stack"]: [(resource["urn"], resource["inputs"]) for resource in plan["resources"]]
        for plan in json.loads(done.stdout)["plans"]
    }


@pytest.mark.long
def test_the_wheel_plans_the_same_platforms_as_the_checkout(environment: Path, repository: Path) -> None:
    ours = planned([sys.executable, "-m", "dolmen"], ROOT, repository)
    theirs = planned([str(environment / "bin" / "dolmen")], repository, repository)
    assert theirs.keys() == ours.keys() and len(ours) == len(STACKS)
    for stack, resources in ours.items():
        assert resources, stack
        assert theirs[stack] == resources, f"who installs Dolmen gets another {stack} than the checkout's tests saw"


@pytest.mark.long
def test_the_command_finds_the_project_from_any_folder_below(environment: Path, repository: Path) -> None:
    done = subprocess.run(
        [environment / "bin" / "dolmen", "plan", "production", "--no-policies"],
        cwd=repository / "stacks",
        capture_output=True,
        text=True,
        env={"HOME": str(repository)},
    )
    assert done.returncode == 0, done.stderr
    assert "to create" in done.stdout


@pytest.mark.long
def test_the_template_of_the_wheel_is_a_project_that_plans_with_its_policies(environment: Path, tmp_path: Path) -> None:
    (packages,) = environment.glob("lib/python3*/site-packages")
    shutil.copytree(packages / "dolmen" / "template", tmp_path / "team")
    (tmp_path / "team" / ".venv").symlink_to(environment)
    done = subprocess.run(
        [environment / "bin" / "dolmen", "plan"],
        cwd=tmp_path / "team",
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "to create" in done.stdout and "policies, none broken" in done.stdout, done.stdout


@pytest.mark.long
def test_the_command_says_which_version_it_is(environment: Path) -> None:
    done = subprocess.run([environment / "bin" / "dolmen", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("dolmen 0."), done.stdout + done.stderr


@pytest.mark.long
def test_a_mistake_in_a_stack_file_reads_the_same_as_in_the_checkout(environment: Path, repository: Path) -> None:
    path = repository / "stacks" / "Pulumi.production.yaml"
    right = path.read_text()
    path.write_text(right.replace("electableNodes: 3", "electableNodes: 4"))
    try:
        done = subprocess.run(
            [environment / "bin" / "dolmen", "plan", "production"],
            cwd=repository,
            capture_output=True,
            text=True,
            env={"HOME": str(repository)},
        )
    finally:
        path.write_text(right)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "stacks/Pulumi.production.yaml" in done.stderr and "electableNodes" in done.stderr
    assert "Traceback" not in done.stderr


def test_everything_lies_below_dolmen(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names}
    assert top == {"dolmen", next(name for name in top if name.endswith(".dist-info"))}, (
        "a top-level package called `components` would collide with the user's own"
    )
    for expected in ("dolmen/components/platform/__init__.py", "dolmen/policies/PulumiPolicy.yaml"):
        assert expected in names
    assert not [name for name in names if "/tests/" in name or name.endswith(".pyc")]


def test_every_data_file_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        name if name.startswith("dolmen/") else f"dolmen/{name}"
        for name in tracked()
        if name.startswith(("dolmen/", "components/", "policies/"))
    }
    assert ours <= names, f"the wheel would fail where the checkout does not: {sorted(ours - names)}"


def test_the_component_package_needs_what_the_wheel_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ranges = {*project["dependencies"], *project["optional-dependencies"]["platform"]}
    lines = (ROOT / "components" / "requirements.txt").read_text().splitlines()
    needed = [line for line in lines if not line.startswith("#")]
    assert needed and set(needed) <= ranges, "the package would run with other providers than those that were tested"
