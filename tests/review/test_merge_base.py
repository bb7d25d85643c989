"""What a branch is compared with: the commit where it left the other one, whatever happened there since."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.engine.project import read_project
from dolmen.review.command import review
from dolmen.review.report import words
from dolmen.review.report.model import Review
from dolmen.review.sides import git
from dolmen.review.sides.base import base_commit
from tests.review.test_base import commit, repository, run

__all__ = ["repository"]


def write(folder: Path, stack: str, length: int) -> None:
    (folder / f"stacks/Pulumi.{stack}.yaml").write_text(f"config:\n  shop:length: {length}\n")


@pytest.fixture
def branch(repository: Path) -> Path:
    """A branch that changes prod, while main changed dev after the branch had left it."""
    run(repository, "git", "checkout", "-q", "-b", "feature")
    write(repository, "prod", 40)
    commit(repository, "a longer password")
    run(repository, "git", "checkout", "-q", "main")
    write(repository, "dev", 20)
    commit(repository, "meanwhile")
    run(repository, "git", "checkout", "-q", "feature")
    return repository


def compared(folder: Path, *, exact: bool = False) -> Review:
    return review(read_project(folder), None, base_commit(folder, "main", exact=exact))


def changed(report: Review) -> list[str]:
    return [stack.name for stack in report.stacks if stack.changes]


def test_a_branch_is_not_blamed_for_what_main_did_meanwhile(branch: Path) -> None:
    report = compared(branch)
    assert changed(report) == ["prod"], "a reviewer would see the change of somebody else undone"
    base, tip = (run(branch, "git", "rev-parse", "--short", name).strip() for name in ("main~1", "main"))
    assert words.sides(report)[0] == f"merge base of main and HEAD ({base}; main is at {tip})"


def test_the_tip_itself_can_be_asked_for(branch: Path) -> None:
    report = compared(branch, exact=True)
    assert changed(report) == ["dev", "prod"]
    assert words.sides(report)[0] == f"main ({run(branch, 'git', 'rev-parse', '--short', 'main').strip()})"


def test_head_itself_is_no_merge_base(branch: Path) -> None:
    assert words.sides(review(read_project(branch), ["dev"], base_commit(branch, "feature")))[0].startswith("feature (")


def test_what_is_not_committed_belongs_to_the_head(branch: Path) -> None:
    write(branch, "dev", 17)
    assert changed(compared(branch)) == ["dev", "prod"]


def test_a_merge_of_main_moves_the_base_to_what_was_merged(branch: Path) -> None:
    run(branch, "git", "-c", "user.name=t", "-c", "user.email=t@example.com", "merge", "-q", "--no-edit", "main")
    report = compared(branch)
    assert changed(report) == ["prod"] and report.base is not None and report.base.tip == ""


def test_histories_that_share_nothing_are_refused_with_the_way_out(branch: Path) -> None:
    run(branch, "git", "checkout", "-q", "--orphan", "elsewhere")
    commit(branch, "another beginning")
    with pytest.raises(git.GitError) as caught:
        base_commit(branch, "main")
    assert "no merge base" in str(caught.value) and "--base-exact" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert base_commit(branch, "main", exact=True).commit == run(branch, "git", "rev-parse", "main").strip()


def test_a_shallow_clone_is_told_to_fetch_its_history(branch: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    run(
        tmp_path,
        "git",
        "clone",
        "-q",
        "--depth",
        "1",
        "--no-single-branch",
        "-b",
        "feature",
        branch.as_uri(),
        str(clone),
    )
    with pytest.raises(git.GitError, match="git fetch --unshallow"):
        base_commit(clone, "origin/main")
    run(clone, "git", "fetch", "-q", "--unshallow")
    assert changed(review(read_project(clone), None, base_commit(clone, "origin/main"))) == ["prod"]


def test_stacks_of_the_base_are_known_without_a_worktree(branch: Path) -> None:
    (branch / "stacks/Pulumi.dev.yaml").unlink()
    (branch / "examples").mkdir()
    (branch / "examples/Pulumi.other.yaml").write_text("config: {}\n")
    commit(branch, "one less")
    project, base = read_project(branch), base_commit(branch, "main")
    assert base.stack_names(project) == {"dev", "prod"}, "a stack that goes could not be named"
    assert len(run(branch, "git", "worktree", "list").splitlines()) == 1
