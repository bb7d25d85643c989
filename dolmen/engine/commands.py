"""Gives commands the output that the lookups file says, in place of starting them.

A command that the file does not answer runs as ever, and stands in the plan with the arguments to answer it by.
"""

from __future__ import annotations

import io
import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dolmen.engine.asking import Asking

_PROCESS = 999_999
"""A number of a process that does not exist."""


def install(asking: Asking) -> None:
    """Let `subprocess` look first into the lookups file; whatever it has starts commands by `Popen`."""
    original: Any = subprocess.Popen

    class Popen(original):
        def __init__(self, args: Any, *rest: Any, **options: Any) -> None:
            token, arguments = question(args)
            answer = asking.find(token, arguments, "unanswered") if token else None
            self.given: Mapping[str, Any] | None = (answer or {}).get("result") if answer is not None else None
            if self.given is None:
                super().__init__(args, *rest, **options)
            else:
                _pretend(self, args, self.given, rest, options)

        def communicate(self, input: Any = None, timeout: float | None = None) -> Any:
            if self.given is None:
                return super().communicate(input, timeout)
            return tuple(stream.read() if stream is not None else None for stream in (self.stdout, self.stderr))

        def poll(self) -> Any:
            return super().poll() if self.given is None else self.returncode

        def wait(self, timeout: float | None = None) -> Any:
            return super().wait(timeout) if self.given is None else self.returncode

        def send_signal(self, sig: int) -> None:
            if self.given is None:
                super().send_signal(sig)

    Popen.__qualname__, Popen.__module__ = "Popen", "subprocess"
    setattr(subprocess, "Popen", Popen)  # noqa: B010 (a class for the type checker)


def question(args: Any) -> tuple[str, dict[str, Any]]:
    """The token and the arguments by which a command is answered: its name, and what follows it."""
    if isinstance(args, str | bytes | os.PathLike):
        text = os.fsdecode(args)
        try:
            words = shlex.split(text)
        except ValueError:
            words = text.split()
    else:
        words = [os.fsdecode(word) for word in args]
    return (f"command:{Path(words[0]).name}", {"args": words[1:]}) if words else ("", {})


def _pretend(process: Any, args: Any, given: Mapping[str, Any], rest: tuple[Any, ...], options: dict[str, Any]) -> None:
    """Make a process that has ended, with what it wrote in its pipes."""
    named = dict(zip(("bufsize", "executable", "stdin", "stdout", "stderr"), rest, strict=False))
    wanted = {**named, **options}
    as_text = any(wanted.get(name) for name in ("text", "universal_newlines", "encoding", "errors"))

    def stream(text: str) -> Any:
        return io.StringIO(text) if as_text else io.BytesIO(text.encode())

    out, err = str(given.get("stdout", "")), str(given.get("stderr", ""))
    if wanted.get("stderr") == subprocess.STDOUT:
        out, err = out + err, ""
    process.args, process.pid, process.returncode = args, _PROCESS, int(given.get("returncode", 0))
    process.text_mode = as_text
    process.stdin = stream("") if wanted.get("stdin") == subprocess.PIPE else None
    process.stdout = stream(out) if wanted.get("stdout") == subprocess.PIPE else None
    process.stderr = stream(err) if wanted.get("stderr") == subprocess.PIPE else None
