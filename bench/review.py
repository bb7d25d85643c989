"""How long a review takes: cold base → head beside a one-sided plan, and 20 stacks that all change.

Every number is the median of processes started afresh; the compared ones take turns within one run, so that ratios hold
on a busy machine where seconds do not.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import measured
from measured import LARGEST_MEMORY, LARGEST_SHARE, ROOT, Run, say

ROUNDS = 5
MANY = 20
COLD = 1.35
"""Goal: base → head of one changed stack, times one side."""

_ONE_SIDED = """
import sys
from pathlib import Path
from dolmen.engine import evaluate
# The policy pack runs on the head of a review, so it runs here too.
(plan,) = evaluate(Path(sys.argv[1]), sys.argv[2:], observers={"policies": "dolmen.review.policies:observe"})
assert plan.failure is None, plan.failure
"""
_REVIEW = """
import sys, time
from pathlib import Path
started = time.perf_counter()
from dolmen.engine.project import read_project
from dolmen.review.command import review
from dolmen.review.formats import text
from dolmen.review.sides.base import base_commit
project = read_project(Path(sys.argv[1]).resolve())
report = review(project, sys.argv[2:] or None, base_commit(project.folder, "HEAD"))
assert all(one.status.value == "changed" for one in report.stacks), [one.failure for one in report.stacks]
text(report, "markdown")
"""


def run(code: str, *arguments: str) -> Run:
    return measured.run([sys.executable, "-c", code, *arguments], ROOT, {"PYTHONPATH": str(ROOT)})


def repository(folder: Path) -> Path:
    """The project's own program with many stacks, committed; then every stack file is edited."""
    for name in ("components", "stacks", "policies"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "accepted.yaml"))
    for name in ("__main__.py", "Pulumi.yaml"):
        shutil.copy(ROOT / name, folder / name)
    model = (ROOT / "stacks/Pulumi.production.yaml").read_text("utf-8")
    for path in (folder / "stacks").glob("Pulumi.*.yaml"):
        path.unlink()
    for number in range(MANY):
        text = model.replace("dolmen:name: chat-prod", f"dolmen:name: chat-{number}")  # no two claim one name
        (folder / f"stacks/Pulumi.env-{number:02}.yaml").write_text(text, "utf-8")
    (folder / ".gitignore").write_text("__pycache__/\n")
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "-q", "-m", "base"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)  # noqa: S607
    for path in (folder / "stacks").glob("Pulumi.*.yaml"):
        path.write_text(path.read_text("utf-8").replace("instanceSize: M20", "instanceSize: M30"), "utf-8")
    return folder


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = str(repository(Path(scratch)))
        one: list[Run] = []
        both: list[Run] = []
        run(_REVIEW, folder, "env-00")  # fills the caches that every later run finds
        for _ in range(ROUNDS):
            one.append(run(_ONE_SIDED, folder, "env-00"))
            both.append(run(_REVIEW, folder, "env-00"))
        many = [run(_REVIEW, folder) for _ in range(2)]
    report(one, both, many)


def report(one: list[Run], both: list[Run], many: list[Run]) -> None:
    plan, reviewed, all_of_them = (statistics.median(run.wall for run in some) for some in (one, both, many))
    ratio = reviewed / plan
    share = (all_of_them - reviewed) / (2 * (MANY - 1))
    memory = max(run.memory for run in (*one, *both, *many))
    lines = [
        ("one-sided plan, cold", f"{plan:.2f} s", ""),
        ("base → head of one stack, cold", f"{reviewed:.2f} s", ""),
        ("ratio", f"{ratio:.2f}", f"goal ≤ {COLD}"),
        (f"{MANY} stacks, all changed", f"{all_of_them:.2f} s", ""),
        ("each further stack and side", f"{share:.3f} s", f"goal ≤ {LARGEST_SHARE} on 2 processors"),
        ("largest process", f"{memory:.0f} MB", f"goal ≤ {LARGEST_MEMORY}"),
    ]
    for name, value, goal in lines:
        say(f"{name:<40} {value:>9}   {goal}")
    met = ratio <= COLD and share <= LARGEST_SHARE and memory <= LARGEST_MEMORY
    say("All goals are met." if met else "A goal is missed.")


if __name__ == "__main__":
    main()
