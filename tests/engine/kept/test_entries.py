"""Entries are whole, the user's own, and bounded, whatever happens to the folder."""

from __future__ import annotations

import concurrent.futures
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dolmen.engine import cache
from dolmen.engine.kept import plans
from tests.cli.small_project import ROOT, dolmen, write_project

KIND = plans.KIND


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    return cache.folder()


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / KIND).iterdir() if path.name != "key")


# ---- poisoned


def _flip(data: bytes) -> bytes:
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


POISONS: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[:-1],
    "empty": lambda _: b"",
    "longer": lambda data: data + b" ",
    "one bit another": _flip,
    "another plan under an honest digest of its own": lambda data: hashlib.sha256(data[32:]).digest() + data[32:],
}


@pytest.mark.parametrize("poison", POISONS)
def test_an_entry_that_is_not_as_it_was_written_is_not_taken(poison: str, tmp_path: Path) -> None:
    home = tmp_path / "project"
    home.mkdir()
    write_project(home)
    variables = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    before = dolmen(home, "plan", "staging", "--json", **variables)
    (entry,) = entries(tmp_path / "cache/dolmen")
    entry.write_bytes(POISONS[poison](entry.read_bytes()))
    after = dolmen(home, "plan", "staging", "--json", **variables)
    assert after.returncode == 0, after.stderr
    assert _resources(after.stdout) == _resources(before.stdout), "a plan is shown that no program made"


def test_an_entry_of_one_key_is_none_of_another(tmp_path: Path) -> None:
    home = tmp_path / "project"
    home.mkdir()
    write_project(home)
    variables = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    dolmen(home, "plan", "staging", **variables)
    (one,) = entries(tmp_path / "cache/dolmen")
    dolmen(home, "plan", "production", **variables)
    (other,) = [entry for entry in entries(tmp_path / "cache/dolmen") if entry != one]
    other.write_bytes(one.read_bytes())
    shown = dolmen(home, "plan", "production", "--json", **variables).stdout
    assert '"stack": "production"' in shown
    assert '"length": 48' in shown, "one stack's plan is shown for another"


def _resources(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if '"seconds"' not in line)


# ---- at once, and killed


def test_two_runs_at_once_give_the_same(tmp_path: Path) -> None:
    home = tmp_path / "project"
    home.mkdir()
    write_project(home)
    variables = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        several = list(pool.map(lambda _: dolmen(home, "plan", "--json", **variables), range(3)))
    assert {done.returncode for done in several} == {0}
    later = dolmen(home, "plan", "--json", **variables)
    assert {_resources(done.stdout) for done in several} == {_resources(later.stdout)}
    assert len(entries(tmp_path / "cache/dolmen")) == 2, "a run left something half written"


def test_a_run_that_is_killed_leaves_no_half_entry(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dolmen.engine import cache; cache.use(Path(sys.argv[1]))\n"
        "print('ready', flush=True)\n"
        f"while True: cache.write({KIND!r}, 'one', b'x' * 50_000_000)"
    )
    for pause in (0.01, 0.05, 0.1):
        run = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, cwd=ROOT)
        assert run.stdout is not None
        run.stdout.readline()
        time.sleep(pause)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert cache.read(KIND, "one") in (None, b"x" * 50_000_000), "half an entry is taken for a whole one"


def test_what_a_killed_run_left_goes_with_the_next_that_trims(folder: Path) -> None:
    cache.write(KIND, "one", b"x")
    left = folder / KIND / "tmpabc"
    left.write_bytes(b"half")
    cache.trim(KIND, 1000)
    assert left.exists(), "somebody may be writing it now"
    os.utime(left, (0, 0))
    cache.trim(KIND, 1000)
    assert not left.exists(), "the folder grows with every run that is killed"
    assert cache.read(KIND, "one") == b"x"


# ---- bounded


def test_what_was_of_no_use_for_longest_goes_first(folder: Path) -> None:
    for number in range(4):
        cache.write(KIND, str(number), bytes(100))
        path = next(path for path in entries(folder) if path.stat().st_mtime > 1_000_000)
        os.utime(path, (1000 + number, 1000 + number))
    cache.used(KIND, "0")
    cache.trim(KIND, 300)
    assert [number for number in range(4) if cache.read(KIND, str(number)) is not None] == [0, 3]


# ---- the key


def test_the_key_is_made_once_and_for_this_user_alone(folder: Path) -> None:
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: cache.secret_key(KIND), range(32)))
    (key,) = keys
    assert key is not None
    assert (folder / KIND / "key").stat().st_mode & 0o777 == 0o600
    assert entries(folder) == []


def test_a_key_that_others_can_read_is_none(folder: Path) -> None:
    assert cache.secret_key(KIND)
    (folder / KIND / "key").chmod(0o644)
    assert cache.secret_key(KIND) is None, "what others know keeps no secret"


def test_what_a_program_is_given_opens_no_entry(folder: Path, tmp_path: Path) -> None:
    key = cache.secret_key(KIND)
    assert key is not None
    assert plans.fingerprint_key(tmp_path / "project") != key, (
        "a program could make entries and read what others are about"
    )


def test_entries_that_a_change_can_have_brought_are_not_looked_at(tmp_path: Path) -> None:
    home = write_project(tmp_path)
    (home / ".git").mkdir()
    variables = {"XDG_CACHE_HOME": str(home / ".cache")}
    assert dolmen(home, "plan", "staging", **variables).returncode == 0
    assert not [*(home / ".cache/dolmen").glob(f"{KIND}/*")], "a change brings plans of its own"


# ---- no evaluator


def test_a_command_whose_plans_are_kept_starts_no_evaluator(tmp_path: Path) -> None:
    home = tmp_path / "project"
    home.mkdir()
    write_project(home)
    variables = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    code = (
        "import subprocess, sys; popen = subprocess.Popen\n"
        "def counted(*args, **kwargs): print('STARTED', file=sys.stderr); return popen(*args, **kwargs)\n"
        "subprocess.Popen = counted; sys.argv = ['dolmen', 'plan']\n"
        "from dolmen.cli import main; main()"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
            capture_output=True, text=True, check=True,
        ).stderr.count("STARTED")
        for _ in range(3)
    ]  # fmt: skip
    assert said[0] > 0, "the test would show nothing"
    assert said[2] == 0, "a plan that is there already costs a process that is not needed"
