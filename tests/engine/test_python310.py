"""Projects of Python 3.10, the oldest that Pulumi's SDK takes, are evaluated by their own interpreter."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from dolmen.engine import Plan, evaluate
from dolmen.review import REFUSALS

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "tests/programs"
READ_BY_IT = ("dolmen/engine", "dolmen/stackfile", "dolmen/knowledge", "dolmen/review", "policies")
FILLED_IN = {"StrEnum", "chdir", "UTC", "Self"}
NEW_IN_311 = FILLED_IN | {
    "ExceptionGroup", "BaseExceptionGroup", "TaskGroup", "tomllib", "LiteralString", "Never", "NotRequired", "Required",
    "assert_never", "assert_type", "file_digest", "reveal_type", "dataclass_transform", "IntFlagBoundary",
}  # fmt: skip
PACKAGES = ("pulumi", "pulumi-random", "pulumi-aws")
COMPARED = ("aliases", "encodes", "options", "touches_the_machine", "transforms", "values")


def test_what_it_runs_of_ours_is_python_310() -> None:
    unknown = set[str]()
    for file in (file for folder in READ_BY_IT for file in (ROOT / folder).rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"), feature_version=(3, 10))
        for node in ast.walk(tree):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            named += [node.attr] if isinstance(node, ast.Attribute) else []
            unknown |= {f"{file.relative_to(ROOT)}: {name}" for name in named if name in NEW_IN_311 - FILLED_IN}
    assert not unknown, "an evaluator of Python 3.10 would end where it reads this"


def _starts(python: str) -> bool:
    return subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    places = [shutil.which("python3.10"), *map(str, Path.home().glob(".pyenv/versions/3.10.*/bin/python"))]
    python = next((place for place in places if place and _starts(place)), None)
    if python is None:
        pytest.skip("there is no Python 3.10 here")
    folder = tmp_path_factory.mktemp("python310") / "own"
    subprocess.run([python, "-m", "venv", folder], check=True)
    pinned = [f"{name}=={version(name)}" for name in PACKAGES]
    subprocess.run([folder / "bin/pip", "install", "-q", "--no-compile", *pinned], check=True)
    return folder


def told(plan: Plan) -> str:
    """A plan without what differs between two evaluations of one program."""
    text = repr(replace(plan, seconds=0, surroundings=None))
    return re.sub(r"fingerprint='[0-9a-f]+'", "", text)


@pytest.mark.long
@pytest.mark.parametrize("name", COMPARED)
def test_its_plan_is_that_of_a_later_python(name: str, environment: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PROGRAMS / name, tmp_path / name))
    (later,) = evaluate(folder, ["dev"], observers=REFUSALS)
    program, settings = folder / "__main__.py", folder / "Pulumi.yaml"
    settings.write_text(
        re.sub(
            r"^runtime: python$",
            f"runtime: {{name: python, options: {{virtualenv: {environment}}}}}",
            settings.read_text(),
            flags=re.M,
        )
    )
    (own,) = evaluate(folder, ["dev"], observers=REFUSALS)
    assert told(own) == told(later)
    program.write_text("import sys, pulumi\npulumi.export('version', list(sys.version_info[:2]))\n")
    assert evaluate(folder, ["dev"])[0].outputs["version"] == [3, 10], "another Python evaluated it"
