"""Whatever goes wrong while a platform is made: the next `up` converges, and nothing exists twice."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.cloud.cloud import Fault, How
from tests.end_to_end.engine import Engine
from tests.end_to_end.project import STACKS, stack_engine
from tests.end_to_end.repair import Wanted, adopt, orphans, wanted
from tests.time_limits import until

pytestmark = pytest.mark.engine

KINDS: tuple[How, ...] = ("refused", "unhealthy", "lost", "slow", "throttled")
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def faults(program: list[Wanted], turn: int) -> list[Fault]:
    """One fault for each creation of the program, the kinds taking turns. What is made on the spot is only refused."""
    kinds = itertools.islice(itertools.cycle(KINDS), turn, None)
    return [
        Fault(
            resource.type, "refused" if resource.type.startswith("random:") else kind, exactly=resource.name, factor=3
        )
        for resource, kind in zip(program, kinds, strict=False)
    ]


def converge(engine: Engine, program: list[Wanted]) -> int:
    """`up` until it succeeds, adopting in between what was made without Pulumi's knowledge; how many it took."""
    for number in range(1, 30):
        done = engine.up("--continue-on-error", ok=None)
        lost = {(live.type, live.asked_as) for live in orphans(engine)}
        if lost:  # docs/operations/interrupted-up.md: an answer was lost; import it before anything else
            adopt(engine, [resource for resource in program if (resource.type, resource.name) in lost])
        elif done.code == 0:
            return number
    raise AssertionError("no end of it:\n" + done.text[-3000:])


def nothing_exists_twice(engine: Engine, program: list[Wanted]) -> None:
    assert not orphans(engine), f"unknown to Pulumi: {[live.id for live in orphans(engine)]}"
    made = Counter(live.type for live in engine.cloud.everything())
    assert made == Counter(resource.type for resource in program)


def strike_every_creation(stack: str, turn: int, folder: Path, warm: str) -> None:
    with stack_engine(folder, stack, warm=warm) as engine:
        program = wanted(engine)
        planned = faults(program, turn)
        engine.cloud.faults += planned
        converge(engine, program)
        assert not engine.cloud.faults, f"never struck: {engine.cloud.faults}"
        assert all(fault.hits == 1 for fault in planned)
        engine.settled()
        nothing_exists_twice(engine, program)


@pytest.mark.long
def test_a_fault_at_every_creation_of_production_and_it_still_converges(tmp_path: Path, warm: str) -> None:
    strike_every_creation("production", 0, tmp_path / "stack", warm)


@pytest.mark.soak
@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("turn", range(len(KINDS)))
def test_every_kind_of_fault_at_every_creation(stack: str, turn: int, tmp_path: Path, warm: str) -> None:
    strike_every_creation(stack, turn, tmp_path / "stack", warm)


def killed(process: subprocess.Popen[str], engine: Engine) -> bool:
    """Kill the CLI if nothing but cluster and cache is being made, and no file of the state is half written.

    (The file backend does not write `.attrs` at once, and reads no state without it: nothing of ours.)
    """
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    try:
        json.loads(engine.state_file.with_name(f"{engine.state_file.name}.attrs").read_text())
        pending = json.loads(engine.state_file.read_text())["checkpoint"]["latest"]["pending_operations"]
    except (OSError, ValueError, KeyError):
        pending = []
    quiet = sorted(operation["resource"]["type"] for operation in pending) == sorted([CLUSTER, GROUP])
    process.send_signal(signal.SIGKILL if quiet else signal.SIGCONT)
    if quiet:
        process.communicate()
    return quiet


@pytest.mark.long
def test_after_a_killed_up_the_documented_steps_bring_everything_back(tmp_path: Path, warm: str) -> None:
    """docs/operations/interrupted-up.md: cancel, clear what is pending, import what the clouds made, up."""
    with stack_engine(tmp_path / "stack", "production", warm=warm) as engine:
        program = wanted(engine)
        held = [Fault(CLUSTER, "held"), Fault(GROUP, "held")]
        engine.cloud.faults += held
        process = engine.start("up", "--yes", "--skip-preview", "--stack", engine.stack)
        until(lambda: engine.cloud.all(CLUSTER) and engine.cloud.all(GROUP))
        until(lambda: killed(process, engine))
        for fault in held:
            fault.released.set()
        until(lambda: all(live.status == "available" for live in engine.cloud.everything()))
        assert "currently locked" in engine.up(ok=False).text
        engine.pulumi("cancel", "--yes", "--stack", engine.stack)
        pending = engine.export()["pending_operations"]
        assert {CLUSTER, GROUP} <= {operation["resource"]["type"] for operation in pending}
        engine.refresh("--clear-pending-creates")
        lost = {(live.type, live.asked_as) for live in orphans(engine)}
        adopt(engine, [resource for resource in program if (resource.type, resource.name) in lost])
        engine.up()
        engine.settled()
        nothing_exists_twice(engine, program)
