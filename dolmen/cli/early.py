"""Has the evaluator of a plan start before the rest of the command is imported."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from dolmen.engine import cache
from dolmen.engine.evaluator import beginning

_UNCERTAIN = ("-h", "--help", "--env", "--project", "--watch", "-C")
"""With these no evaluator is needed, or another one."""
_KIND = "commands"
_MOST = 64 * 1024
"""Bytes of what is kept of commands."""
_ANOTHER = re.compile(r"^\s*(virtualenv|toolchain)\s*:", re.MULTILINE)


def begin(arguments: Sequence[str]) -> None:
    """Guess whether a program will be evaluated, by this interpreter; a wrong guess costs a process that ends at once."""
    if any(one.startswith(_UNCERTAIN) for one in arguments) or not _is_ours(Path.cwd()):
        return
    if "--no-cache" in arguments or cache.read_json(_KIND, _name(arguments)) is not True:
        beginning.early()


def remember(arguments: Sequence[str], *, all_kept: bool) -> None:
    """Keep whether every plan of this command was kept already, for the next time that it is given here."""
    if cache.read_json(_KIND, _name(arguments)) is not all_kept:
        cache.write_json(_KIND, _name(arguments), all_kept)
        cache.trim(_KIND, _MOST)


def _name(arguments: Sequence[str]) -> str:
    return f"{Path.cwd()}\0{arguments}"


def _is_ours(folder: Path) -> bool:
    """Whether the project's interpreter seems to be the running one."""
    for place in (folder, *folder.parents):
        try:
            text = (place / "Pulumi.yaml").read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        return not _ANOTHER.search(text) or Path(sys.prefix).parent in (place, *place.parents)
    return False
