"""What closing a program in costs: until its first line, and while it forks and computes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from measured import ROOT, say

sys.path.insert(0, str(ROOT))

from dolmen.engine.closed.model import Closing
from dolmen.engine.closed.reading import SYSTEM, own_interpreter
from dolmen.engine.closed.start import Starting

ROUNDS = 7
SDK = "import os, pulumi; os.write({0}, b'x')"
FORKS = """
import json, os, resource
def cpu():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
began = cpu()
for _ in range(100):
    child = os.fork()
    if child == 0:
        for _ in range(6):
            json.dumps([{{f"key-{{n}}": list(range(20))}} for n in range(300)])
        os._exit(0)
    os.waitpid(child, 0)
os.write({0}, str(cpu() - began).encode())
"""


def used() -> float:
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def run(program: str, namespaces: bool | None) -> tuple[float, float, bytes]:
    """Seconds until the program wrote something, processor seconds of all processes, and what it wrote."""
    reading, writing = os.pipe()
    command = [sys.executable, "-I", "-B", "-c", program.format(writing)]
    before, began = used(), time.perf_counter()
    if namespaces is None:
        process = subprocess.Popen(command, pass_fds=[writing], env={})
        wait: Callable[[], object] = process.wait
    else:
        closing = Closing(read=(*SYSTEM, *own_interpreter()), namespaces=namespaces)
        wait = Starting(closing, command, [writing]).closed().wait
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        said = answers.read(1)
        seconds = time.perf_counter() - began
        said += answers.read()
    wait()
    return seconds, used() - before, said


def main() -> None:
    os.chdir(tempfile.gettempdir())
    ways = {"open": None, "closed": True, "closed without namespaces": False}
    bare: dict[str, list[float]] = {name: [] for name in ways}
    sdk: dict[str, list[float]] = {name: [] for name in ways}
    forks: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, namespaces in ways.items():
            bare[name].append(run("import os; os.write({0}, b'x')", namespaces)[0])
            sdk[name].append(run(SDK, namespaces)[1])
            forks[name].append(float(run(FORKS, namespaces)[2]))
    for name in ways:
        say(
            f"closed: {name}: {min(bare[name]) * 1000:.0f} ms to a bare program's first line, "
            f"{min(sdk[name]) / min(sdk['open']):.2f} × the processor time of importing the SDK, "
            f"{min(forks[name]) / min(forks['open']):.2f} × that of forks"
        )


if __name__ == "__main__":
    main()
