"""What cannot be done is refused with one line before anything is read, run or written."""

from __future__ import annotations

import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.small_project import dolmen, write_project
from tests.cli.test_review_command import git


@pytest.fixture
def probe(tmp_path: Path) -> Path:
    """A committed project."""
    folder = tmp_path / "project"
    folder.mkdir()
    write_project(folder)
    (folder / "__main__.py").write_text("import pulumi\n")
    (tmp_path / "state.json").write_text("{}")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "base")
    return folder


STATE = "../state.json"


def plan(probe: Path, *arguments: str) -> CompletedProcess[str]:
    """Whoever evaluates keeps in the cache which modules were used: that is the trace of it."""
    return dolmen(probe, "plan", *arguments, XDG_CACHE_HOME=str(probe.parent / "trace"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--base", "HEAD", "--state", STATE], "not both"),
        (["--state", STATE], "belongs to one stack"),
        (["staging", "production", "--state", STATE], "belongs to one stack"),
        (["production", "--state", "../missing.json"], "missing.json cannot be read"),
        (["production", "--state", STATE], "not a stack export"),
        (["--base-sdist", "docopt"], "--base-sdist"),
        (["--base", "HEAD", "--base-sdist", "-e ."], "names no package"),
        (["--base-exact"], "--base-exact"),
        (["--base", "no-such-branch"], "no-such-branch names no commit"),
        (["--fail-on", "data-loss"], "--fail-on data-loss judges a change"),
        (["--fail-on", "policy", "--no-policies"], "--no-policies"),
        (["--output", "missing/report"], "there is no folder missing"),
        (["--output", "Pulumi.yaml/report"], "there is no folder Pulumi.yaml"),
        (["--base", "HEAD", "--output", "stacks"], "stacks is a folder"),
        (["prodution"], "Did you mean production?"),
        (["--base", "HEAD", "prodution"], "Did you mean production?"),
        (["--details", "--format", "html"], "--details is for --format terminal"),
        (["--details", "--json"], "--details is for --format terminal"),
        (["--details", "--base", "HEAD"], "--details"),
        (["--cost", "--json"], "--cost is for --format terminal"),
        (["--fail-on", "cost>5"], "--fail-on cost>5 judges a change"),
        (["--fail-on", "cost>lots"], "cost>20%"),
        (["--json", "--format", "sarif"], "--json is --format json"),
        (["--without-file"], "--without-file"),
        (["--lookups", "missing.yaml"], "missing.yaml"),
        (["--format", "pdf"], "pdf"),
        (["--fail-on", "everything"], "everything"),
        (["--project", "/"], "no Pulumi.yaml"),
    ],
)
def test_what_cannot_be_honoured_is_refused_before_a_program_runs(probe: Path, arguments: list[str], said: str) -> None:
    done = plan(probe, *arguments)
    assert done.returncode == 2, f"{arguments} is no input that can be followed: {done.stdout}{done.stderr}"
    assert said in " ".join(done.stderr.split()) and "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (probe.parent / "trace/dolmen/modules").exists(), "the program ran for a result that nobody can get"
    assert not (probe / ".git/worktrees").exists(), "a worktree was made"


def test_the_probe_would_leave_a_trace(probe: Path) -> None:
    assert plan(probe).returncode == 0
    assert (probe.parent / "trace/dolmen/modules").exists(), "the tests above would show nothing"


def test_everything_that_is_wrong_is_said_at_once(probe: Path) -> None:
    done = plan(probe, "--fail-on", "downtime", "--base-exact", "--output", "missing/report")
    assert len(done.stderr.splitlines()) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused_first(probe: Path) -> None:
    (probe / "locked").mkdir(mode=0o500)
    done = plan(probe, "--output", "locked/report")
    assert done.returncode == 2 and "permission denied" in done.stderr
    assert not (probe.parent / "trace/dolmen/modules").exists()


def test_a_report_that_cannot_be_written_after_all_ends_in_one_line(probe: Path) -> None:
    done = plan(probe, "--output", "/dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith("/dev/full cannot be written") and "Traceback" not in done.stderr
