"""Functions of our own interpreter run closed in; what does not hold is said."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

from dolmen.engine.closed import start as starting
from dolmen.engine.closed.environment import variables
from dolmen.engine.closed.held import held
from dolmen.engine.closed.model import Closing, Ending, Limits, Protection
from dolmen.engine.closed.reading import SYSTEM, leaving_out, own_interpreter
from dolmen.engine.closed.start import NotStartedError, Starting

ROOT = str(Path(__file__).parents[3])
ENTRY = "entry"
NEEDED = (*SYSTEM, *own_interpreter(), f"{ROOT}/dolmen", f"{ROOT}/tests")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"this is {name}")
    return tmp_path


def called(function: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, namespaces: bool = True) -> tuple[int, str]:
    """The exit code of a function inside, and what it wrote."""
    monkeypatch.setenv("DOLMEN_FOLDER", str(folder))
    monkeypatch.setattr(starting, "_folders", lambda: [str(Path(__file__).parent)])
    place, (reading, writing) = os.open(folder, os.O_RDONLY), os.pipe()
    closing = Closing(read=(*NEEDED, str(folder)), namespaces=namespaces)
    with Starting(closing, f"{ENTRY}:{function}", [writing, place], ["DOLMEN_FOLDER"], errors=2).closed() as closed:
        for descriptor in (writing, place):
            os.close(descriptor)
        with os.fdopen(reading) as answers:
            said = answers.read()
        ending = closed.wait()
    assert ending is not None and ending.reason == "finished"
    return ending.code, said


@pytest.mark.parametrize("namespaces", [True, False])
def test_a_function_is_called_with_the_descriptors(
    folder: Path, monkeypatch: pytest.MonkeyPatch, namespaces: bool
) -> None:
    code, said = called("main", folder, monkeypatch, namespaces=namespaces)
    assert code == 3, "its exit code is lost"
    assert json.loads(said) == {"modules": [], "read": "this is a"}, "something was imported before all was closed"


def test_a_fork_can_be_narrowed_further_and_its_siblings_are_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, said = called("narrowed", folder, monkeypatch)
    if "['a', 'b']" in said.splitlines()[0]:
        pytest.skip("there is no Landlock here")
    assert said.splitlines() == ["a: ['a']", "b: ['b']", "afterwards: ['a', 'b']"], (
        "one stack could read another's files"
    )


WITHOUT = """
import runpy, sys
sys.modules.update(landlockpy=None, pyseccomp=None)
sys.argv[0] = {warden!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""
BROKEN = """
import runpy, sys
sys.argv[0] = {warden!r}
sys.path.insert(0, {root!r})
from dolmen.engine.closed import kernel
from pathlib import Path
unshare, Path.write_text = kernel.unshare, lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
runpy.run_path(sys.argv[0], run_name="__main__")
"""
BLIND = """
import runpy, sys
sys.argv[0] = {warden!r}
sys.path.insert(0, {root!r})
from dolmen.engine.closed import descendants
descendants.LISTED = False
runpy.run_path(sys.argv[0], run_name="__main__")
"""
REFUSED = """
import runpy, sys
sys.argv[0] = {warden!r}
sys.path.insert(0, {root!r})
from dolmen.engine.closed import kernel
def refused(flags): raise PermissionError(1, "Operation not permitted")
kernel.unshare = refused
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A warden on a machine that lets less through."""
    warden = tmp_path / "warden.py"
    warden.write_text(request.param.format(warden=str(starting.WARDEN), root=ROOT))
    monkeypatch.setattr(starting, "WARDEN", warden)


def tried() -> starting.Closed:
    return Starting(Closing(read=NEEDED), [sys.executable, "-I", "-c", "print(1)"], errors=2).closed()


@pytest.mark.parametrize("lacking", [WITHOUT], indirect=True, ids=["no packages"])
@pytest.mark.usefixtures("lacking")
def test_without_the_packages_it_starts_and_says_what_is_missing() -> None:
    with tried() as closed:
        ending, hold = closed.wait(), closed.held
    assert ending is not None and (ending.reason, ending.code) == ("finished", 0), "no plan without two packages"
    for protection in (Protection.READING, Protection.SYSTEM_CALLS):
        assert not hold[protection].held and "can't be loaded" in hold[protection].why_not, (
            "held by nothing, and not said"
        )
    assert not hold[Protection.NETWORK].held, "Unix sockets are open without seccomp"


@pytest.mark.parametrize("lacking", [BROKEN, REFUSED], indirect=True, ids=["broken", "refused"])
@pytest.mark.usefixtures("lacking")
def test_without_namespaces_it_starts_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with tried() as closed:
        ending, facts = closed.wait(), closed.held
    assert not list(tmp_path.glob("dolmen-*")), "each evaluation would leave a folder behind"
    assert ending is not None and (ending.reason, ending.code) == ("finished", 0), (
        "no plan on Ubuntu 24.04 and in Docker"
    )
    assert "a pid namespace" not in facts[Protection.ENDING].by, "a protection that isn't there is claimed"


@pytest.mark.parametrize("lacking", [BLIND], indirect=True, ids=["no list of children"])
@pytest.mark.usefixtures("lacking")
def test_without_lists_of_children_all_are_found() -> None:
    forks = "import os, time\nfor _ in range(4): os.fork() or time.sleep(1000)\ntime.sleep(1000)"
    closing = Closing(read=NEEDED, limits=Limits(processes=3), namespaces=False)
    with Starting(closing, [sys.executable, "-I", "-c", forks]).closed() as closed:
        assert closed.wait() == Ending("limit", limit="processes"), "nothing would be counted, nor ended"


@pytest.mark.parametrize("lacking", ["raise SystemExit(1)"], indirect=True, ids=["dead"])
@pytest.mark.usefixtures("lacking")
def test_a_warden_that_fails_is_an_error() -> None:
    with pytest.raises(NotStartedError):
        tried()


FACTS = {"platform": "linux", "namespaces": [], "namespaces_why": "not allowed", "landlock": 7, "landlock_why": ""}
HELD = {*Protection}


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, set()),
        ({"landlock": 5}, {Protection.PROCESSES}),
        ({"landlock": 2}, {Protection.PROCESSES, Protection.WRITING}),
        ({"landlock": 2, "namespaces": ["pid", "net"], "read_only": True}, set()),
        ({"seccomp_why": "x"}, {Protection.NETWORK, Protection.SYSTEM_CALLS, Protection.WRITING}),
        ({"landlock": 5, "seccomp_why": "x", "namespaces": ["net"]}, HELD - {Protection.ENVIRONMENT, Protection.READING, Protection.LIMITS}),
        ({"platform": "darwin"}, HELD - {Protection.ENVIRONMENT}),
    ],
    ids=["all", "Landlock 5", "Landlock 2", "Landlock 2 in namespaces", "no seccomp", "least", "macOS"],
)  # fmt: skip
def test_only_what_held_is_said_to_hold(facts: dict[str, object], missing: set[Protection]) -> None:
    said = held({**FACTS, "seccomp_why": "", **facts})
    assert set(said) == HELD
    assert {one for one, hold in said.items() if not hold.held} == missing, "a report would claim what isn't so"
    for one in missing:
        assert said[one].why_not, "nobody could mend what isn't explained"


def test_only_listed_and_passed_variables_are_seen() -> None:
    environment = {"PATH": "/bin", "LC_ALL": "C", "AWS_SECRET_ACCESS_KEY": "x", "GITHUB_TOKEN": "x", "CONFIG": "y"}
    assert variables(["CONFIG"], environment) == {"PATH": "/bin", "LC_ALL": "C", "CONFIG": "y"}


def test_a_closing_goes_through_json() -> None:
    closing = Closing(read=("a",), listed=("b",), write=("c",), limits=Limits(memory=1), namespaces=False)
    assert Closing.from_json(json.loads(json.dumps(closing.to_json()))) == closing


def test_a_folder_without_git_names_its_other_entries(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "keys").symlink_to("/root/.ssh")  # naming it would open what it points to
    assert leaving_out(folder) == ((str(folder / "a"), str(folder / "b")), (str(folder),))
