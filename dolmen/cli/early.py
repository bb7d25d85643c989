"""Has the evaluator of a plan start before the rest of the command is imported."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from dolmen.engine.evaluator import beginning

_UNCERTAIN = ("-h", "--help", "--env", "--project", "--watch", "-C")
"""With these no evaluator is needed, or another one."""
_ANOTHER = re.compile(r"^\s*(virtualenv|toolchain)\s*:", re.MULTILINE)


def begin(arguments: Sequence[str]) -> None:
    """Guess whether a program will be evaluated, by this interpreter; a wrong guess costs a process that ends at once."""
    if not any(one.startswith(_UNCERTAIN) for one in arguments) and _is_ours(Path.cwd()):
        beginning.early()


def _is_ours(folder: Path) -> bool:
    """Whether the project's interpreter seems to be the running one."""
    for place in (folder, *folder.parents):
        try:
            text = (place / "Pulumi.yaml").read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        return not _ANOTHER.search(text) or Path(sys.prefix).parent in (place, *place.parents)
    return False
