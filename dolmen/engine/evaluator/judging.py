"""Shows observers what a program registered, in processes that never run anything of the program.

One process is forked for each set of observers before it is asked, imports them, and forks for each stack. It answers the
judging process itself: what the evaluator forwards to it is a file that only it reads.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from dolmen.engine import observing
from dolmen.engine.evaluator import life, messages
from dolmen.engine.evaluator.files import nameless, read_whole
from dolmen.engine.evaluator.kill import kill
from dolmen.engine.evaluator.observations import read_observation
from dolmen.engine.evaluator.orders import read_job
from dolmen.engine.wire.encode import json_bytes

LARGEST_OUTPUT = 256 * 1024
"""Bytes of what observers print that are kept."""


class Judges:
    """The observers' process, seen from the evaluator."""

    def __init__(self, findings: socket.socket, control: socket.socket) -> None:
        self._findings, self._control = findings, control
        self._ask: socket.socket | None = None

    def renew(self, observers: Mapping[str, str], paths: Sequence[str]) -> None:
        """Have a new process for these; the old one ends. What a pack remembers is of one run."""
        if self._ask is not None:
            self._ask.close()
            self._ask = None
        if not observers:
            return
        ours, theirs = socket.socketpair()
        life.flush()
        if os.fork() == 0:
            try:
                ours.close()
                self._control.close()
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                sys.path += paths
                _serve(theirs, self._findings, observers)
            finally:
                os._exit(70)
        theirs.close()
        self._ask = ours

    def ask(self, order: Mapping[str, Any], observation: int, *, whole: bool) -> None:
        """Pass on what a program registered; `whole`: its process ended as it should."""
        if self._ask is not None:
            messages.send(self._ask, {"order": order, "whole": whole}, (observation,))


def _serve(asked: socket.socket, findings: socket.socket, names: Mapping[str, str]) -> NoReturn:
    observers = observing.load(names)
    while (message := messages.receive(asked)) is not None:
        order, output = message.content["order"], nameless("output")
        if not message.content["whole"]:
            messages.send(findings, {"judged": order["id"], "findings": None, "output": ""})
        else:
            life.flush()
            pid = os.fork()
            if pid == 0:
                try:
                    life.alone(output, keep=(findings.fileno(), *message.files))
                    signal.alarm(int(order["timeout"]) + 1)
                    _judge(order, message.files[0], observers, findings)
                finally:
                    os._exit(70)
            _, status = os.waitpid(pid, 0)
            kill(-pid)
            printed = read_whole(output, LARGEST_OUTPUT).decode("utf-8", "replace")
            messages.send(findings, {"output_of": order["id"], "status": status, "output": printed})
        messages.close((output, *message.files))
    os._exit(0)


def _judge(
    order: Mapping[str, Any], file: int, observers: Mapping[str, observing.Observer], findings: socket.socket
) -> NoReturn:
    from dolmen.engine.child import accept, stack_of
    from dolmen.engine.masking import Mask

    found: Mapping[str, Any] = {}
    failure = None
    mask = Mask(())
    try:
        deployment = read_job(order["job"]).deployment
        observation = read_observation(read_whole(file, messages.LARGEST), stack_of(deployment))
        mask = Mask(observation.secrets)
        accept(deployment)
        asked = {name: observers[name] for name in order["observed"]}
        found, objection = observing.observe(asked, observation)
        failure = objection.message if objection is not None else None
        data = json_bytes(mask.findings(found)).decode("utf-8", "surrogatepass")
    except BaseException:
        data, failure = "{}", traceback.format_exc(limit=-3)
    mask.own_output()
    life.flush()
    said = mask.text(failure) if failure is not None else None
    messages.send(findings, {"judged": order["id"], "findings": data, "failure": said})
    os._exit(0)
