"""Runs a process and says what it took: what the measurements share."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST_RATIO, LARGEST_SHARE, LARGEST_MEMORY = 1.25, 0.06, 150
"""Goals: times what it is compared with; seconds for each of many stacks on two processors; megabytes of one process."""


@dataclass(frozen=True)
class Run:
    wall: float
    cpu: float
    memory: float
    """Megabytes, of the largest process."""


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Run:
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **variables}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command[:6])} … ended with exit code {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (its purpose)
