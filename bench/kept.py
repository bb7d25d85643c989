"""What kept plans save: nothing changed, one stack of many edited, a base that is known, and from a save to the plan.

Compared processes take turns within one run, so that ratios hold on a busy machine where seconds do not.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from measured import Run, run, say
from plan import copy_project

ROUNDS = 3
MANY = 50
NOTHING, ONE_EDITED, KEPT_BASE, SAVED = 0.35, 1.1, 1.05, 0.3
"""Goals: seconds; times one stack; times one side; seconds."""
WATCHING = b"Watching:"


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as on a person's machine
    with tempfile.TemporaryDirectory(prefix="dolmen-bench-") as scratch:
        folder = copy_project(Path(scratch, "project"))
        (folder / ".gitignore").write_text("__pycache__/\n")
        for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "-qm", "base"]):  # fmt: skip
            subprocess.run(["git", *command], cwd=folder, check=True)  # noqa: S607
        variables = {"XDG_CACHE_HOME": str(Path(scratch, "cache")), "PYTHONPATH": str(folder)}
        stacks = [f"bench-{index}" for index in range(MANY)]

        def plan(*arguments: str) -> Run:
            return run([sys.executable, "-m", "dolmen", "plan", *arguments], folder, variables)

        plan(*stacks)
        for lines in (_plans(plan, folder, stacks), _reviews(plan, folder), _watching(folder, variables)):
            for name, value, goal in lines:
                say(f"{name:<52} {value:>8}   {goal}")


def edit(folder: Path, stack: str, number: int) -> None:
    path = folder / "stacks" / f"Pulumi.{stack}.yaml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("# ")]
    path.write_text("\n".join([*lines, f"# {time.time_ns()} {number}", ""]))


def _plans(plan: Callable[..., Run], folder: Path, stacks: list[str]) -> Iterator[tuple[str, str, str]]:
    one: list[float] = []
    same: list[float] = []
    all_same: list[float] = []
    edited: list[float] = []
    for turn in range(ROUNDS):
        one.append(plan(stacks[0], "--no-cache").wall)
        plan(stacks[0])
        same.append(plan(stacks[0]).wall)
        all_same.append(plan(*stacks).wall)
        edit(folder, stacks[1], turn)
        edited.append(plan(*stacks).wall)
    ratio = statistics.median(edited) / statistics.median(one)
    yield "one stack, evaluated", _seconds(one), ""
    yield "one stack, nothing changed", _seconds(same), f"goal ≤ {NOTHING} s"
    yield f"{MANY} stacks, nothing changed", _seconds(all_same), ""
    yield f"{MANY} stacks, one edited", _seconds(edited), ""
    yield "that, over one stack evaluated", f"{ratio:.2f}", f"goal ≤ {ONE_EDITED}"


def _reviews(plan: Callable[..., Run], folder: Path) -> Iterator[tuple[str, str, str]]:
    stack = "bench-2"
    side: list[float] = []
    both: list[float] = []
    subprocess.run(["git", "-C", str(folder), "checkout", "-q", "--", "."], check=True)  # noqa: S607
    plan(stack, "--base", "HEAD")
    same = [plan(stack, "--base", "HEAD").wall for _ in range(ROUNDS)]
    path = folder / "stacks" / f"Pulumi.{stack}.yaml"
    committed = path.read_text()
    path.write_text(committed.replace("instanceSize: M20", "instanceSize: M30"))
    plan(stack, "--base", "HEAD")
    for turn in range(ROUNDS):
        edit(folder, stack, turn)
        side.append(plan(stack, "--no-cache").wall)
        both.append(plan(stack, "--base", "HEAD").wall)
    ratio = statistics.median(both) / statistics.median(side)
    yield "base → head, nothing changed", _seconds(same), f"goal ≤ {NOTHING} s"
    yield "base → head, head edited, base kept", _seconds(both), ""
    yield "that, over one side", f"{ratio:.2f}", f"goal ≤ {KEPT_BASE}"


def _watching(folder: Path, variables: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    stack = "bench-3"
    process = subprocess.Popen(
        [sys.executable, "-m", "dolmen", "plan", stack, "--watch"],
        cwd=folder, env={**os.environ, **variables}, stdout=subprocess.PIPE,
    )  # fmt: skip
    taken: list[float] = []
    try:
        _wait(process)
        for turn in range(ROUNDS):
            time.sleep(0.5)
            edit(folder, stack, turn)
            saved = time.perf_counter()
            _wait(process)
            taken.append(time.perf_counter() - saved)
    finally:
        process.terminate()
        process.wait()
    yield "from a save to the new plan", _seconds(taken), f"goal ≤ {SAVED} s"


def _wait(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    while not process.stdout.readline().startswith(WATCHING):
        if process.poll() is not None:
            raise SystemExit("the watching ended")


def _seconds(several: list[float]) -> str:
    return f"{statistics.median(several):.2f} s"


if __name__ == "__main__":
    main()
