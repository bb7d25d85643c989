"""What a hostile program tries inside, one thing after the other; none of it succeeds where the kernel holds it."""

from __future__ import annotations

import json
import socket
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine.closed.reading import leaving_out
from tests.engine.closed.judging import CANARY, WAYS, Answer, Way, ask, hand_over

ATTACKS = Path(__file__).with_name("attacks.py").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Tried:
    answer: Answer
    outcomes: Mapping[str, Mapping[str, Any]]
    outside: Path
    project: Path

    def not_refused(self, protection: str) -> list[str]:
        self.answer.needs(protection)
        return [f"{name}: {what}" for name, what in self.outcomes[protection].items() if "refused" not in str(what)]


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: way.name)
def tried(request: pytest.FixtureRequest) -> Iterator[Tried]:
    """All attempts of one program, in one of the ways to close it in."""
    way: Way = request.param
    # not pytest's folder: what stands there is closed to an ordinary user by its mode, and would prove nothing
    with tempfile.TemporaryDirectory(dir="/tmp") as ground, socket.create_server(("127.0.0.1", 0)) as server:
        folder, project, outside = Path(ground), Path(ground, "project"), Path(ground, "outside")
        port = server.getsockname()[1]
        for place in (project / ".git", outside):
            place.mkdir(parents=True)
        for file in (folder / "secret", project / ".git" / "config"):
            file.write_text(CANARY)
        (outside / "old").write_text("as it was")
        (outside / "other").write_text("as it was")
        (project / "open.txt").write_text("as it was")
        hand_over(folder, way)
        sockets = [socket.socket(socket.AF_UNIX, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
        abstract = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        for one, address in zip((*sockets, abstract), ("stream", "datagrams", None), strict=True):
            one.bind(f"{folder}/{address}" if address else f"\0dolmen-{port}")
            if address:
                (folder / address).chmod(0o777)
        for one in (sockets[0], abstract):
            one.listen()
        read, listed = leaving_out(project)
        arguments = (str(folder), str(project), str(port))
        answer = ask(way, ATTACKS, *arguments, read=read, listed=listed, passed=["DOLMEN_PASSED", "HOME"])
        for one in (*sockets, abstract):
            one.close()
        assert answer.reason == "finished" and answer.code == 0, f"the program broke:\n{answer.printed}"
        yield Tried(answer, json.loads(answer.printed.splitlines()[-1]), outside, project)


def test_no_socket_leads_anywhere(tried: Tried) -> None:
    assert tried.not_refused("network") == [], "a change under review could send away what it finds"


def test_nothing_can_be_read_but_what_is_named(tried: Tried) -> None:
    assert tried.not_refused("reading") == [], "a change under review could put a secret of this machine into its plan"
    assert CANARY not in tried.answer.printed


def test_nothing_can_be_written_but_the_private_folder(tried: Tried) -> None:
    assert tried.not_refused("writing") == [], "a change under review could change what is reviewed after it"
    assert (tried.project / "open.txt").read_text() == "as it was"
    assert sorted(one.name for one in tried.outside.iterdir()) == ["old", "other"]


def test_modes_and_times_of_files_outside_stay(tried: Tried) -> None:
    tried.answer.needs("writing")
    found = (tried.outside / "old").stat()
    assert found.st_mtime > 1 and found.st_mode & 0o7777 == 0o644, "a program could open the user's files to others"


def test_other_processes_are_out_of_reach(tried: Tried) -> None:
    assert tried.not_refused("processes") == [], "a change under review could end or change its judge"


def test_calls_that_no_program_needs_are_refused(tried: Tried) -> None:
    assert tried.not_refused("system calls") == [], "more of the kernel than needed is open to a change under review"


def test_a_program_sees_nothing_of_its_judge(tried: Tried) -> None:
    seen = tried.outcomes["seen"]
    private = tried.answer.private
    assert CANARY not in json.dumps(seen), "secrets of a build job are in the environment"
    assert f"'HOME': {private!r}" in seen["environment"] and f"'TMPDIR': {private!r}" in seen["environment"]
    assert seen["input"] == "", "what was meant for the judge would be read by the program"
    assert seen["descriptors"].count(",") == 0, "an open file of the judge would pass every other protection"
    assert seen["capabilities"] == "[0, 0, 0, 0, 0, 0], no new privileges: 1", "root inside would be root"


def test_ordinary_python_works(tried: Tried) -> None:
    ordinary = tried.outcomes["ordinary"]
    imported = ordinary.pop("grpc")
    assert imported.startswith("imported"), "no program could be evaluated"
    assert ordinary == {
        "a pair of sockets": "hi",
        "threads": "4 ran",
        "a process": "42",
        "a shell": "42",
        "asyncio": "42",
        "copying": "as it was",
        "reading the project": "as it was",
        "listing the project": "done: ['.git', 'open.txt']",
    }, "honest programs would fail inside"


def test_the_private_folder_is_gone_afterwards(tried: Tried) -> None:
    assert not tried.answer.private_left, "each evaluation would leave a folder behind"
