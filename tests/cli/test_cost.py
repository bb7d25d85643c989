"""What `dolmen plan` says of cost, as a person and a pipeline meet it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.small_project import dolmen, write_project
from tests.cli.test_review_command import git

PROGRAM = "import pulumi_aws as aws\nfor name in {names}:\n    aws.secretsmanager.Secret(name)\n"
STACK = "config:\n  aws:region: us-west-2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A committed project with one secret; then it asks for three."""
    write_project(tmp_path)
    (tmp_path / "stacks" / "Pulumi.staging.yaml").unlink()
    (tmp_path / "stacks" / "Pulumi.production.yaml").write_text(STACK)
    (tmp_path / "__main__.py").write_text(PROGRAM.format(names=["one"]))
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "base")
    (tmp_path / "__main__.py").write_text(PROGRAM.format(names=["one", "two", "three"]))
    return tmp_path


def test_a_plan_ends_with_its_total_and_cost_shows_every_line(project: Path) -> None:
    done = dolmen(project, "plan", "--cost")
    assert done.returncode == 0, done.stderr
    assert "cost: 1.20 USD a month; not priced: secret reads (--cost shows how)" in done.stdout
    table = done.stdout[done.stdout.index("USD a month\n") :]
    assert "3 × Secret: secret" in table and "list price; AWS price list of us-west-2, 2026-10-06" in " ".join(
        table.split()
    )
    assert max(map(len, table.splitlines())) <= 80, "the table would break in a job's log"


def test_a_review_shows_before_after_and_difference(project: Path) -> None:
    done = dolmen(project, "plan", "--base", "HEAD", "--cost")
    assert "before         after    difference" in done.stdout
    assert "+0.80 and use" in done.stdout and "before: 0.40 USD a month" in done.stdout


def test_a_limit_stops_a_change_and_says_why(project: Path) -> None:
    done = dolmen(project, "plan", "--base", "HEAD", "--fail-on", "cost>0.5")
    assert done.returncode == 1
    assert "The change costs +0.80 USD a month, at worst more than 0.5 (cost>0.5)." in done.stderr
    assert dolmen(project, "plan", "--base", "HEAD", "--fail-on", "cost>1", "--fail-on", "cost-unknown").returncode == 0


@pytest.mark.parametrize("arguments", [["plan"], ["plan", "--base", "HEAD"]])
@pytest.mark.parametrize("name", ["prices.yaml", "list-prices.yaml"])
def test_a_wrong_file_of_prices_is_one_clear_error(project: Path, arguments: list[str], name: str) -> None:
    (project / "stacks" / name).write_text("currency: EUR\nprices:\n  secret: {unit: hour, us-west-2: cheap}\n")
    done = dolmen(project, *arguments)
    assert done.returncode == 2 and not done.stdout, "nothing half-done"
    assert f"stacks/{name} has" in done.stderr and "Traceback" not in done.stderr
    for place in ("1:1", "3:12", "3:24"):
        assert f" {place} " in done.stderr, "all problems at once, each with its place"


def test_own_prices_count_in_a_plan(project: Path) -> None:
    (project / "stacks" / "prices.yaml").write_text("prices:\n  secret: {unit: month, '*': 7}\n")
    done = dolmen(project, "plan", "--cost")
    assert "cost: 21 USD a month" in done.stdout and "own price" in done.stdout
