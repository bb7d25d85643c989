"""Closes the inside process in, says what held, and runs what is to be run."""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

from dolmen.engine.closed import kernel, limits, narrow, system_calls
from dolmen.engine.closed.model import Closing

LINUX = sys.platform == "linux"


class Order(NamedTuple):
    """What the judge wants to be run, and how."""

    closing: Closing
    run: tuple[str, ...]
    """One word: `module:function` of this interpreter. Else a program with its arguments."""
    descriptors: tuple[int, ...]
    variables: Mapping[str, str]
    private: str
    spared: tuple[int, ...]
    """Processes that must get no signal from inside."""
    bytecode: str = ""
    """Where compiled modules are kept; empty: nowhere."""


def load_libraries() -> None:
    """Loads what closes in, before there is a process that may not write down its compiled form."""
    if LINUX:
        system_calls.load_library()
        with kernel.libraries_by_name():
            narrow.landlock()


def die_with_parent(report: int) -> None:
    """Ends this process when its parent ends; at once, if it has ended already."""
    if LINUX:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        poll = select.poll()
        poll.register(report, 0)
        if poll.poll(0):  # nobody is left to read the report
            os._exit(1)


def run(order: Order, report: int, facts: dict[str, Any]) -> NoReturn:
    """Never comes back; nothing of the project is imported before the protections are in place."""
    code = 1
    try:
        die_with_parent(report)
        os.setsid()
        _leave_open(order.descriptors, report)
        sys.dont_write_bytecode = not order.bytecode
        sys.pycache_prefix = order.bytecode or sys.pycache_prefix
        os.environ.clear()
        os.environ.update({**order.variables, "HOME": order.private, "TMPDIR": order.private})
        os.chdir(order.private)
        facts |= _close_in(order, facts)
        os.write(report, json.dumps({"facts": facts}).encode() + b"\n")
        os.close(report)
        code = _go(order)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code & 0xFF)


def _leave_open(descriptors: Sequence[int], report: int) -> None:
    last = 2
    for kept in sorted({*descriptors, report}):
        os.closerange(last + 1, kept)
        last = kept
    os.closerange(last + 1, max(os.sysconf("SC_OPEN_MAX"), last + 2))
    for descriptor in descriptors:
        os.set_inheritable(descriptor, True)


def _close_in(order: Order, facts: Mapping[str, Any]) -> dict[str, Any]:
    closing = order.closing
    limits.bind(closing.limits, own_users="user" in facts.get("namespaces", ()))
    if not LINUX:
        return {}
    seccomp, seccomp_why = system_calls.load_library()
    landlock, version, landlock_why = narrow.landlock()
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if landlock is not None:
        try:
            narrow.layer(landlock, closing.read, (*closing.write, order.private), closing.listed, outermost=True)
        except OSError as error:
            version, landlock_why = 0, f"the kernel took no Landlock rules ({error})"
    if seccomp is not None:
        try:
            spared = () if "pid" in facts.get("namespaces", ()) else system_calls.spared(order.spared)
            system_calls.refuse(seccomp, spared=spared, modes=not facts.get("read_only"))
            seccomp_why = _seen_open()
        except OSError as error:
            seccomp_why = f"the kernel took no seccomp filter ({error})"
    return {"landlock": version, "landlock_why": landlock_why, "seccomp_why": seccomp_why}


def _seen_open() -> str:
    """Tries what must be refused: a system may take a filter and not heed it."""
    try:
        socket.socket().close()
    except PermissionError:
        return ""
    return "the kernel took a seccomp filter and does not heed it"


def _go(order: Order) -> int:
    program, *arguments = order.run
    if arguments:
        os.execve(program, [program, *arguments], dict(os.environ))  # noqa: S606 -- there is no shell, on purpose
    module, _, function = program.partition(":")
    returned = getattr(importlib.import_module(module), function)(*order.descriptors)
    return returned if isinstance(returned, int) else 0
