"""A kept plan is the plan that an evaluation would give, and it is nobody else's."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine import cache, evaluate, evaluation
from dolmen.engine.evaluator.client import Evaluator
from dolmen.engine.kept import inputs, plans
from dolmen.engine.plan import Plan, Secret
from tests.time_limits import PATIENCE

PROGRAMS = Path(__file__).parents[2] / "programs"
NEVER_END = {"hangs", "spins"}
RACE = {"asynchronous"}
"""Programs that register in the order in which threads and timers end."""
START_A_COMMAND = {"touches_the_machine"}
PROGRAM = """
import pulumi
config = pulumi.Config()
pulumi.export("size", config.require("size"))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's folder for this module: an evaluator serves one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield cache.folder()


@pytest.fixture
def runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of stacks of each run of an evaluator."""
    asked: list[int] = []
    run = Evaluator.run

    def counted(self: Evaluator, orders: Sequence[Any], *rest: Any) -> Any:
        asked.append(len(orders))
        return run(self, orders, *rest)

    monkeypatch.setattr(Evaluator, "run", counted)
    return asked


@pytest.fixture
def project(tmp_path: Path) -> Path:
    home = tmp_path / "shop"
    home.mkdir()
    (home / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (home / "__main__.py").write_text(PROGRAM)
    for stack in ("one", "two", "three"):
        (home / f"Pulumi.{stack}.yaml").write_text(f"config:\n  shop:size: {len(stack)}\n")
    return home


def planned(home: Path, *stacks: str, **options: Any) -> list[Plan]:
    found = evaluate(home, stacks or ("one", "two", "three"), keep=True, timeout=PATIENCE, **options)
    return [replace(plan, seconds=0.0) for plan in found]


# ---- the same


@pytest.mark.parametrize("name", sorted({path.name for path in PROGRAMS.iterdir() if path.is_dir()} - NEVER_END))
def test_a_kept_plan_is_the_plan_of_a_fresh_evaluation(
    name: str, tmp_path: Path, runs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / name
    shutil.copytree(PROGRAMS / name, home)
    lookups = home / "lookups.yaml"
    stacks = sorted(path.name.split(".")[1] for path in home.glob("Pulumi.*.yaml")) or ["dev"]
    given: dict[str, Any] = {"lookups": lookups} if lookups.exists() else {}
    first = planned(home, *stacks, **given)
    before = len(runs)
    second = planned(home, *stacks, **given)
    if name not in START_A_COMMAND and all(plan.failure is None for plan in first):
        assert len(runs) == before, "an ordinary program is evaluated at each look"
    key = plans.fingerprint_key(home)
    monkeypatch.setattr(evaluation, "run_key", lambda *_, **__: key)
    fresh = [replace(plan, seconds=0.0) for plan in evaluate(home, stacks, timeout=PATIENCE, **given)]
    assert second == first, "a reviewer would see another plan at a second look"
    if all(plan.failure is None for plan in fresh) and "not the same twice" not in str(fresh):
        if name in RACE:
            second, fresh = map(_in_order, (second, fresh))
        assert second == fresh, "a kept plan hides what the program does now"


def _in_order(found: list[Plan]) -> list[Plan]:
    return [replace(plan, resources=tuple(sorted(plan.resources, key=lambda one: one.urn))) for plan in found]


# ---- not again


def test_what_has_not_changed_is_not_evaluated_again(project: Path, runs: list[int]) -> None:
    first = planned(project)
    assert runs == [3]
    assert planned(project) == first
    assert runs == [3], "an unchanged stack costs as much as a new one"


def test_an_edit_of_one_stack_file_evaluates_that_stack_alone(project: Path, runs: list[int]) -> None:
    planned(project)
    (project / "Pulumi.two.yaml").write_text("config:\n  shop:size: 22\n")
    found = planned(project)
    assert runs == [3, 1], "one edit among fifty stacks costs fifty evaluations"
    assert [plan.outputs["size"] for plan in found] == ["3", "22", "5"]


CHANGES = {
    "the program": lambda home: (home / "__main__.py").write_text(PROGRAM + "pulumi.export('more', 1)\n"),
    "a module that nobody imports": lambda home: (home / "other.py").write_text("x = 1\n"),
    "a file's mode": lambda home: (home / "__main__.py").chmod(0o755),
    "a link": lambda home: (home / "link").symlink_to("__main__.py"),
    "an empty folder": lambda home: (home / "empty").mkdir(),
    "a compiled module": lambda home: (
        (home / "__pycache__").mkdir(),
        (home / "__pycache__/x.cpython-311.pyc").write_bytes(b"x"),
    ),
    "the project file": lambda home: (home / "Pulumi.yaml").write_text("name: shop\nruntime: python\ndescription: x\n"),
    "another stack's being there": lambda home: (home / "Pulumi.four.yaml").write_text("config: {}\n"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_is_evaluated_again_after_a_change_of(what: str, project: Path, runs: list[int]) -> None:
    planned(project, "one")
    CHANGES[what](project)
    planned(project, "one")
    assert runs == [1, 1], f"a plan from before a change of {what} is shown"


def test_a_file_of_the_same_size_and_time_is_seen_to_have_changed(project: Path, runs: list[int]) -> None:
    file = project / "__main__.py"
    planned(project, "one")
    status = file.stat()
    file.write_text(PROGRAM.replace('"size", ', '"area", '))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size
    assert "area" in planned(project, "one")[0].outputs


def test_options_have_plans_of_their_own(project: Path, runs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    planned(project, "one")
    planned(project, "one", organization="other")
    planned(project, "one", lookups={"a:b:c": {"result": {"x": 1}}})
    monkeypatch.setenv("PLACE", "here")
    planned(project, "one", passed=("PLACE",))
    monkeypatch.setenv("PLACE", "there")
    planned(project, "one", passed=("PLACE",))
    assert runs == [1] * 5, "one option's plan is taken for another's"


def test_without_keeping_nothing_is_taken_and_nothing_kept(project: Path, folder: Path, runs: list[int]) -> None:
    planned(project, "one")
    before = sorted((folder / plans.KIND).iterdir())
    evaluate(project, ["one"], timeout=PATIENCE)
    assert runs == [1, 1]
    assert sorted((folder / plans.KIND).iterdir()) == before


def test_nothing_is_kept_under_a_tool_that_is_no_longer_the_one_that_runs(
    project: Path, runs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(inputs._RUNNING, "tool", ["what it was when this process began"])  # pyright: ignore[reportPrivateUsage]
    planned(project, "one")
    planned(project, "one")
    assert runs == [1, 1], "a plan of the old tool is shown as the new one's"


def test_a_tree_that_is_saved_while_its_program_runs_is_not_kept(
    project: Path, runs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Evaluator.run

    def saved(self: Evaluator, *rest: Any) -> Any:
        found = run(self, *rest)
        (project / "__main__.py").write_text(PROGRAM + "pulumi.export('saved', 1)\n")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Evaluator, "run", saved)
        planned(project, "one")
    (project / "__main__.py").write_text(PROGRAM)
    planned(project, "one")
    assert runs[-1] == 1 and len(runs) == 2, "which of two programs was evaluated, nobody knows"


# ---- what others hold


def test_a_program_that_reads_other_stacks_files_is_evaluated_after_their_edits(project: Path, runs: list[int]) -> None:
    (project / "__main__.py").write_text(f"{PROGRAM}pulumi.export('other', open('Pulumi.two.yaml').read())\n")
    planned(project, "one")
    planned(project, "one")
    assert runs == [1], "what reads another stack's file is kept under that file, too"
    (project / "Pulumi.two.yaml").write_text("config: {shop:size: 8}\n")
    (plan,) = planned(project, "one")
    assert runs == [1, 1]
    assert plan.outputs["other"] == "config: {shop:size: 8}\n"


# ---- never kept

UNLIKE = {
    "a clock": "import datetime; got = datetime.datetime.now()",
    "a clock under another name": "from datetime import datetime as d; read = d.utcnow; got = read()",
    "the day": "import datetime; got = datetime.date.today()",
    "time": "import time; got = time.time()",
    "a moment as text": "import time; got = time.strftime('%H')",
    "chance": "import random; got = random.random()",
    "a generator of chance": "import random; got = random.Random().random()",
    "secrets": "import secrets; got = secrets.token_hex()",
    "the system's chance": "import os; got = os.urandom(4)",
    "a device of chance": "got = open('/dev/urandom', 'rb').read(4)",
    "a unique id": "import uuid; got = uuid.uuid4()",
    "a unique id as a default": "import uuid, dataclasses\n@dataclasses.dataclass\nclass C:\n    x: object = dataclasses.field(default_factory=uuid.uuid4)\ngot = C()",
    "times of files": "import os; got = os.path.getmtime('Pulumi.yaml')",
    "times of files in an archive": "import zipfile; got = zipfile.ZipFile('x.zip', 'w').write('Pulumi.yaml')",
    "a number of the process": "import os; got = os.getpid()",
    "a file of the system": "got = open('/etc/passwd').read()",
    "a folder of the system": "import os; got = os.listdir('/etc')",
}


@pytest.mark.parametrize("what", UNLIKE)
def test_a_plan_is_not_kept_and_says_so_where_its_program_reads(what: str, project: Path, runs: list[int]) -> None:
    (project / "__main__.py").write_text(f"import pulumi\n\n{UNLIKE[what]}\npulumi.export('got', str(got))\n")
    first, second = (planned(project, "one")[0] for _ in range(2))
    assert runs == [1, 1], f"a plan that depends on {what} is shown as it was once"
    (said,) = (note.detail for note in second.notes if note.subject == "not the same twice")
    assert first.notes == second.notes or "a file" not in what
    assert "__main__.py:" in said, "nobody finds the line"


ALIKE = {
    "seeded chance": "import random; random.seed(4); got = random.random()",
    "a seeded generator": "import random; got = random.Random('shop').random()",
    "a date that is written": "import datetime; got = datetime.date(2026, 1, 1).isoformat()",
    "a log": "import logging; logging.warning('x'); got = 1",
    "a scratch file": "import tempfile\nwith tempfile.TemporaryFile() as file:\n    got = file.write(b'x')",
    "a file of its own": "got = open('Pulumi.yaml').read()",
    "a type of a file": "import mimetypes; got = mimetypes.guess_type('x.html')",
    "a moment of its own": "import time; got = time.strftime('%Y', time.gmtime(0))",
    "who it is": "import platform; got = platform.system()",
}


@pytest.mark.parametrize("what", ALIKE)
def test_a_plan_is_kept_where_its_program_reads(what: str, project: Path, runs: list[int]) -> None:
    (project / "__main__.py").write_text(f"import pulumi\n{ALIKE[what]}\npulumi.export('got', str(got))\n")
    first, second = (planned(project, "one")[0] for _ in range(2))
    assert first.failure is None, first.failure
    assert first == second
    assert runs == [1], f"a program that reads {what} is evaluated again and again"
    assert not [note for note in first.notes if note.subject == "not the same twice"]


UNKNOWN = {
    "starts a command": "import subprocess; got = subprocess.run(['date'], capture_output=True).stdout",
    "calls C": "import ctypes; got = ctypes.CDLL(None).getpid()",
    "names its own temporary folder": "import os; got = os.environ['HOME']",
    "shows where an object lies": "got = object()",
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_a_plan_is_not_kept_where_its_program(what: str, project: Path, runs: list[int]) -> None:
    (project / "__main__.py").write_text(f"import pulumi\n{UNKNOWN[what]}\npulumi.export('got', str(got))\n")
    planned(project, "one")
    planned(project, "one")
    assert runs == [1, 1], "a plan is shown as it was once, and nobody knows whether it is so now"


@pytest.mark.parametrize("program", ["raise Exception('x')", "import os; os._exit(3)", "import os; os.abort()"])
def test_a_failed_evaluation_is_not_kept(program: str, project: Path, runs: list[int]) -> None:
    (project / "__main__.py").write_text(program)
    planned(project, "one")
    planned(project, "one")
    assert runs == [1, 1], "a failure that came of the machine would stay"


# ---- secrets


def test_secrets_are_compared_and_never_written(
    project: Path, folder: Path, runs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    canary, passed = "canary-a81c-of-the-program", "canary-b92d-of-the-environment"
    written = "canary-c03e-of-the-stack-file"
    (project / "Pulumi.one.yaml").write_text(f"config:\n  shop:password: {written}\n")
    monkeypatch.setenv("PASSED_TOKEN", passed)
    (project / "__main__.py").write_text(
        "import os, pulumi\npulumi.export('a', pulumi.Output.secret('can' + 'ary-a81c-of-the-program'))\n"
        "pulumi.export('b', os.environ['PASSED_TOKEN'])\npulumi.export('c', pulumi.Config().get('password'))\nprint(os.environ['PASSED_TOKEN'], 'can' + 'ary-a81c-of-the-program')\n"
    )
    first, second = (planned(project, "one", passed=("PASSED_TOKEN",))[0] for _ in range(2))
    assert runs == [1]
    assert first == second
    assert isinstance(first.outputs["a"], Secret)
    again = planned(project, "two", passed=("PASSED_TOKEN",))[0]
    assert again.outputs["a"] == first.outputs["a"], "a kept base would differ from a head in every secret"
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert canary.encode() not in data, f"{path} holds a secret"
            assert passed.encode() not in data, f"{path} holds a variable of the environment"
            assert written.encode() not in data, f"{path} holds a secret of the stack file"
