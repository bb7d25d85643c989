"""A judge in a process of its own: starts one program closed in and says what came of it.

Its argument is JSON: `program` (source), `arguments`, `closing`, `ready` (bytes that the program and its descendants write
to the pipe that they all hold, before anything goes on), `then` (`wait`, `end`, `kill warden`, `stop warden` or `hang`). What the program
prints comes first; the last line is the judge's.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from pathlib import Path


def main() -> None:
    asked = json.loads(sys.argv[1])
    sys.path.insert(0, str(Path(__file__).parents[3]))
    sys.path += asked["packages"]
    from dolmen.engine.closed.model import Closing, Limits
    from dolmen.engine.closed.reading import SYSTEM, own_interpreter
    from dolmen.engine.closed.start import Starting
    from tests.time_limits import PATIENCE

    given = asked["closing"]
    closing = Closing(
        read=(*SYSTEM, *own_interpreter(), *given.get("read", ())),
        listed=tuple(given.get("listed", ())),
        write=tuple(given.get("write", ())),
        limits=Limits(**given.get("limits", {})),
        namespaces=given["namespaces"],
    )
    reading, held_by_all = os.pipe()
    arguments = [str(held_by_all), str(os.getpid()), *asked["arguments"]]
    program = [sys.executable, "-I", "-c", asked["program"], *arguments]
    closed = Starting(closing, program, [held_by_all], asked["passed"], output=1, errors=1).closed()
    os.close(held_by_all)
    ready = b""
    while len(ready) < asked["ready"] and (some := os.read(reading, 100)):
        ready += some
    if asked["then"] == "hang":
        print(json.dumps({"private": closed.private, "warden": closed.pid}), flush=True)
        signal.pause()
    if asked["then"] == "kill warden":
        os.kill(closed.pid, signal.SIGKILL)
    if asked["then"] == "stop warden":
        os.kill(closed.pid, signal.SIGTERM)
    ending = closed.end() if asked["then"] == "end" else closed.wait(PATIENCE)
    answer = {
        "held": {name.value: hold._asdict() for name, hold in closed.held.items()},
        "ending": ending._asdict() if ending else None,
        "left_over": left_over(reading, PATIENCE),
        "private": closed.private,
        "private_left": Path(closed.private).exists(),
    }
    print("\n" + json.dumps(answer), flush=True)


def left_over(reading: int, patience: float) -> bool:
    """Whether a process still holds the pipe: its end is there when the last one is gone."""
    while select.select([reading], [], [], patience)[0]:
        if not os.read(reading, 4096):
            return False
    return True


if __name__ == "__main__":
    main()
