"""What a closed evaluator would be: a function of our own interpreter, called inside."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from dolmen.engine.closed.narrow import narrow


def main(answers: int, folder: int) -> int:
    """Writes what it met to the first descriptor; the second is a folder."""
    os.fchdir(folder)
    met = {"modules": [name for name in sys.modules if name.startswith("pulumi")], "read": Path("a").read_text()}
    os.write(answers, json.dumps(met).encode())
    return 3


def narrowed(answers: int, folder: int) -> None:
    """Forks twice, each with one file left, and tries both files."""
    os.fchdir(folder)
    here = os.environ["DOLMEN_FOLDER"]
    for allowed in ("a", "b"):
        child = os.fork()
        if child == 0:
            narrow([f"{here}/{allowed}"])
            narrow([here])  # a later layer gives nothing back
            os.write(answers, f"{allowed}: {[name for name in ('a', 'b') if readable(name)]}\n".encode())
            os._exit(0)
        os.waitpid(child, 0)
    os.write(answers, f"afterwards: {[name for name in ('a', 'b') if readable(name)]}\n".encode())


def readable(name: str) -> bool:
    try:
        return bool(Path(name).read_text())
    except PermissionError:
        return False
