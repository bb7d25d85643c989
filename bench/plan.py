"""How long a plan takes: cold `dolmen plan` of 1, 10 and 50 stacks beside the bare imports of the SDK modules it uses.

Every number is the median of processes started afresh, and the compared ones take turns within one run, so that ratios
hold on a busy machine where seconds do not. "No cache" is the first plan on a machine, "cache" every later one.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from measured import LARGEST_MEMORY, LARGEST_RATIO, LARGEST_SHARE, ROOT, Run, run, say

MODEL = "production"
ROUNDS = 3
COUNTS = (1, 10, 50)

_BARE = """
import importlib, sys
import pulumi
for name in sys.argv[1:]:
    vars(importlib.import_module(name))  # a look inside, since Pulumi's own lazy modules load with the first one
"""
_USED = """
import sys
from pathlib import Path
from dolmen.engine import cache, preload
names = cache.read_json("modules", preload.key(Path(sys.argv[1]).resolve())) or []
print("\\n".join(sorted({n.rpartition(".")[0] for n in names if n.startswith("pulumi_") and "." in n and "._" not in n})))
"""


def median(runs: Sequence[Run]) -> Run:
    return Run(*(statistics.median(getattr(one, name) for one in runs) for name in ("wall", "cpu", "memory")))


def copy_project(target: Path) -> Path:
    """The project with 50 stacks, each with a name of its own, evaluated with this Python."""
    for name in ("components", "dolmen", "stacks"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "__main__.py", target)
    lines = (ROOT / "Pulumi.yaml").read_text().splitlines()
    (target / "Pulumi.yaml").write_text("\n".join(line for line in lines if "virtualenv" not in line) + "\n")
    model = (ROOT / "stacks" / f"Pulumi.{MODEL}.yaml").read_text()
    for index in range(max(COUNTS)):
        text = model.replace("dolmen:name: chat-prod", f"dolmen:name: chat-{index}")
        (target / "stacks" / f"Pulumi.bench-{index}.yaml").write_text(text)
    return target


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # measured as on a person's machine: modules are compiled once
    with tempfile.TemporaryDirectory(prefix="dolmen-bench-") as scratch:
        folder = copy_project(Path(scratch, "project"))
        warm = {"XDG_CACHE_HOME": str(Path(scratch, "cache")), "PYTHONPATH": str(folder)}

        def plan(count: int, variables: Mapping[str, str]) -> Run:
            stacks = [f"bench-{index}" for index in range(count)]
            return run([sys.executable, "-m", "dolmen", "plan", "--no-cache", *stacks], folder, variables)

        def bare() -> Run:
            return run([sys.executable, "-c", _BARE, *used], folder, warm)

        plan(1, warm)  # fills the caches of bytecode and of lazy imports
        found = subprocess.run(
            [sys.executable, "-c", _USED, str(folder)],
            cwd=folder, env={**os.environ, **warm}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        used = found.stdout.split()
        results: dict[str, list[Run]] = {}
        for turn in range(ROUNDS):
            results.setdefault("bare imports", []).append(bare())
            cold = {**warm, "XDG_CACHE_HOME": str(Path(scratch, f"none-{turn}"))}
            results.setdefault("1 stack, no cache", []).append(plan(1, cold))
            for count in COUNTS:
                name = f"{count} stack{'s' if count > 1 else ''}, cache"
                results.setdefault(name, []).append(plan(count, warm))
    report({name: median(runs) for name, runs in results.items()})


def report(medians: Mapping[str, Run]) -> None:
    base = medians["bare imports"]
    lines = [f"{'':20} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}   wall / bare imports"]
    lines += [
        f"{name:20} {one.wall:8.2f} {one.cpu:8.2f} {one.memory:8.0f}   {one.wall / base.wall:.2f}"
        for name, one in medians.items()
    ]
    single, many = medians["1 stack, cache"], medians[f"{COUNTS[-1]} stacks, cache"]
    ratio, share = single.wall / base.wall, many.wall / COUNTS[-1]
    memory = max(one.memory for name, one in medians.items() if name != "bare imports")
    lines += [
        f"one stack: {ratio:.2f} × the bare imports (goal: at most {LARGEST_RATIO})",
        f"{COUNTS[-1]} stacks: {share:.3f} s each on {os.cpu_count()} processors (goal: at most {LARGEST_SHARE})",
        f"largest process: {memory:.0f} MB (goal: at most {LARGEST_MEMORY})",
    ]
    say("\n".join(lines))


if __name__ == "__main__":
    main()
