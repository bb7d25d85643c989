"""Watches what a program does besides making resources.

An offline plan needs no network, so connections are refused at once instead of hanging; the rest is reported. Python's
audit events are what is watched, so a library that talks to the system without Python (gRPC) is not.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from dolmen.engine import cache
from dolmen.engine.sameness import EVENTS, Sameness

Note = Callable[[str, str, str], None]

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = frozenset({"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate"})
_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_RESOLVES = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_STARTS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"})
_WATCHED = frozenset({"open"}) | _CHANGES | _CONNECTS | _RESOLVES | _STARTS
_HEARD = _WATCHED | EVENTS
_LOCAL_NAMES = frozenset({None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1", b"::1"})


class NoNetworkError(OSError):
    """A connection that an offline plan does not make."""

    def __init__(self, target: str) -> None:
        super().__init__(errno.ENETUNREACH, f"An offline plan uses no network; the program tried to reach {target}")


class AutomationError(RuntimeError):
    """A program would run the Pulumi CLI, which could change real resources."""

    def __init__(self) -> None:
        super().__init__(
            "This program drives Pulumi itself (Automation API or the pulumi command). Such runs are out of reach of an "
            "offline plan; evaluate the program that it deploys instead."
        )


@contextlib.contextmanager
def watching(folder: Path, note: Note, same: Sameness) -> Generator[None]:
    """Watch this process, a child: an audit hook stays for ever."""
    audit = _Audit(folder, note, same)
    sys.addaudithook(audit.see)
    try:
        yield
    finally:
        audit.active = False


class _Audit:
    def __init__(self, folder: Path, note: Note, same: Sameness) -> None:
        self.active = True
        self._same = same
        self._folder = folder
        self._note = note
        self._harmless = tuple(
            os.path.realpath(path) + os.sep
            for path in (tempfile.gettempdir(), cache.folder().parent, Path.home() / ".cache", "/dev", "/proc")
        )

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _HEARD or not self.active:
            return
        if event in EVENTS:
            self._same.hear(event, arguments, sys._getframe(1))  # pyright: ignore[reportPrivateUsage]
        if event not in _WATCHED:
            return
        if event == "open":
            path, mode, flags = arguments
            if (isinstance(flags, int) and flags & _WRITING) or (isinstance(mode, str) and set(mode) & set("wax+")):
                self._wrote(path)
        elif event in _CHANGES:
            self._wrote(arguments[0])
        elif event in _STARTS:
            self._started(event, arguments)
        elif event in _CONNECTS:
            self._connect(arguments[0], arguments[-1])
        else:
            self._resolve(arguments[0])

    def _wrote(self, path: Any) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor that was opened before
        full = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (a link is what it is called here)
        own = _inside(full, str(self._folder))
        if "__pycache__" in full or (not own and (os.path.realpath(full) + os.sep).startswith(self._harmless)):
            return
        shown = os.path.relpath(full, os.path.realpath(self._folder)) if own else full
        self._note("warning", shown, "The program changes this file or folder whenever it is evaluated.")

    def _started(self, event: str, arguments: tuple[Any, ...]) -> None:
        given = arguments[0]
        if event == "subprocess.Popen" and not given and len(arguments) > 1:
            given = arguments[1]
        if isinstance(given, list | tuple):
            given = given[0] if given else ""
        words = os.fsdecode(given).split() if isinstance(given, str | bytes | os.PathLike) else []
        name = Path(words[0]).name if words else "a program"
        if name in ("pulumi", "pulumi.exe"):
            self._note(
                "not-analysed", "Automation API", "The program drives Pulumi itself; its own runs are not planned."
            )
            raise AutomationError
        self._note("warning", name, "The program starts this command whenever it is evaluated.")

    def _connect(self, sock: Any, target: Any) -> None:
        if not isinstance(target, tuple):
            return  # a socket of this machine's file system
        if getattr(sock, "family", None) not in (socket.AF_INET, socket.AF_INET6):
            return
        self._refuse(f"{target[0]}:{target[1]}")

    def _resolve(self, host: Any) -> None:
        if host not in _LOCAL_NAMES:
            self._refuse(os.fsdecode(host) if isinstance(host, str | bytes) else str(host))

    def _refuse(self, target: str) -> None:
        self._note("not-analysed", target, "The program reached for the network, which an offline plan does not use.")
        raise NoNetworkError(target)


def _inside(path: str, folder: str) -> bool:
    path, folder = os.path.realpath(path), os.path.realpath(folder)
    return path == folder or path.startswith(folder + os.sep)
