"""The command itself: its verbs, its exit codes, its completion."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dolmen.cli.app import GROUPS, VERBS
from dolmen.cli.exit_codes import HELP, ExitCode
from tests.cli.small_project import ROOT, dolmen, write_project


def test_every_verb_is_listed_once_with_what_it_does() -> None:
    shown = dolmen(ROOT, "--help").stdout
    for verb in {verb.split()[0] for verb in VERBS}:
        assert len(re.findall(rf"^│ {verb} +\S", shown, re.M)) == 1, f"{verb} is listed twice or without a word"
    for group in GROUPS:
        below = dolmen(ROOT, group, "--help").stdout
        assert all(verb.split()[1] in below for verb in VERBS if verb.startswith(f"{group} "))


def test_every_verb_has_a_file() -> None:
    for verb in VERBS:
        assert (ROOT / f"dolmen/cli/{'_'.join(verb.split())}.py").is_file()


def test_the_exit_codes_are_said_in_one_place() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2]
    assert " ".join(HELP.split()[:3]) in " ".join(dolmen(ROOT, "--help").stdout.split())
    reference = (ROOT / "docs/reference/review.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d) \| (\w.+) \|$", reference.split("## Exit codes")[1], re.M)
    assert [int(number) for number, _ in rows] == [int(code) for code in ExitCode], "the reference misses a code"


def test_the_version_is_shown_without_a_project(tmp_path: Path) -> None:
    done = dolmen(tmp_path, "--version")
    assert done.returncode == 0 and done.stdout.startswith("dolmen ")


def test_a_misspelt_verb_is_wrong_input(tmp_path: Path) -> None:
    assert dolmen(tmp_path, "plam").returncode == ExitCode.WRONG_INPUT


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_installed_and_completes(tmp_path: Path, shell: str) -> None:
    home = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }
    done = dolmen(tmp_path, "--install-completion", shell, **home)
    assert done.returncode == 0, done.stderr
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "_DOLMEN_COMPLETE" in written, "the shell would complete another command"


def test_a_verb_and_a_format_are_completed(tmp_path: Path) -> None:
    def completed(words: str, number: int) -> str:
        asked = {"_DOLMEN_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(number)}
        return dolmen(tmp_path, **asked).stdout

    assert completed("dolmen pl", 1).split() == ["plan"]
    assert "sarif" in completed("dolmen plan --format s", 3)


@pytest.mark.parametrize("arguments", [["plan", "staging"], ["plan", "--project", "docs/deep/.."]])
def test_it_works_from_any_folder_of_the_project(tmp_path: Path, arguments: list[str]) -> None:
    below = write_project(tmp_path) / "docs" / "deep"
    below.mkdir(parents=True)
    where = tmp_path if "--project" in arguments else below
    done = dolmen(where, *arguments, "--output", "here.txt")
    assert done.returncode == 0, done.stderr
    assert "length 24" in (where / "here.txt").read_text(), "a file that is named lies in the folder of the person"
