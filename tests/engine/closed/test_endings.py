"""All that a program started ends with it, whatever it did to stay."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.engine.closed.judging import WAYS, Way, ask, asked
from tests.time_limits import until

STAYERS = """
import os, signal, sys, time
pipe = int(sys.argv[1])
def stay():
    os.write(pipe, b"x")  # it is there; the pipe stays open as long as it is
    while True:
        time.sleep(60)
def fork():
    return os.fork() == 0
if fork():  # a session of its own
    os.setsid()
    stay()
if fork():  # nobody's child any more
    if fork():
        os.setsid()
        if fork():
            stay()
    os._exit(0)
if fork():  # deaf
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    stay()
if fork():  # orphans fall to itself
    import ctypes
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    if fork():
        if fork():
            stay()
        os._exit(0)
    while True:
        time.sleep(60)
if fork():  # another program
    os.set_inheritable(pipe, True)
    os.execv("/bin/sh", ["sh", "-c", f"printf x >&{pipe}; trap '' TERM HUP; sleep 1000 & wait"])
"""
STAYING = 5
"""Bytes in the pipe when all are there."""

ways = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)


@ways
@pytest.mark.parametrize("goes_on", ["import time; time.sleep(1000)", "os.waitpid(-1, 0)"], ids=["waits", "is done"])
def test_nothing_is_left_of_a_program_that_is_ended(way: Way, goes_on: str) -> None:
    answer = ask(way, STAYERS + goes_on, ready=STAYING, then="end")
    assert answer.reason in {"asked", "finished"}
    assert not answer.left_over, "a hostile process would go on after its review and see the next one"
    assert not answer.private_left


@ways
def test_nothing_is_left_of_a_program_that_finishes(way: Way) -> None:
    waits = "\nimport time\nwhile not os.path.exists('go'):\n time.sleep(0.01)\nos._exit(7)"
    answer = ask(way, STAYERS.replace("stay():\n", "stay():\n    open('go', 'w')\n", 1) + waits)
    assert (answer.reason, answer.code) == ("finished", 7)
    assert not answer.left_over, "a hostile process would go on after its review and see the next one"


@ways
def test_nothing_is_left_when_the_judge_is_killed(way: Way, tmp_path: Path) -> None:
    reading, lifeline = os.pipe()
    command = asked(way, STAYERS + "time.sleep(1000)", ready=STAYING, then="hang")
    judge = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=lifeline, text=True, cwd="/")
    os.close(lifeline)  # the warden and the judge hold it as their errors' way out
    assert judge.stdout is not None
    said = json.loads(judge.stdout.readline())
    judge.send_signal(signal.SIGKILL)
    judge.wait()
    judge.stdout.read()  # all that was inside holds it: its end is the end of the last process
    until(lambda: not Path(said["private"]).exists())
    os.close(reading)


@ways
def test_nothing_is_left_when_the_warden_is_killed(way: Way) -> None:
    answer = ask(way, STAYERS + "time.sleep(1000)" if way.namespaces else LONELY, **FROM_WARDEN[way.namespaces])
    if way.namespaces and "a pid namespace" not in answer.held["ending"]["by"]:
        pytest.skip("there is no pid namespace here, whose end ends all")
    assert answer.reason == "warden", "a run whose warden is lost would be taken for a finished one"
    assert not answer.left_over, "the system's hunt for memory could set a hostile program free"
    assert not answer.private_left


@ways
def test_nothing_is_left_when_the_warden_is_told_to_go(way: Way) -> None:
    answer = ask(way, STAYERS + "time.sleep(1000)", ready=STAYING, then="stop warden")
    assert answer.reason == "warden", "a run whose warden is lost would be taken for a finished one"
    assert not answer.left_over, "a cancelled job would leave a hostile program running"
    assert not answer.private_left


LONELY = "import os, sys, time; os.write(int(sys.argv[1]), b'x'); time.sleep(1000)"
FROM_WARDEN = {True: {"ready": STAYING, "then": "kill warden"}, False: {"ready": 1, "then": "kill warden"}}
