"""Shows observers what a program registered, in processes that never run anything of the program.

One process is forked for each run before any program. It imports the observers and lets them prepare, and forks for each
stack. What a program registered reaches it as a file that the judging process passes on unread.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from dolmen.engine import observing, sameness
from dolmen.engine.deployment import Deployment
from dolmen.engine.evaluator import life, messages
from dolmen.engine.evaluator.files import read_whole
from dolmen.engine.evaluator.kill import kill
from dolmen.engine.evaluator.observations import read_observation
from dolmen.engine.evaluator.orders import read_job
from dolmen.engine.evaluator.tree import root_of
from dolmen.engine.kept.reads import Reads
from dolmen.engine.sameness import Sameness
from dolmen.engine.sources import Sources
from dolmen.engine.wire.decode import read_plan
from dolmen.engine.wire.encode import json_bytes
from dolmen.engine.wire.limits import LARGEST_RESULT


def judge(asked: socket.socket, names: Mapping[str, str], paths: Sequence[str]) -> None:
    """Until the other end closes."""
    from dolmen.engine.child import accept

    sys.path += paths
    sameness.lead()
    observers = observing.load(names)
    prepared = Reads(True, False)
    while (message := messages.receive(asked)) is not None:
        if message.content["do"] == "prepare":
            deployment = read_job(message.content["job"]).deployment
            accept(deployment)
            with sameness.heard(_same(deployment)) as same:
                observing.prepare(observers.values(), deployment)
            prepared |= same.reads
            continue
        order, (observation, plan, output) = message.content["order"], message.files
        life.flush()
        pid = os.fork()
        if pid == 0:
            try:
                life.alone(output, keep=(asked.fileno(), observation, plan))
                signal.alarm(int(order["timeout"]) + 1)
                _judge(order, observation, plan, observers, asked, prepared)
            finally:
                os._exit(70)
        os.waitpid(pid, 0)
        kill(-pid)
        messages.send(asked, {"done": order["id"]})
        messages.close(message.files)


def _judge(
    order: Mapping[str, Any],
    file: int,
    shown: int,
    observers: Mapping[str, observing.Observer],
    answer: socket.socket,
    prepared: Reads,
) -> NoReturn:
    from dolmen.engine.child import accept, is_shown, stack_of
    from dolmen.engine.masking import Mask

    failure, reads = None, Reads()
    mask = Mask(())
    try:
        job = read_job(order["job"])
        deployment = job.deployment
        observation = read_observation(read_whole(file, messages.LARGEST), stack_of(deployment))
        mask = Mask(observation.secrets)
        accept(deployment)
        asked = {name: observers[name] for name in order["observed"]}
        with sameness.heard(_same(deployment)) as same:
            found, objection = observing.observe(asked, observation)
        reads = prepared | same.reads
        failure = objection.message if objection is not None else None
        kinds = dict.fromkeys(order["own"], object)
        if not is_shown(read_plan(read_whole(shown, LARGEST_RESULT), kinds), job, observation):
            failure = "The program showed policies something else than its plan shows."
        data = json_bytes(mask.findings(found)).decode("utf-8", "surrogatepass")
    except BaseException:
        data, failure = "{}", traceback.format_exc(limit=-3)
    mask.own_output()
    life.flush()
    said = mask.text(failure) if failure is not None else None
    messages.send(answer, {"judged": order["id"], "findings": data, "failure": said, "reads": asdict(reads)})
    os._exit(0)


def _same(deployment: Deployment) -> Sameness:
    """Watches the policy pack, wherever it lies."""
    folder = Path(deployment.judged_by) if deployment.judged_by is not None else deployment.folder
    roots = {str(root_of(place)) for place in (folder, deployment.folder)}
    return Sameness(Sources(folder), roots, deployment.stack)
