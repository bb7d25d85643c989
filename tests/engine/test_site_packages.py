"""The packages of a project are looked for where its interpreter finds them."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from dolmen.engine.project import read_project
from dolmen.engine.site_packages import site_packages

OURS = Path(sysconfig.get_paths()["purelib"]).resolve()


def project(folder: Path, runtime: str) -> tuple[Path, ...]:
    (folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: {runtime}\n")
    (folder / "__main__.py").touch()
    return site_packages(read_project(folder))


def environment(folder: Path, packages: str, python: str) -> Path:
    for made in (folder / packages, (folder / python).parent):
        made.mkdir(parents=True, exist_ok=True)
    (folder / python).touch()
    return (folder / packages).resolve()


@pytest.mark.parametrize(
    ("packages", "python"),
    [("lib/python3.12/site-packages", "bin/python"), ("Lib/site-packages", "Scripts/python.exe")],
)
def test_a_projects_own_environment_counts_and_no_other(tmp_path: Path, packages: str, python: str) -> None:
    made = environment(tmp_path / "venv", packages, python)
    found = project(tmp_path, "{name: python, options: {virtualenv: venv}}")
    assert found == (made,), "the documentation of another SDK than the program's is told"


def test_a_project_without_one_is_told_by_the_packages_that_evaluate_it(tmp_path: Path) -> None:
    assert OURS in project(tmp_path, "python")
    assert OURS in project(tmp_path, "{name: python, options: {virtualenv: missing}}")
