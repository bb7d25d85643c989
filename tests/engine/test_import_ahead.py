"""A program's own modules are imported once for all stacks, if their import touches nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dolmen.engine import Plan, evaluate
from dolmen.engine.plan import Unknown

ROOT = Path(__file__).parents[2]
WATCHED = """
import json, sys
import pulumi, pydantic.fields, pydantic.main, pydantic.types  # as an evaluator has them
from pathlib import Path
type("First", (pydantic.BaseModel,), {"__module__": "x"})
from dolmen.engine.evaluator.ahead import Ahead, digest
folder = Path(sys.argv[1])
named = {str(file): file.stem for file in sorted(folder.glob("*.py"))}
ahead = Ahead({}, frozenset(named), [str(folder)])
ahead.run(folder, named)
print(json.dumps({name: ahead.found.get(digest(file)) for file, name in named.items()}), ahead.touched)
"""


def watched(folder: Path, **sources: str) -> dict[str, bool]:
    """Module → whether it was seen to touch nothing."""
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source)
    run = [sys.executable, "-c", WATCHED, str(folder)]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, bool] = eval(done.stdout.splitlines()[-1].rpartition(" ")[0], {"true": True, "false": False, "null": None})  # fmt: skip
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import os\nX = os.environ.get('HOME')",
        "import os\nX = os.getenv('HOME')",
        "from os import environ\nX = 'A' in environ",
        "import time\nX = time.time()",
        "from time import perf_counter as tick\nX = tick()",
        "import datetime\nX = datetime.datetime.now()",
        "from datetime import date\nX = date.today()",
        "import random\nX = random.random()",
        "import random\nX = random.Random().choice([1, 2])",
        "import uuid\nX = uuid.uuid4()",
        "import secrets\nX = secrets.token_hex()",
        "import os\nX = os.getpid()",
        "import os\nX = os.listdir('/')",
        "X = open('/etc/hostname').read()",
        "from pathlib import Path\nX = Path('/etc/hostname').read_text()",
        "from pathlib import Path\nX = Path(__file__).with_name('written').write_text('x')",
        "import socket\nX = socket.gethostname()",
        "import subprocess\nX = subprocess.run(['true'])",
        "import threading\nX = threading.Thread(target=print)\nX.start()\nX.join()",
        "import sys\nsys.path.append('/x')",
        "print('imported')",
        "import pulumi\nX = pulumi.Config('a')",
        "import pulumi\nX = pulumi.Output.from_input(1)",
        "import pulumi\nX = pulumi.get_stack()",
    ],
)
def test_a_module_that_touches_something_is_not_imported_ahead(tmp_path: Path, source: str) -> None:
    assert watched(tmp_path, dirty=source) == {"dirty": False}, "every stack would get what one process found"


def test_what_imports_such_a_module_is_not_imported_ahead_either(tmp_path: Path) -> None:
    found = watched(tmp_path, a="import b", b="import c", c="import time\nX = time.time()", d="X = 1")
    assert found == {"a": False, "b": False, "c": False, "d": True}


@pytest.mark.parametrize(
    "source",
    [
        "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int = 1",
        "import pydantic\nclass A(pydantic.BaseModel):\n    x: int = pydantic.Field(1, ge=1)",
        "import pulumi\nclass A(pulumi.ComponentResource):\n    pass",
        "import pulumi\n@pulumi.input_type\nclass A:\n    x: pulumi.Input[str]",
        "import re, enum, functools\nX = re.compile('a')\nclass E(enum.Enum):\n    A = 1",
        "from pathlib import Path\nX = Path(__file__).read_text()",
        "import threading\nX = threading.Lock()",
    ],
)
def test_an_ordinary_module_is_imported_ahead(tmp_path: Path, source: str) -> None:
    assert watched(tmp_path, clean=source) == {"clean": True}, "each stack would import it anew"


def test_a_module_that_fails_is_left_to_the_program(tmp_path: Path) -> None:
    assert watched(tmp_path, broken="raise ValueError", good="X = 1") == {"broken": False, "good": True}


PROGRAM = """
import chance, fixed
import pulumi
import pulumi_random as random
random.RandomString("it", length=fixed.LENGTH, keepers={"chance": chance.VALUE, "stack": pulumi.get_stack()})
pulumi.export("modules", fixed.__name__ + str(fixed.__spec__.loader.__class__.__name__ != "_Loader"))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "fixed.py").write_text("LENGTH = 8\n")
    (folder / "chance.py").write_text("import secrets\nVALUE = secrets.token_hex()\n")
    return folder


def chances(plans: list[Plan]) -> list[object]:
    assert all(plan.failure is None for plan in plans), [plan.failure for plan in plans]
    return [plan.resources[1].inputs["keepers"]["chance"] for plan in plans]  # type: ignore[index,call-overload]


def test_every_stack_has_its_own_chance(project: Path) -> None:
    for _ in range(3):  # the first run learns what the program imports, the second what that touches
        found = chances(evaluate(project, ["a", "b", "c"]))
        assert len({str(one) for one in found}) == 3, "stacks share what only one of them found"


def test_what_touches_nothing_is_there_before_the_program(project: Path) -> None:
    (project / "__main__.py").write_text(
        "import sys\nthere = sorted({'fixed', 'chance'} & set(sys.modules))\n"
        + PROGRAM
        + "pulumi.export('there', there)\n"
    )
    plans = [evaluate(project, ["a"])[0] for _ in range(3)]
    assert plans[-1].outputs["there"] == ["fixed"], "each stack imports the program's modules anew"


def test_plans_are_the_same_without(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "chance.py").write_text("VALUE = 'fixed'\n")
    ahead = [evaluate(project, ["a", "b"]) for _ in range(3)][-1]
    monkeypatch.setenv("DOLMEN_IMPORT_AHEAD", "0")
    without = evaluate(project, ["a", "b"])
    for one, other in zip(ahead, without, strict=True):
        assert one.resources == other.resources and one.outputs == other.outputs and one.notes == other.notes
        assert one.outputs == {"modules": "fixedTrue"} and one.resources[1].inputs["length"] != Unknown()


def test_an_edit_counts_at_once(project: Path) -> None:
    for length in (8, 9, 10):
        (project / "fixed.py").write_text(f"LENGTH = {length}\n")
        (plan,) = evaluate(project, ["a"])
        assert plan.resources[1].inputs["length"] == length, "a module of an earlier run was used"
