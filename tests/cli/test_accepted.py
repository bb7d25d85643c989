"""What is accepted in the register, as a pipeline meets it."""

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.small_project import dolmen, write_project

READS_THE_REGISTER = """
from pathlib import Path
if "data-loss" not in Path("stacks/accepted.yaml").read_text():
    raise pulumi.RunError("Not accepted.")
"""


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The small project, committed; then the password of production grows, which replaces it."""
    write_project(tmp_path)
    _git(tmp_path, "init", "-q", "-b", "main")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-qm", "base")
    (tmp_path / "stacks" / "Pulumi.production.yaml").write_text("config:\n  shop:size: 64\n")
    return tmp_path


def accept(folder: Path, what: str, days: int = 30, resource: str = "login") -> None:
    until = date.today() + timedelta(days=days)
    (folder / "stacks" / "accepted.yaml").write_text(
        f"accepted:\n  - what: {what}\n    stack: production\n    resource: {resource}\n"
        f"    reason: Nobody logs in with it yet.\n    until: {until}\n"
    )


def test_an_accepted_effect_opens_the_gate_and_no_other_one(repository: Path) -> None:
    gate = ("plan", "--base", "HEAD", "--fail-on", "replacement", "--accept-new")
    assert dolmen(repository, *gate).returncode == 1
    accept(repository, "replacement")
    assert dolmen(repository, *gate).returncode == 0, "what is accepted on record stops a pipeline"
    accept(repository, "downtime")
    assert dolmen(repository, *gate).returncode == 1, "another effect was accepted"
    accept(repository, "replacement", days=-1)
    done = dolmen(repository, *gate)
    assert done.returncode == 1 and "was accepted until" in " ".join(done.stdout.split()), (
        "an acceptance would count for ever"
    )


@pytest.mark.parametrize("command", [("plan",), ("plan", "--base", "HEAD"), ("plan", "--format", "html")])
def test_a_register_with_a_mistake_is_refused_before_anything_is_evaluated(
    repository: Path, command: tuple[str, ...]
) -> None:
    accept(repository, "replacement", days=800)
    done = dolmen(repository, *command)
    assert done.returncode == 2, "wrong input is told apart from a failed program"
    assert "stacks/accepted.yaml has 1 problem" in done.stderr and "  6:12  accepted[0].until" in done.stderr
    assert done.stdout == "" and "Traceback" not in done.stderr


def test_each_side_of_a_review_is_evaluated_with_its_own_register(repository: Path) -> None:
    program = repository / "__main__.py"
    program.write_text(program.read_text() + READS_THE_REGISTER)
    accept(repository, "data-loss")
    _git(repository, "add", ".")
    _git(repository, "commit", "-qm", "the program needs what the register accepts")
    accept(repository, "data-loss", resource='"*"')
    done = dolmen(repository, "plan", "--base", "HEAD")
    assert "nothing changes" in done.stdout.lower(), done.stdout + done.stderr
    accept(repository, "downtime")
    done = dolmen(repository, "plan", "--base", "HEAD")
    assert "Not accepted." in done.stdout and "base cannot" not in done.stdout, (
        "the base is judged by the head's register"
    )
