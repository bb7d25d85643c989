"""The tree that a review is bound to: what lies in the work tree, byte by byte, whatever a repository arranges."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dolmen.review import formats
from dolmen.review.binding.tool import tool
from dolmen.review.binding.tree import tree
from dolmen.review.report.build import review
from dolmen.review.report.model import Side
from dolmen.review.sides import git
from tests.review.test_base import commit, run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    for name, text in {"a.py": "1\n", "b/c.yaml": "2\n", "b-/d": "3\n", "b.x": "4\n", "ü/\t ": "5\n"}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "tool").write_text("#!/bin/sh\n")
    (folder / "tool").chmod(0o755)
    (folder / "link").symlink_to("b/c.yaml")
    (folder / ".gitignore").write_text("ignored\n")
    run(folder, "git", "init", "-q", "-b", "main")
    commit(folder, "base")
    return folder


def tree_of(folder: Path, *without: Path) -> str:
    found = tree(git.repository(folder), without)
    return f"{found.tree} {found.contents}"


def test_a_clean_checkout_has_the_tree_of_its_commit(checkout: Path) -> None:
    found = tree(git.repository(checkout))
    assert found.tree == run(checkout, "git", "rev-parse", "HEAD^{tree}").strip(), "nobody could look it up"
    assert found.uncommitted == ()


def test_what_is_not_committed_counts_as_git_would_add_it(checkout: Path) -> None:
    (checkout / "a.py").write_text("changed\n")
    (checkout / "b/new").write_text("new\n")
    (checkout / "b-/d").unlink()
    (checkout / "ignored").write_text("x")
    found = tree(git.repository(checkout))
    assert found.uncommitted == ("a.py", "b-/d", "b/new")
    run(checkout, "git", "add", "-A")
    assert found.tree == run(checkout, "git", "write-tree").strip()


def test_a_repository_of_sha256_has_the_tree_of_its_commit(tmp_path: Path) -> None:
    run(tmp_path, "git", "init", "-q", "--object-format=sha256", "-b", "main")
    (tmp_path / "a").write_text("1")
    commit(tmp_path, "base")
    assert tree(git.repository(tmp_path)).tree == run(tmp_path, "git", "rev-parse", "HEAD^{tree}").strip()


@pytest.mark.parametrize(
    ("arranged", "text"),
    [
        ("*.py ident\n", "# $Id: import evil $\n"),
        ("*.py text eol=lf\n", "# $Id$\r\n"),
        ("*.py filter=hide\n", "import evil\n"),
        ("*.py working-tree-encoding=UTF-16\n", "import evil\n"),
    ],
    ids=["an identifier", "line endings", "a filter", "another encoding"],
)
def test_nothing_that_a_repository_arranges_hides_a_difference(checkout: Path, arranged: str, text: str) -> None:
    (checkout / ".gitattributes").write_text(arranged)
    (checkout / "a.py").write_bytes(b"# $Id$\n")
    run(checkout, "git", "config", "filter.hide.clean", "echo 1")
    before = tree_of(checkout)
    (checkout / "a.py").write_bytes(text.encode())
    assert tree_of(checkout) != before, "another program would be deployed than the reviewed one"


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_no_flag_of_the_index_hides_a_difference(checkout: Path, flag: str) -> None:
    before = tree_of(checkout)
    run(checkout, "git", "update-index", flag, "a.py")
    (checkout / "a.py").write_text("import evil\n")
    assert tree_of(checkout) != before


def test_a_program_and_a_file_are_two_things(checkout: Path) -> None:
    before = tree_of(checkout)
    (checkout / "a.py").chmod(0o755)
    assert tree_of(checkout) != before


def test_a_link_counts_by_where_it_points(checkout: Path) -> None:
    before = tree_of(checkout)
    (checkout / "link").unlink()
    (checkout / "link").symlink_to("a.py")
    assert tree_of(checkout) != before


def test_a_folder_that_became_a_link_holds_nothing(checkout: Path, tmp_path: Path) -> None:
    before = tree_of(checkout)
    shutil.move(checkout / "b", tmp_path / "elsewhere")
    (checkout / "b").symlink_to(tmp_path / "elsewhere")
    assert tree_of(checkout) != before, "files outside would pass for the reviewed ones"


def test_what_lies_in_a_repository_inside_counts(checkout: Path) -> None:
    inner = checkout / "inner"
    inner.mkdir()
    run(inner, "git", "init", "-q")
    (inner / "x.py").write_text("1")
    before = tree_of(checkout)
    (inner / "x.py").write_text("2")
    assert tree_of(checkout) != before


def test_a_pipe_in_the_way_is_not_waited_for(checkout: Path) -> None:
    (checkout / "a.py").unlink()
    os.mkfifo(checkout / "a.py")
    assert "a.py" in tree(git.repository(checkout)).uncommitted


def test_caches_environments_and_the_files_of_the_gate_do_not_count(checkout: Path, tmp_path: Path) -> None:
    before = tree_of(checkout)
    (checkout / "b/__pycache__").mkdir()
    (checkout / "b/__pycache__/c.pyc").write_text("x")
    (checkout / "env/lib").mkdir(parents=True)
    (checkout / "env/pyvenv.cfg").write_text("x")
    (checkout / "env/lib/x.py").write_text("x")
    (checkout / "linked").symlink_to(checkout / "env")
    (checkout / "reviewed.json").write_text("{}")
    assert tree_of(checkout, checkout / "reviewed.json") == before, "every deployment would be stopped"


@pytest.mark.parametrize("form", ["json", "markdown", "html", "sarif", "junit"])
def test_reports_that_a_pipeline_leaves_do_not_count(checkout: Path, form: str) -> None:
    before = tree_of(checkout)
    path = checkout / f"report{formats.load(form).extension}"
    path.write_text(formats.text(review([], Side("head"), Side("base")), form))
    assert tree_of(checkout) == before, "the second format of a job would be bound to the first one"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("preview.json", '{"steps": [], "changeSummary": {}}'),
        ("failed.json", '{"diagnostics": [], "duration": 1}'),
        ("state.json", '{"version": 3, "deployment": {}}'),
        ("plan.json", '{"version": 1, "plans": []}'),
    ],
)
def test_documents_that_a_pipeline_leaves_do_not_count(checkout: Path, name: str, text: str) -> None:
    before = tree_of(checkout)
    (checkout / name).write_text(text)
    assert tree_of(checkout) == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("settings.json", '{"steps": []}'),
        ("broken.json", "{"),
        ("list.json", "[]"),
        ("notes.md", "hello"),
        ("module.py", "# <!-- dolmen-review -->"),
        ("preview.yaml", '{"steps": [], "changeSummary": {}}'),
    ],
)
def test_what_only_looks_like_a_document_counts(checkout: Path, name: str, text: str) -> None:
    before = tree_of(checkout)
    (checkout / name).write_text(text)
    assert tree_of(checkout) != before


def test_a_tracked_file_counts_wherever_it_lies(checkout: Path) -> None:
    (checkout / "__pycache__").mkdir()
    (checkout / "__pycache__/c.pyc").write_text("x")
    commit(checkout, "a cache")
    before = tree_of(checkout, checkout / "a.py")
    (checkout / "__pycache__/c.pyc").write_text("y")
    assert tree_of(checkout, checkout / "a.py") != before
    (checkout / "a.py").write_text("y")
    assert tree_of(checkout, checkout / "a.py") != before, "naming a file would leave it out"


def test_asking_changes_nothing_in_the_repository(checkout: Path) -> None:
    (checkout / "new").write_text("x")
    index, objects = (checkout / ".git/index").read_bytes(), run(checkout, "git", "count-objects")
    tree_of(checkout)
    assert (checkout / ".git/index").read_bytes() == index and run(checkout, "git", "count-objects") == objects


def test_the_tool_is_known_by_its_own_files() -> None:
    assert len(tool().digest) == 64 and len(tool().knowledge) == 64 and tool().digest != tool().knowledge
    assert tool().prices.startswith("20"), "nobody would know how old the prices are"
