"""Which Pulumi CLI the tests take, and what they say where there is none."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.end_to_end.project import ROOT

ENGINE_TEST = "tests/end_to_end/test_scalar_corpus.py::test_the_corpus_covers_every_case_that_we_know_of"
FIND = (
    "from tests.cloud.cli import distribution as d; f = d(); print(f.origin, f.version, f.own_language_host, f.pulumi)"
)


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def environment(folder: Path, *path: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PULUMI", "CI", "PYTEST_ADDOPTS")}
    kept = {name: value for name, value in kept.items() if not name.startswith("PYTEST_XDIST")}
    return {**kept, "PATH": ":".join([*map(str, path), "/usr/bin", "/bin"]), "XDG_CACHE_HOME": str(folder), **more}


def run(arguments: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def fake_pulumi(folder: Path, version: str, *, host: bool) -> Path:
    made = program(folder / "pulumi", f"echo v{version}")
    if host:
        program(folder / "pulumi-language-python", "exit 1")
    return made


def fake_go(folder: Path, log: Path) -> Path:
    """A Go that takes its time, and notes each build."""
    program(folder / "module" / "python" / "cmd" / "pulumi-language-python-exec", "exit 0")
    return program(
        folder / "bin" / "go",
        f"""case "$1" in
build) echo build >> {log}; sleep 1; printf '#!/bin/sh\\necho v3.259.0\\n' > "$3"; chmod +x "$3";;
list) echo {folder / "module"};;
esac""",
    )


def test_without_cli_and_go_a_person_reads_one_line_and_the_tests_are_skipped(tmp_path: Path) -> None:
    done = run(["-m", "pytest", "-p", "no:cacheprovider", ENGINE_TEST], environment(tmp_path))
    assert done.returncode == 0, done.stdout
    said = [line for line in done.stdout.splitlines() if "real-engine tests skipped" in line]
    assert len(said) == 1, done.stdout
    assert "install either" in said[0], "the line does not say what to do"


def test_without_cli_and_go_continuous_integration_fails(tmp_path: Path) -> None:
    env = environment(tmp_path, CI="true")
    done = run(["-m", "pytest", "-p", "no:cacheprovider", ENGINE_TEST], env)
    assert done.returncode == 1, "a pipeline without the real engine would be green, and prove nothing"
    assert "no Pulumi CLI" in done.stdout


def test_the_cli_that_is_named_comes_first(tmp_path: Path) -> None:
    named = fake_pulumi(tmp_path / "named", "3.300.0", host=True)
    fake_pulumi(tmp_path / "path", "3.301.0", host=True)
    done = run(["-c", FIND], environment(tmp_path, tmp_path / "path", PULUMI=str(named)))
    assert done.stdout.split() == ["PULUMI", "3.300.0", "True", str(named)], done.stderr


def test_the_cli_on_path_is_taken_if_it_is_whole_and_new_enough(tmp_path: Path) -> None:
    fake_pulumi(tmp_path / "whole", "3.301.0", host=True)
    done = run(["-c", FIND], environment(tmp_path, tmp_path / "whole"))
    assert done.stdout.split()[:3] == ["PATH", "3.301.0", "True"], done.stderr
    for name, version, host in (("old", "3.100.0", True), ("alone", "3.301.0", False)):
        fake_pulumi(tmp_path / name, version, host=host)
        done = run(["-c", FIND], environment(tmp_path, tmp_path / name))
        assert "no Pulumi CLI" in done.stderr, f"the CLI that is {name} was taken"


def test_two_test_runs_at_once_build_once(tmp_path: Path) -> None:
    log = tmp_path / "builds"
    env = environment(tmp_path, fake_go(tmp_path / "go", log).parent)
    runs = [
        subprocess.Popen([sys.executable, "-c", FIND], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = {run.communicate()[0] for run in runs}
    assert len(said) == 1 and next(iter(said)).startswith("built 3.259.0 False ")
    assert log.read_text() == "build\n", "the CLI was built more than once"
