"""Asks a judge in a process of its own, as the user who runs the tests or as an ordinary one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import landlockpy
import pytest

JUDGE = Path(__file__).with_name("judge.py")
PACKAGES = str(Path(landlockpy.__file__).parents[1])
NOBODY = 65534
CANARY = "canary-3f9b7c"


@dataclass(frozen=True)
class Way:
    """As whom, and with what the kernel is asked for."""

    name: str
    ordinary_user: bool
    namespaces: bool


WAYS = (
    Way("namespaces", ordinary_user=False, namespaces=True),
    Way("no namespaces", ordinary_user=False, namespaces=False),
    Way("namespaces, ordinary user", ordinary_user=True, namespaces=True),
    Way("no namespaces, ordinary user", ordinary_user=True, namespaces=False),
)


@cache
def ordinary() -> tuple[str, ...]:
    """The command that starts an interpreter as an ordinary user; nothing if there is none."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() or setpriv is None:
        return ()
    become = (setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    for interpreter in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        tries = f"import os, sys; open({str(JUDGE)!r}); sys.exit(sys.version_info < (3, 11) or not os.access(sys.executable, 1))"
        enough = [*become, interpreter, "-c", tries]
        if subprocess.run(enough, capture_output=True, check=False).returncode == 0:
            return (*become, interpreter)
    return ()


def command(way: Way) -> tuple[str, ...]:
    if not way.ordinary_user:
        return (sys.executable,)
    if not ordinary():
        pytest.skip("no other user can be become here who reaches an interpreter")
    return ordinary()


def hand_over(folder: Path, way: Way) -> None:
    """Makes a folder and all in it the judge's user's."""
    if way.ordinary_user:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)


def asked(
    way: Way,
    program: str,
    *arguments: str,
    ready: int = 0,
    then: str = "wait",
    passed: Sequence[str] = (),
    **closing: Any,
) -> list[str]:
    return [
        *command(way),
        str(JUDGE),
        json.dumps(
            {
                "program": program,
                "arguments": arguments,
                "ready": ready,
                "then": then,
                "passed": passed,
                "closing": {"namespaces": way.namespaces, **closing},
                "packages": [PACKAGES],
            }
        ),
    ]


@dataclass(frozen=True)
class Answer:
    """What the program printed, and what its judge says of it."""

    printed: str
    held: Mapping[str, Mapping[str, Any]]
    reason: str
    code: int
    limit: str
    left_over: bool
    private: str
    private_left: bool

    def needs(self, protection: str) -> None:
        hold = self.held[protection]
        if not hold["held"]:
            pytest.skip(f"{protection} is not held here: {hold['why_not']}")


def ask(way: Way, program: str, *arguments: str, **closing: Any) -> Answer:
    environment = {**os.environ, "DOLMEN_CANARY": CANARY, "HOME": "/"}
    ran = subprocess.run(
        asked(way, program, *arguments, **closing),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        input=CANARY,
        cwd="/",
    )
    printed, _, last = ran.stdout.rstrip().rpartition("\n")
    assert last.startswith("{"), f"the judge did not come to its end:\n{ran.stdout}\n{ran.stderr}"
    said = json.loads(last)
    ending = said.pop("ending")
    assert ending is not None, f"the program went on for ever:\n{printed}"
    return Answer(printed=printed.strip(), **said, **ending)
