"""Runs the stacks of one folder: a fork of the evaluator that has imported what is the folder's own."""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import dolmen
from dolmen.engine import cache, observing, preload, sameness, shadowed
from dolmen.engine.child import keep_out_our_packages
from dolmen.engine.closed import narrow, reading
from dolmen.engine.deployment import Job, nothing
from dolmen.engine.evaluator import life, messages
from dolmen.engine.evaluator.ahead import Seen, import_ahead
from dolmen.engine.evaluator.kill import kill
from dolmen.engine.evaluator.observations import observation_json
from dolmen.engine.evaluator.orders import read_job
from dolmen.engine.kept.reads import reads_json
from dolmen.engine.wire.learnt import learnt_json


def serve(asked: socket.socket, of: Mapping[str, Any], used: Sequence[str], seen: Seen) -> None:
    """Until the other end closes.

    `used`: what programs of this project are known to import; `seen`: what is known of that, by the sources' contents.
    """
    folder, program = Path(of["folder"]), Path(of["program"])
    private = os.environ.get("TMPDIR", "")
    places = (*reading.SYSTEM, *reading.own_interpreter(), *sys.path, *dolmen.__path__)
    narrow.narrow((*places, *of["read"]), (private, str(cache.folder() / "imports")), of["listed"])
    preload.compile_sources(folder, used)
    narrow.narrow(("/",), (private,))  # from here on foreign code runs
    sys.pycache_prefix, sys.dont_write_bytecode = None, True  # what is compiled there was imported already
    keep_out_our_packages(folder)
    home = program if program.is_dir() else program.parent
    found = import_ahead(folder, home, used, seen)
    mentions = sameness.mentions(preload.own_sources(folder, program, used))
    sameness.lead(preload.imported_from(mentions))
    gc.freeze()
    if found:
        messages.send(asked, {"seen": found})
    _Side(asked, Path(of["root"]), mentions).serve()


@dataclass(slots=True)
class _Child:
    order: Mapping[str, Any]
    made: life.Made
    started: float
    late: bool = False


@dataclass(slots=True)
class _Side:
    asked: socket.socket
    root: Path
    """The tree that no program changes."""
    mentions: Mapping[str, bool]
    """Source → whether it mentions what reads a clock."""
    live: dict[int, _Child] = field(default_factory=dict[int, _Child])

    def serve(self) -> None:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self.asked, selectors.EVENT_READ)
            selector.register(reader, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select(self._patience()):
                    if key.fileobj is self.asked:
                        message = messages.receive(self.asked)
                        if message is None:
                            kill(*(-pid for pid in self.live), *self.live)
                            return
                        self._start(message)
                    else:
                        with contextlib.suppress(BlockingIOError):
                            while os.read(reader, 4096):
                                pass
                self._reap()
                self._end_the_late()

    def _start(self, message: messages.Message) -> None:
        order, made = message.content, life.Made(*message.files)
        job = read_job(order["job"])
        work = functools.partial(_evaluated, job, order, self.root, self.mentions)
        pid = life.fork(work, nothing(job.deployment), made, order["timeout"], keep=made.files[:-1])
        self.live[pid] = _Child(order, made, time.monotonic())

    def _patience(self) -> float | None:
        ends = [child.started + child.order["timeout"] for child in self.live.values() if not child.late]
        return max(0.01, min(ends) - time.monotonic()) if ends else None

    def _end_the_late(self) -> None:
        now = time.monotonic()
        for pid, child in self.live.items():
            if not child.late and now - child.started > child.order["timeout"]:
                child.late = True
                kill(-pid, pid)

    def _reap(self) -> None:
        for pid, child in list(self.live.items()):
            found, status = os.waitpid(pid, os.WNOHANG)
            if not found:
                continue
            del self.live[pid]
            kill(-pid)  # what the program left running in its process group
            seconds = time.monotonic() - child.started
            ended = {"ended": child.order["id"], "status": status, "late": child.late, "seconds": seconds}
            messages.send(self.asked, ended)
            messages.close(child.made.files)


def _evaluated(job: Job, order: Mapping[str, Any], root: Path, mentions: Mapping[str, bool]) -> life.Answer:
    """In the child: the plan, and what others need."""
    from dolmen.engine.child import evaluate

    private = os.environ.get("TMPDIR")
    if private:  # else nothing keeps the tree as it is
        shadowed.install(root, Path(private, f"written-{os.getpid()}"))
    done = evaluate(job, root, mentions)
    seen = observation_json(done.observation) if order["observed"] else b""
    used = learnt_json(preload.worth_learning(job.deployment.folder))
    own, objection = observing.observe(observing.load(order["own"]), done.observation)
    plan = replace(done.plan, findings=done.mask.findings(own), failure=done.plan.failure or objection)
    return life.Answer(plan, used, reads_json(done.reads), seen)
