"""Names of files, stacks and arguments that hide something: the command says them in text that only says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.small_project import dolmen, write_project
from tests.review.test_base import commit, run
from tests.review.test_hostile_text import check

HIDES = "\x1b[31m\u202e\u200b\u2028x\x07"
PROGRAM = f"""
import pulumi, sys
H = {HIDES!r}
print("printed", H); print(H, file=sys.stderr)
pulumi.log.warn("warned " + H)
class Strange(pulumi.CustomResource):
    def __init__(self, name, inputs):
        super().__init__("a:b/" + H + ":C" + H, name, inputs)
class Around(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("a:" + H + ":K" + H, name)
Around("around" + H)
Strange("strange" + H, {{H: H, "value": pulumi.Config().get("value")}})
pulumi.export(H, H)
if pulumi.get_stack().startswith("raises"):
    raise ValueError("raised " + H)
"""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    (tmp_path / "stacks").mkdir()
    for name, content in (("good", "shop:value: 1"), ("raises", '"shop:\\e[31m": "1"'), ("wrong", "{.inf: 1}: 2")):
        (tmp_path / f"stacks/Pulumi.{name}{HIDES}.yaml").write_text(f"config:\n  {content}\n")
    return tmp_path


def test_a_plan_says_hostile_names_in_plain_text(hostile: Path) -> None:
    done = dolmen(hostile, "plan")
    assert done.returncode == 2 and "strange" in done.stdout and "raised" in done.stderr
    check("standard output", done.stdout)
    check("standard error", done.stderr)


def test_a_review_says_hostile_names_in_plain_text(hostile: Path) -> None:
    run(hostile, "git", "init", "-q", "-b", "main")
    commit(hostile, "base")
    (hostile / "__main__.py").write_text(PROGRAM.replace('"value": pulumi', '"other": pulumi'))
    done = dolmen(hostile, "plan", "--base", "HEAD", "--fail-on", "unknown")
    assert done.returncode == 2 and "strange" in done.stdout
    check("standard output", done.stdout)
    check("standard error", done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [("plan", HIDES), ("plan", "--format", HIDES), ("plan", "--base", HIDES), ("plan", "-o", f"{HIDES}/x"),
     ("plan", "-C", HIDES), ("plan", f"--no-such{HIDES}"), (HIDES,), ("gate", HIDES, HIDES)],
    ids=lambda arguments: " ".join(arguments).encode("ascii", "ignore").decode(),
)  # fmt: skip
def test_an_argument_that_hides_something_is_refused_before_it_is_repeated(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = dolmen(tmp_path, *arguments)
    assert done.returncode == 2 and done.stdout == "" and "cannot be seen" in done.stderr
    check("standard error", done.stderr)


def test_a_folder_that_is_none_is_not_searched_upwards(hostile: Path) -> None:
    done = dolmen(hostile, "plan", "-C", "nosuch")
    assert done.returncode == 2 and "is no folder" in done.stderr, "another project than the one named is planned"


COMMAND = "##vso[task.setvariable]x"


def test_a_gate_gives_a_build_server_no_commands(tmp_path: Path) -> None:
    done = dolmen(tmp_path, "gate", f"{COMMAND}.json", "preview.json")
    assert done.returncode == 2 and "task.setvariable" in done.stderr and "##vso[" not in done.stderr


def test_a_gate_on_no_folder_is_refused(tmp_path: Path) -> None:
    done = dolmen(tmp_path, "gate", "review.json", "preview.json", "--project", "nosuch")
    assert done.returncode == 2 and "nosuch is no folder" in done.stderr, "it is read as a project that has no file"


def test_a_plan_on_a_pipe_gives_a_build_server_no_commands(tmp_path: Path) -> None:
    (write_project(tmp_path) / "__main__.py").write_text(f"import pulumi\npulumi.log.warn({COMMAND!r})\n")
    for form in ("json", "markdown", "terminal"):
        done = dolmen(tmp_path, "plan", "staging", "--format", form)
        assert "task.setvariable" in done.stdout and "##vso[" not in done.stdout, form
