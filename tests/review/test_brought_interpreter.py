"""An interpreter that a change can have brought is not run; one that its owner put beside the sources is."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from dolmen.engine.project import read_project
from dolmen.review.report.model import Review
from dolmen.review.sides.brought import why_not_run
from tests.cli.small_project import dolmen
from tests.review.test_base import commit, compared, run

PROGRAM = "import sys, pulumi\npulumi.export('prefix', sys.prefix)\n"
NAMED = "name: shop\nruntime: {{name: python, options: {{virtualenv: {}}}}}\n"
REMEDY = "--trust runs it all the same"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository whose project names the interpreter `venv`, which is not there yet."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(NAMED.format("venv"))
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    run(folder, "git", "init", "-q", "-b", "main")
    commit(folder, "base")
    return folder


def look_alike(place: Path) -> Path:
    """What would leave a mark if it were run."""
    (place / "bin").mkdir(parents=True)
    (place / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (place / "bin/python").write_text(f"#!/bin/sh\ntouch {place.parent}/it-ran\nexit 1\n")
    (place / "bin/python").chmod(0o755)
    return place


def environment(place: Path) -> Path:
    """A virtual environment that has Pulumi, borrowed from ours."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    (packages,) = (place / "lib").glob("python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return place


def ignore(tree: Path, *lines: str) -> None:
    (tree / ".gitignore").write_text("".join(f"{line}\n" for line in lines))


def reason(tree: Path) -> str:
    return why_not_run(read_project(tree))


def notes(report: Review) -> str:
    return " ".join(note.detail for stack in report.stacks for note in stack.notes)


# ---- what a change can have brought


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "added to the index"])
def test_an_environment_of_which_git_tracks_one_file_is_not_run(tree: Path, committed: bool) -> None:
    look_alike(tree / "venv")
    ignore(tree, "venv/")
    run(tree, "git", "add", "--force", "venv/pyvenv.cfg")
    if committed:
        commit(tree, "a helpful environment")
    assert "venv/pyvenv.cfg in it is tracked by Git" in reason(tree), "a pull request's own interpreter would be run"
    assert REMEDY in reason(tree), "who means it must learn how"


def test_an_environment_that_git_does_not_ignore_is_not_run(tree: Path) -> None:
    look_alike(tree / "venv")
    assert "Git does not ignore it" in reason(tree), "the next `git add` would make it a part of the change"
    assert ".gitignore" in reason(tree), "the remedy is one line"


def test_a_tracked_link_to_an_environment_outside_is_not_followed(tree: Path, tmp_path: Path) -> None:
    look_alike(tmp_path / "elsewhere")
    (tree / "venv").symlink_to("../elsewhere")
    commit(tree, "a link")
    assert "venv, a link on the way to it, is tracked by Git" in reason(tree), "the change chooses what is run"


def test_a_tracked_link_on_the_way_to_an_ignored_environment_is_not_followed(tree: Path) -> None:
    ignore(tree, "kept/")
    look_alike(tree / "kept/venv")
    (tree / "way").symlink_to("kept")
    (tree / "Pulumi.yaml").write_text(NAMED.format("way/venv"))
    commit(tree, "a link to its folder")
    assert "way, a link on the way to it, is tracked by Git" in reason(tree), "the change chooses what is run"


def test_a_link_that_git_does_not_ignore_is_not_followed(tree: Path, tmp_path: Path) -> None:
    look_alike(tmp_path / "elsewhere")
    ignore(tree, "venv/")  # which means a folder, and not a link
    (tree / "venv").symlink_to(tmp_path / "elsewhere")
    assert "venv, a link on the way to it, is not ignored by Git" in reason(tree), "a change can bring such a link"


def test_a_way_out_of_the_tree_and_back_is_seen_through(tree: Path) -> None:
    look_alike(tree / "venv")
    (tree / "Pulumi.yaml").write_text(NAMED.format(f"../{tree.name}/venv"))
    commit(tree, "the same environment by another path")
    assert "is tracked by Git" in reason(tree), "another spelling of the path would be enough to run it"


def test_a_name_in_other_letters_is_the_same_name(tree: Path) -> None:
    look_alike(tree / "venv")
    run(tree, "git", "add", "venv")
    (tree / "venv").rename(tree / "Venv")  # what a file system that ignores case shows under both names
    ignore(tree, "Venv/")
    (tree / "Pulumi.yaml").write_text(NAMED.format("Venv"))
    assert "is tracked by Git" in reason(tree), "on macOS the tracked folder would be run under another spelling"


