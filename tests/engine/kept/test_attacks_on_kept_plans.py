"""A hostile program, and the plans that are kept: it reaches none but its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dolmen.engine.kept import plans
from tests.cli.small_project import dolmen, write_project
from tests.engine.test_attacks import closed as closed

LIES = """
import gc, sys, time
sys.setprofile(None)
for one in gc.get_objects():
    if type(one).__name__ == "Sameness":
        one._active = False
        one.differs.clear()
        one.unknown.clear()
"""
REACHES = """
import os
got = []
for place in {places!r}:
    for attempt in (
        lambda: open(os.path.join(place, "key"), "rb").read().hex(),
        lambda: os.listdir(place),
        lambda: open(os.path.join(place, "a" * 40), "wb").write(b"x" * 64),
        lambda: os.remove(os.path.join(place, {entry!r})),
        lambda: os.rename(os.path.join(place, {entry!r}), os.path.join(place, "b" * 40)),
    ):
        try:
            got.append(str(attempt()))
        except OSError as error:
            got.append(type(error).__name__)
"""


def planned(home: Path, *arguments: str) -> Any:
    done = dolmen(home, "plan", "staging", "--json", *arguments, XDG_CACHE_HOME=str(home.parent / "cache"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def project(tmp_path: Path) -> Path:
    home = tmp_path / "project"
    home.mkdir()
    return write_project(home)


def test_a_program_neither_reads_nor_changes_what_is_kept(tmp_path: Path) -> None:
    home = project(tmp_path)
    honest = (home / "__main__.py").read_text()
    planned(home)
    place = tmp_path / "cache/dolmen" / plans.KIND
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    (entry,) = before.keys() - {"key"}
    body = REACHES.format(places=[str(place)], entry=entry)
    (home / "__main__.py").write_text(f"import pulumi\n{body}\npulumi.export('got', got)\n")
    got = planned(home)["plans"][0]["outputs"]["got"]
    assert set(got) <= {"PermissionError", "FileNotFoundError", "OSError"}, "a pull request has the user's kept plans"
    after = {path.name: path.read_bytes() for path in place.iterdir()}
    assert before.items() <= after.items(), "a pull request changes what is kept of others"
    (home / "__main__.py").write_text(honest)
    assert planned(home)["plans"][0]["resources"][-1]["inputs"]["length"] == 24


def test_a_lie_is_kept_under_its_own_program_alone(tmp_path: Path) -> None:
    home = project(tmp_path)
    honest = (home / "__main__.py").read_text()
    (home / "__main__.py").write_text(f"{LIES}{honest}".replace("length=size", "length=100 + int(time.time()) % 20"))
    lied = planned(home)
    assert lied["plans"][0]["resources"][-1]["inputs"]["length"] >= 100
    (home / "__main__.py").write_text(honest)
    told = planned(home)
    assert told["plans"][0]["resources"][-1]["inputs"]["length"] == 24, "a lie is shown for an honest program"


def test_a_report_holds_no_fingerprint_of_a_secret(tmp_path: Path) -> None:
    home = project(tmp_path)
    (home / "__main__.py").write_text("import pulumi\npulumi.export('a', pulumi.Output.secret('of the shop'))\n")
    shown = planned(home)
    (entry,) = [path for path in (tmp_path / "cache/dolmen" / plans.KIND).iterdir() if path.name != "key"]
    kept = json.loads(entry.read_bytes()[32:].partition(b"\n")[2])
    kind, fingerprint = kept["outputs"]["a"]
    assert kind == "secret"
    assert fingerprint not in json.dumps(shown), "whoever has the user's key could try guesses on a published report"
