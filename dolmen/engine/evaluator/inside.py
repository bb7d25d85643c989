"""The evaluator: takes orders, forks a child for each stack, hands over what the child made.

It runs nothing of a project itself. Until it forks it has one thread, and what it imported serves every child.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dolmen.engine import cache, imports, observing, preload
from dolmen.engine.deployment import Job
from dolmen.engine.evaluator import life, messages
from dolmen.engine.evaluator.judging import Judges
from dolmen.engine.evaluator.kill import kill
from dolmen.engine.evaluator.observations import observation_json
from dolmen.engine.evaluator.orders import read_job
from dolmen.engine.plan import Plan
from dolmen.engine.wire.learnt import learnt_json


@dataclass(slots=True)
class _Child:
    order: Mapping[str, Any]
    made: life.Made
    started: float
    late: bool = False


@dataclass(slots=True)
class Evaluator:
    control: socket.socket
    judges: Judges
    jobs: int = 1
    waiting: deque[Mapping[str, Any]] = field(default_factory=deque[Mapping[str, Any]])
    live: dict[int, _Child] = field(default_factory=dict[int, _Child])

    def serve(self) -> None:
        """Until the judging process closes its end."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self.control, selectors.EVENT_READ)
            selector.register(reader, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select(self._patience()):
                    if key.fileobj is self.control:
                        message = messages.receive(self.control)
                        if message is None:
                            return
                        self._take(message.content)
                    else:
                        with contextlib.suppress(BlockingIOError):
                            while os.read(reader, 4096):
                                pass
                self._reap()
                self._end_the_late()
                self._start()

    def _take(self, content: Mapping[str, Any]) -> None:
        match content["do"]:
            case "prepare":
                self.jobs = content["jobs"]
                cache.use(Path(content["cache"]))
                self.judges.renew(content["observers"], content["paths"])
                self._import(content["folders"])
            case "run":
                self.waiting.append(content)
            case other:
                raise messages.BrokenError(f"an unknown order {other}")

    def _import(self, folders: list[str]) -> None:
        """What the first of them used last time; the others share it, since a base's folder is never seen again."""
        if folders:
            first = Path(folders[0])
            preload.preload(first)
            for folder in folders:
                preload.compile_sources(Path(folder), learnt_by=first)
            messages.send(self.control, {"prepared": preload.key(first)})
        gc.collect()
        gc.freeze()  # children share this memory as long as nobody writes to it

    def _start(self) -> None:
        while self.waiting and len(self.live) < self.jobs:
            order = self.waiting.popleft()
            made, job = life.Made.new(), read_job(order["job"])
            messages.send(self.control, {"started": order["id"]})
            work = functools.partial(_evaluated, job, order)
            pid = life.fork(work, _nothing(job), made, order["timeout"])
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
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self.live.pop(pid, None)
            if child is None:
                continue  # something that a program left running, and that this process inherited
            kill(-pid)  # what the program left running in its process group
            made = child.made
            seconds = time.monotonic() - child.started
            ended = {"ended": child.order["id"], "status": status, "late": child.late, "seconds": seconds}
            messages.send(self.control, ended, (made.plan, made.learnt, made.output, made.whereabouts))
            if child.order["observed"]:
                self.judges.ask(child.order, made.observation, whole=status == 0)
            messages.close(made.files)


def _nothing(job: Job) -> Plan:
    deployment = job.deployment
    return Plan(deployment.project, deployment.stack, deployment.organization, (), {})


def _evaluated(job: Job, order: Mapping[str, Any]) -> life.Answer:
    """In the child: the plan, and what others need."""
    from dolmen.engine.child import evaluate

    done = evaluate(job)
    seen = observation_json(done.observation) if order["observed"] else b""
    used = learnt_json(preload.worth_learning(job.deployment.folder))
    own, objection = observing.observe(observing.load(order["own"]), done.observation)
    plan = replace(done.plan, findings=done.mask.findings(own), failure=done.plan.failure or objection)
    return life.Answer(plan, used, seen)


def main(control: socket.socket, findings: socket.socket) -> None:
    """Serve until the other end closes. `findings`: where the observers answer."""
    imports.install()
    from dolmen.engine import child  # noqa: F401  # pyright: ignore[reportUnusedImport]  (before the first fork)

    with contextlib.suppress(messages.BrokenError):
        Evaluator(control, Judges(findings, control)).serve()
    os._exit(0)
