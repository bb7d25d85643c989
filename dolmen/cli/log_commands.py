"""Text that a build server would take for a command to itself: a log line of a program must not become an annotation.

GitHub Actions reads `::notice::…` at the start of a line, whatever stands before it but blanks, and `##[…]` anywhere; Azure
Pipelines reads `##vso[…]`, TeamCity `##teamcity[…]`.
Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands and
https://github.com/actions/runner/blob/v2.329.0/src/Runner.Common/ActionCommand.cs (2026-11-30),
https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands,
https://www.jetbrains.com/help/teamcity/service-messages.html
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Generator
from io import StringIO

_AT_START = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_ANYWHERE = re.compile(r"##(?=\w*\[)")


def without_commands(text: str) -> str:
    """The text with such commands broken up by a visible sign."""
    return _ANYWHERE.sub("#·#", _AT_START.sub(r"\1·:", text))


def json_without_commands(text: str) -> str:
    """JSON that says the same and holds no such command; no line of it begins with one."""
    return _ANYWHERE.sub(r"\\u0023#", text)


@contextlib.contextmanager
def guarded_errors() -> Generator[None]:
    """Standard error without such commands, written when the work is done; a person's terminal is left alone."""
    if sys.stderr.isatty():
        yield
        return
    kept = StringIO()
    try:
        with contextlib.redirect_stderr(kept):
            yield
    finally:
        sys.stderr.write(without_commands(kept.getvalue()))
        sys.stderr.flush()
