"""Prepares the inside, watches it, and ends all that it started: `python -I warden.py FD [FOLDER …]`.

FD is a stream socket to the judge; the folders are where packages lie that this interpreter wouldn't find by itself.
The judge sends one order and gets `facts`, then `ended`. Nothing of the project runs in this process.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))
    __import__("dolmen")  # the one that this file belongs to, and not another that is installed

    del sys.path[0]
    sys.path += [folder for folder in sys.argv[2:] if folder not in sys.path]

from dolmen.engine.closed import descendants, frames, inside, kernel, namespaces
from dolmen.engine.closed.model import Closing, Ending
from dolmen.engine.closed.watch import Watch

FIRST = -20
"""The highest priority: https://man7.org/linux/man-pages/man2/setpriority.2.html"""


def main(control: socket.socket) -> None:
    with suppress(OSError):  # root's: no number of processes inside keeps this one from counting them
        os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    inside.load_libraries()
    order = frames.receive(control)
    if order is None:
        return
    closing = Closing.from_json(order["closing"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # everything is ended on the way out
    private = str(Path(order["temporary"], f"dolmen-{os.urandom(8).hex()}"))
    os.mkdir(private, 0o700)  # noqa: PTH102 -- pathlib's ignores the mode's absence of others
    try:
        last: dict[str, Any] = {"ended": _closed_in(control, order, closing, private)._asdict()}
    except namespaces.BrokenError as error:
        last = {"again": str(error)}
    finally:
        _remove(private)
    with suppress(OSError):  # else the judge is gone
        frames.send(control, last)


def _closed_in(control: socket.socket, order: dict[str, Any], closing: Closing, private: str) -> Ending:
    facts: dict[str, Any] = {"platform": sys.platform, "namespaces": [], "private": private}
    if inside.LINUX:
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        why = namespaces.separate() if closing.namespaces else order.get("without", "namespaces were not asked for")
        facts["namespaces_why"] = why
    else:
        why = "this system has no namespaces"
    run = inside.Order(
        closing=closing,
        run=tuple(order["run"]),
        descriptors=tuple(order["descriptors"]),
        variables=order["variables"],
        private=private,
        spared=(os.getpid(), order["judge"]),
        bytecode=order["bytecode"],
    )
    reading, report = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, 0, 0)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.close(reading)
            control.close()
            if why:
                inside.run(run, report, facts)
            _first_process(run, report, facts)
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__)
        finally:
            os._exit(1)
    os.close(report)
    for descriptor in run.descriptors:
        os.close(descriptor)
    try:
        # without a namespace, orphans become children of this process
        return _watch(control, reading, child, Watch(closing.limits, os.getpid() if why else child, private))
    finally:
        _end_all(child)


def _first_process(run: inside.Order, report: int, facts: dict[str, Any]) -> NoReturn:
    """The first of a pid namespace: takes leave of orphans; when it ends, the kernel ends all others."""
    inside.die_with_parent(report)
    facts |= namespaces.furnish(run.closing, run.private)
    child = os.fork()
    if child == 0:
        inside.run(run, report, facts)
    for descriptor in run.descriptors:
        os.close(descriptor)
    while True:
        ended, status = os.wait()
        if ended == child:
            os.write(report, json.dumps({"status": status}).encode() + b"\n")
            os._exit(0)


def _watch(control: socket.socket, reading: int, child: int, watch: Watch) -> Ending:
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(reading, select.POLLIN)
    judge, ends = _descriptor_of(os.getppid()), _descriptor_of(child)
    for descriptor in (judge, ends):
        if descriptor is not None:
            poll.register(descriptor, select.POLLIN)
    told = b""
    look = time.monotonic()
    while True:
        events = dict(poll.poll(max(0.0, look - time.monotonic()) * 1000))
        if judge in events:
            return Ending("judge")
        if control.fileno() in events:
            try:
                return Ending("asked" if frames.receive(control) else "judge")
            except (OSError, ValueError):
                return Ending("judge")
        if reading in events:
            some = os.read(reading, 65536)
            told += some
            *lines, told = told.split(b"\n")
            for line in map(json.loads, lines):
                if "status" in line:
                    return _ending(line["status"])
                watch.own_disk = line["facts"].get("private_disk", False)
                frames.send(control, {"facts": line["facts"]})
            if not some:
                poll.unregister(reading)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return _ending(status)
        if time.monotonic() >= look:
            if passed := watch.passed():
                return Ending("limit", limit=passed)
            look = time.monotonic() + watch.interval


def _ending(status: int) -> Ending:
    if not os.WIFSIGNALED(status):
        return Ending("finished", os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    return Ending("limit", number, "cpu_seconds") if number == signal.SIGXCPU else Ending("signal", number)


def _descriptor_of(process: int) -> int | None:
    try:
        return os.pidfd_open(process)
    except (AttributeError, OSError):
        return None  # the socket's end says it, unless another process holds it as well


def _end_all(child: int) -> None:
    if inside.LINUX:
        descendants.end_all_children()
    else:  # only what stayed in its session
        for end in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                end(child, signal.SIGKILL)


def _remove(private: str) -> None:
    import shutil  # 5 ms that nobody waits for

    shutil.rmtree(private, ignore_errors=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
    os._exit(0)  # somebody waits for it, and there is nothing to tidy up
