"""Remote components of packages in the repository are built; the others stay closed, and the plan says why."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

import pytest

from dolmen.engine import Plan, evaluate
from dolmen.engine.plan import FailureKind, Resource, Unknown

PROGRAM = Path(__file__).parent.parent / "programs/built_component"
HEADER = "name: built-component\nruntime: python\n"
REMOTE = """
import pulumi
import pulumi_random as random

class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None, **inputs):
        super().__init__("boxes:index:Box", name, {"login": None, **inputs}, opts, remote=True)

box = Box("box", length=20)
random.RandomPet("after", prefix=box.login)
"""


def small(folder: Path, project: str = "packages:\n  boxes: ./boxes\n") -> Path:
    """A project with one box, and the package of boxes beside it."""
    shutil.copytree(PROGRAM, folder, dirs_exist_ok=True)
    (folder / "__main__.py").write_text(REMOTE)
    (folder / "Pulumi.yaml").write_text(HEADER + project)
    return folder


def plan_of(folder: Path) -> Plan:
    return evaluate(folder, ["dev"])[0]


def named(plan: Plan, kind: str) -> Resource:
    (found,) = [one for one in plan if one.type.endswith(f":{kind}") and one.name == "box"]
    return found


def why_closed(plan: Plan) -> str:
    (note,) = [note for note in plan.notes if note.kind == "not-analysed"]
    assert plan.failure is None and [one.name for one in plan if one.type.startswith("boxes")] == ["box"], note
    return note.detail


@pytest.mark.parametrize(
    "project",
    [
        "packages:\n  boxes: ./boxes\n",
        "packages:\n  boxes: {source: boxes, version: 1.0.0}\n",
        "plugins:\n  providers: [{name: aws, path: elsewhere}, {name: boxes, path: ./boxes}]\n",
    ],
)
def test_what_is_inside_a_remote_component_is_in_the_plan(tmp_path: Path, project: str) -> None:
    plan = plan_of(small(tmp_path, project))
    assert plan.failure is None and not plan.notes
    password = named(plan, "RandomPassword")
    assert password.inputs["length"] == 20 and password.parent == named(plan, "Box").urn
    assert named(plan, "Box").source is not None and named(plan, "Box").source.file == "__main__.py"  # type: ignore[union-attr]
    assert password.source is not None and password.source.file == "boxes/box.py"
    after = next(one for one in plan if one.name == "after")
    assert after.inputs["prefix"] == Unknown() and named(plan, "RandomPet").urn in after.dependencies


def test_modules_of_one_name_are_those_of_their_own_side(tmp_path: Path) -> None:
    folder = small(tmp_path)
    program = folder / "__main__.py"
    program.write_text(
        f"import names\n{program.read_text()}\nimport names as again\npulumi.export('name', again.NAME)\n"
    )
    plan = plan_of(folder)
    assert named(plan, "RandomPassword").inputs["keepers"]["from"] == "of the package"  # type: ignore[index]
    assert plan.outputs["name"] == "of the program", "the package's modules would take the place of the program's"


def test_a_package_may_bring_packages_of_its_own(tmp_path: Path) -> None:
    folder = small(tmp_path)
    (folder / "boxes/PulumiPlugin.yaml").write_text("runtime: {name: python, options: {virtualenv: own}}\n")
    version = sysconfig.get_python_version()
    place = folder / f"boxes/own/lib/python{version}/site-packages"
    place.mkdir(parents=True)
    (place / "borrowed.py").write_text("NAME = 'from its own environment'\n")
    (folder / "boxes/names.py").write_text("from borrowed import NAME\n")
    assert named(plan_of(folder), "RandomPassword").inputs["keepers"]["from"] == "from its own environment"  # type: ignore[index]


CLOSED = {
    "nothing names it": ("", "", "not in a folder that the project file names"),
    "a package of a registry": ("packages:\n  boxes: other/boxes@1.0.0\n", "", "not in a folder"),
    "another language": ("packages:\n  boxes: ./boxes\n", "runtime: nodejs\n", "written for nodejs"),
    "no plugin": ("packages:\n  boxes: ./boxes\n", "[\n", "PulumiPlugin.yaml cannot be read"),
}


@pytest.mark.parametrize(("project", "plugin", "said"), CLOSED.values(), ids=CLOSED)
def test_a_component_that_cannot_be_built_stays_closed_and_says_why(
    tmp_path: Path, project: str, plugin: str, said: str
) -> None:
    folder = small(tmp_path, project)
    if plugin:
        (folder / "boxes/PulumiPlugin.yaml").write_text(plugin)
    plan = plan_of(folder)
    assert said in why_closed(plan)
    assert named(plan, "Box").remote and named(plan, "Box").inputs["length"] == 20, "its inputs would not be compared"


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("import no_such_module\n", "No module named 'no_such_module'"),
        ("import sys; sys.exit(3)\n", "SystemExit"),
        ("pass\n", "hosts no provider"),
    ],
)
def test_a_package_that_does_not_start_here_says_why(tmp_path: Path, start: str, said: str) -> None:
    folder = small(tmp_path)
    (folder / "boxes/__main__.py").write_text(start)
    assert said in why_closed(plan_of(folder))


def test_a_component_that_fails_ends_the_plan_as_it_ends_a_preview(tmp_path: Path) -> None:
    folder = small(tmp_path)
    (folder / "__main__.py").write_text(REMOTE.replace("length=20", "size=20"))
    failure = plan_of(folder).failure
    assert failure is not None and failure.kind is FailureKind.PROGRAM
    assert "Missing required input 'length'" in failure.message and "box" in failure.message
    assert failure.position is not None and failure.position.file == "__main__.py"