def test_the_tree_itself_is_no_environment(tree: Path) -> None:
    look_alike(tree / "venv")
    for name in ("bin", "pyvenv.cfg"):
        (tree / "venv" / name).rename(tree / name)
    ignore(tree, "bin/", "pyvenv.cfg")
    (tree / "Pulumi.yaml").write_text(NAMED.format("."))
    commit(tree, "the environment is here")
    assert "is tracked by Git" in reason(tree), "packages beside the program would be the environment's"


def test_where_git_cannot_answer_nothing_is_run(tree: Path) -> None:
    look_alike(tree / "venv")
    ignore(tree, "venv/")
    (tree / ".git/HEAD").write_text("nonsense\n")
    assert "Git does not say" in reason(tree), "no answer would count as a good one"


def test_looking_runs_nothing_of_the_repository(tree: Path) -> None:
    look_alike(tree / "venv")
    ignore(tree, "venv/")
    trap = tree / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tree}/trapped\n")
    trap.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "filter.x.clean",
        "filter.x.smudge",
        "diff.external",
        "core.sshCommand",
    ):
        run(tree, "git", "config", key, str(trap))
    (tree / ".gitattributes").write_text("* filter=x\n")
    assert reason(tree) == ""
    assert not (tree / "trapped").exists(), "asking Git where an interpreter comes from would run the repository's code"


# ---- what its owner put there


def test_an_ignored_environment_is_run(tree: Path) -> None:
    environment(tree / "venv")
    ignore(tree, "venv/")
    report = compared(tree)
    assert reason(tree) == ""
    assert "interpreter" not in notes(report), "what no commit can bring is the owner's own"


def test_an_environment_that_ignores_itself_is_run(tree: Path) -> None:
    look_alike(tree / "venv")
    (tree / "venv/.gitignore").write_text("*\n")  # as `uv venv` and Python 3.13 write it
    assert reason(tree) == "", "every environment that uv makes would be refused"


def test_an_ignored_link_to_an_environment_outside_is_followed(tree: Path, tmp_path: Path) -> None:
    look_alike(tmp_path / "elsewhere")
    ignore(tree, "venv")
    (tree / "venv").symlink_to(tmp_path / "elsewhere")
    assert reason(tree) == ""


def test_outside_a_repository_the_folder_is_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(NAMED.format("venv"))
    (tmp_path / "__main__.py").write_text(PROGRAM)
    look_alike(tmp_path / "venv")
    assert reason(tmp_path) == ""


# ---- what is done about it


def test_a_plan_says_what_was_not_run_and_trust_runs_it(tree: Path) -> None:
    environment(tree / "venv")
    plain = dolmen(tree, "plan", "--json")
    assert REMEDY in plain.stdout, "nobody learns that other packages were used"
    assert f'"{tree}/venv"' not in plain.stdout, "the environment was run although the change may bring it"
    trusting = dolmen(tree, "plan", "--json", "--trust")
    assert f'"{tree}/venv"' in trusting.stdout, "--trust must run what the project names"
    assert REMEDY not in trusting.stdout


@pytest.mark.parametrize("toolchain", ["virtualenv: venv", "toolchain: uv", "toolchain: poetry"])
def test_neither_side_of_a_review_is_run_by_what_the_head_brings(tree: Path, toolchain: str) -> None:
    name = "venv" if "venv" in toolchain else ".venv"
    (tree / "Pulumi.yaml").write_text(f"name: shop\nruntime: {{name: python, options: {{{toolchain}}}}}\n# the base\n")
    commit(tree, "the base")
    look_alike(tree / name)
    (tree / "__main__.py").write_text(f"{PROGRAM}pulumi.export('more', 1)\n")
    commit(tree, "an environment")
    report = compared(tree, reference="HEAD~1")
    assert not (tree / "it-ran").exists(), "the change's interpreter was run"
    assert REMEDY in notes(report), "the review has to say with which packages it was made"
    assert report.stacks[0].outputs_new == ("more",), "both sides are evaluated by the running Python instead"


def test_an_environment_in_the_bases_commit_is_not_run_for_the_base(tree: Path) -> None:
    (tree / "Pulumi.yaml").write_text("name: shop\nruntime: {name: python, options: {toolchain: uv}}\n")
    look_alike(tree / ".venv")
    mark = tree.parent / "base-ran"
    (tree / ".venv/bin/python").write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
    commit(tree, "an environment in the base")
    run(tree, "git", "rm", "-rq", ".venv")
    (tree / "__main__.py").write_text(f"{PROGRAM}pulumi.export('more', 1)\n")
    commit(tree, "it goes")
    compared(tree, reference="HEAD~1")
    assert not mark.exists(), "what once was merged as an environment is run with every later review"
