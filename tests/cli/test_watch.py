"""`dolmen plan --watch`: a plan at each save, until Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.cli.small_project import ROOT, dolmen, write_project
from tests.review.test_base import commit, run
from tests.time_limits import PATIENCE

WATCHING = "Watching: the next save plans again. Ctrl-C ends."
CLEAR = "\x1b[2J"


class Watched:
    """The command at work, and what it has shown."""

    def __init__(self, folder: Path, arguments: Sequence[str], *, terminal: bool) -> None:
        self._ours, theirs = pty.openpty() if terminal else os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dolmen", "plan", "--watch", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "TERM": "xterm",
                "XDG_CACHE_HOME": str(folder.parent / "cache"),
            },
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # who runs the tests may ignore it
        )
        os.close(theirs)

    def next(self) -> str:
        """What is shown up to the next time that it waits."""
        shown, ends = "", time.monotonic() + PATIENCE
        while WATCHING not in shown:
            assert select.select([self._ours], [], [], max(0.0, ends - time.monotonic()))[0], f"nothing comes: {shown}"
            part = os.read(self._ours, 65536).decode()
            assert part, f"it ended: {shown}"
            shown += part
        return shown.replace("\r\n", "\n")

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Its exit code after a signal to all that a terminal would send it to, and the last that it shows."""
        os.killpg(self.process.pid, number)
        code, last = self.process.wait(PATIENCE), b""
        with contextlib.suppress(OSError):  # a terminal's end
            while select.select([self._ours], [], [], 0)[0] and (part := os.read(self._ours, 65536)):
                last += part
        return code, last.decode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    home = tmp_path / "shop"
    home.mkdir()
    return write_project(home)


@pytest.fixture
def started() -> Iterator[list[Watched]]:
    found: list[Watched] = []
    yield found
    for one in found:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def write(project: Path, stack: str, size: object) -> None:
    (project / f"stacks/Pulumi.{stack}.yaml").write_text(f"config:\n  shop:size: {size}\n")


def processes_of(session: int) -> list[str]:
    """What goes on that was started there; wardens lead sessions of their own."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,sid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines()[1:] if session in map(int, line.split()[:3])]


def test_each_save_gives_the_new_plan(project: Path, started: list[Watched]) -> None:
    watched = Watched(project, ["staging"], terminal=False)
    started.append(watched)
    assert "length 24" in watched.next()
    write(project, "staging", 25)
    shown = watched.next()
    assert "length 25" in shown, "a save is overlooked"
    assert "\x1b" not in shown, "control sequences fill a file"
    (project / "__main__.py").write_text("import pulumi_random as r\nr.RandomPassword('login', length=31)\n")
    assert "length 31" in watched.next(), "the program of before is planned"
    assert watched.end()[0] == 0


def test_mistakes_are_shown_and_watching_goes_on(project: Path, started: list[Watched]) -> None:
    watched = Watched(project, [], terminal=False)
    started.append(watched)
    watched.next()
    for size, said in (("[", "Pulumi.staging.yaml"), (500, "size is at most 128"), (7, "KeyError")):
        write(project, "staging", size)
        assert said in watched.next(), "what is wrong with the file is not said"
    (project / "Pulumi.yaml").rename(project / "gone")
    assert "no Pulumi.yaml" in watched.next()
    (project / "gone").rename(project / "Pulumi.yaml")
    watched.next()
    write(project, "staging", 26)
    assert re.search(r"staging.*length 26", watched.next(), re.DOTALL), "one mistake ends the watching"


def test_a_terminal_shows_the_last_plan_alone(project: Path, started: list[Watched]) -> None:
    watched = Watched(project, ["staging"], terminal=True)
    started.append(watched)
    assert watched.next().count(CLEAR) == 1
    write(project, "staging", 27)
    shown = watched.next()
    assert shown.count(CLEAR) == 1
    assert "length 27" in shown.partition(CLEAR)[2]


def test_a_review_is_watched_as_a_plan_is(project: Path, started: list[Watched]) -> None:
    run(project, "git", "init", "-q", "-b", "main")
    commit(project, "base")
    watched = Watched(project, ["--base", "HEAD"], terminal=False)
    started.append(watched)
    watched.next()
    write(project, "staging", 28)
    assert re.search(r"24\D+28", watched.next()), "the change is not shown"
    commit(project, "change")
    assert not re.search(r"24\D+28", watched.next()), "a commit moves the base, and the review of before stays"


@pytest.mark.parametrize("while_it", ["waits", "works"])
def test_ctrl_c_ends_it_and_leaves_nothing(while_it: str, project: Path, started: list[Watched]) -> None:
    watched = Watched(project, [], terminal=True)
    started.append(watched)
    watched.next()
    inside = processes_of(watched.process.pid)
    assert len(inside) > 1, "the evaluator does not stay"
    if while_it == "works":
        (project / "__main__.py").write_text("import time; time.sleep(600)\n")
        time.sleep(0.5)
    code, last = watched.end()
    assert code in (0, 130)
    assert "Traceback" not in last
    wardens = {int(line.split()[0]) for line in inside}
    ends = time.monotonic() + PATIENCE
    while wardens & {int(line.split()[0]) for line in _all_processes()}:
        assert time.monotonic() < ends, "an evaluator goes on for ever"
        time.sleep(0.05)


def _all_processes() -> list[str]:
    return subprocess.run(["ps", "-eo", "pid"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]


@pytest.mark.parametrize(
    "arguments",
    [["--output", "x.txt"], ["--json"], ["--format", "html"], ["--base", "HEAD", "--fail-on", "replacement"]],
)
def test_what_makes_no_sense_beside_it_is_refused_at_once(arguments: list[str], project: Path) -> None:
    done = dolmen(project, "plan", "--watch", *arguments)
    assert done.returncode == 2
    assert "--watch" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
