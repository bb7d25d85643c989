"""How long `up` takes beyond what the clouds impose, and what our own program costs in a preview.

    python bench/up.py [STACK] [SCALE]

1. `up` of a stack on simulated clouds with scaled durations, against the longest chain of creations that the clouds
   impose (`tests/cloud/order.py`; durations in `tests/cloud/data/latencies.json`). At most 1.02. The larger SCALE, the
   less the machine's other work counts: 0.1 takes a bit over a minute.
2. `pulumi preview` of our program against an empty one, on a cold language host, in turns.

Ratios within one run: the machine's speed cancels out, its other work does not. Durations are simulated.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measured import ROOT, say

sys.path.insert(0, str(ROOT))

from tests.cloud.cli import Unavailable, distribution
from tests.cloud.order import longest_chain, longest_wait
from tests.end_to_end.engine import Engine, write_program
from tests.end_to_end.project import stack_engine

LIMIT = 1.02
ROUNDS = 5
IMPORTS = "import pulumi, pulumi_aws, pulumi_mongodbatlas, pulumi_random, pydantic, yaml"


def up(stack: str, scale: float, folder: Path) -> float:
    """The ratio of an `up` to the longest imposed chain."""
    with stack_engine(folder / "up", stack, scale=scale) as engine:
        done = engine.up()
        total, chain = longest_chain(engine.cloud)
        waits, _ = longest_wait(engine.resources())
        calls = [call for call in engine.cloud.log if call.operation == "create"]
        window = max(call.ended for call in calls) - min(call.began for call in calls)
        begun = sum(call.ended - call.began for call in calls) / scale
    say(f"up of {stack}: {len(calls)} creations, simulated clouds at {scale:g} of real durations")
    for live in chain:
        say(f"    {live.type.rsplit(':', 1)[1]:32} {live.asked_as}")
    ratio = window / scale / total
    say(f"  longest imposed chain {total:7.1f} s")
    say(f"  longest in our graph  {waits:7.1f} s   ratio {waits / total:.3f} (at most {LIMIT}, and no measurement)")
    say(f"  first to last answer  {window / scale:7.1f} s   ratio {ratio:.3f} (at most {LIMIT})")
    say(f"  one after the other   {begun:7.1f} s")
    say(f"  the command itself    {done.seconds - window:7.1f} s more, whatever the durations")
    return max(ratio, waits / total)


def previews(stack: str, folder: Path) -> None:
    """Median times of a preview: an empty program, one that only imports, ours."""
    ours = stack_engine(folder / "ours", stack)
    engines: dict[str, Engine] = {}
    for name, text in {"empty": "", "imports": IMPORTS}.items():
        engines[name] = Engine(write_program(folder / name / "project", text), folder / name)
        engines[name].configure()
    engines[stack] = ours
    taken: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(ROUNDS):
        for name, engine in engines.items():
            taken[name].append(engine.preview().seconds)
    for engine in engines.values():
        engine.__exit__(None, None, None)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    say(f"pulumi preview, median of {ROUNDS}, cold language host")
    labels = {"empty": "an empty program", "imports": "imports of the SDKs alone", stack: f"our {stack}"}
    for name, label in labels.items():
        say(f"  {label:28} {medians[name]:5.2f} s   {medians[name] / medians['empty']:.2f} of the empty one")
    ours_alone = "import components.platform.loader, components.platform.platform"
    command = [sys.executable, "-X", "importtime", "-c", ours_alone]
    slowest = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    lines = [line.split(":", 1)[1].split("|")[0] for line in slowest.splitlines() if line.startswith("import time:")]
    total = sum(float(own) for own in lines if own.strip().isdigit()) / 1e6
    say(f"  of which our modules and all that they import: {total:.2f} s under -X importtime")


def main() -> None:
    stack = sys.argv[1] if len(sys.argv) > 1 else "production"
    scale = float(sys.argv[2]) if len(sys.argv) > 2 else 0.1
    try:
        distribution()
    except Unavailable as reason:
        say(f"bench/up.py skipped: {reason}")
        return
    with tempfile.TemporaryDirectory() as folder:
        ratio = up(stack, scale, Path(folder))
        previews(stack, Path(folder))
    if ratio > LIMIT:
        sys.exit(f"the up of {stack} takes {ratio:.3f} of what the clouds impose: something waits for no reason")


if __name__ == "__main__":
    main()
