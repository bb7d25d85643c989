"""The evaluator: imports what programs need, and forks for whoever runs something.

It runs nothing of a project itself, so a fork of it is as good as new. Each side of a comparison has a process of its own
(`side`), and so have those that judge (`judging`); they talk to the judging process without it.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import signal
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dolmen.engine import cache, imports, preload, quick
from dolmen.engine.closed import narrow
from dolmen.engine.evaluator import life, messages, side
from dolmen.engine.evaluator.judging import judge

_PRELOADED: set[Path] = set()
"""Projects for which this process has imported something."""


def started(control: int) -> None:
    """Serve whoever holds the other end of a socket, until it closes."""
    main(socket.socket(fileno=control))


def main(control: socket.socket) -> None:
    """Serve until the other end closes."""
    gc.disable()  # what is imported stays
    imports.install()
    from dolmen.engine import child  # noqa: F401  # pyright: ignore[reportUnusedImport]  (before the first fork)

    quick.install_imports()

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for anybody
    with contextlib.suppress(messages.BrokenError):
        while (message := messages.receive(control)) is not None:
            _prepare(control, message.content, [socket.socket(fileno=file) for file in message.files])
    os._exit(0)


def _prepare(control: socket.socket, content: Mapping[str, Any], sockets: list[socket.socket]) -> None:
    """Start the processes of a run: one that judges, if anything is to be judged, and one for each folder."""
    cache.use(Path(content["cache"]))
    narrow.provide(content["landlock"])
    observers, sides = content["observers"], content["sides"]
    first = Path(
        sides[0]["folder"]
    )  # a base's temporary folder is never seen again: it shares what the head's is known to import
    if observers:
        asked = sockets.pop(0)
        _fork(lambda: judge(asked, observers, content["paths"]), control, sockets)
        asked.close()
    _PRELOADED.add(first)
    preload.preload(first)
    name = preload.key(first)
    used, seen = preload.used(first), cache.read_json("touching", name)
    seen = seen if isinstance(seen, dict) else {}
    gc.freeze()  # children share this memory as long as nobody writes to it
    for one in sides:
        ours = sockets.pop(0)
        _fork(functools.partial(side.serve, ours, one, used, seen), control, sockets)
        ours.close()
    # What was imported for another project is in every child, and says nothing of what this one needs.
    messages.send(control, {"prepared": name, "fresh": {first} == _PRELOADED})


def _fork(work: Callable[[], None], *others: socket.socket | list[socket.socket]) -> None:
    """Do the work in a fork, which keeps none of the others' ends."""
    life.flush()
    if os.fork() == 0:
        try:
            for one in others:
                for end in one if isinstance(one, list) else [one]:
                    end.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with contextlib.suppress(messages.BrokenError):
                work()
            os._exit(0)
        finally:
            os._exit(70)
