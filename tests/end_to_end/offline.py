"""The offline engine in a process of its own: it forks, and a process that serves gRPC should not.

python -m tests.end_to_end.offline PROJECT STACK LOOKUPS PLAN       writes the pickled plan
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dolmen.engine.plan import Plan

ROOT = Path(__file__).resolve().parents[2]


def plan_of(project: Path, stack: str, folder: Path, lookups: Mapping[str, Any] | None = None) -> Plan:
    answers, pickled = folder / "lookups.json", folder / "plan.pickle"
    answers.write_text(json.dumps(lookups or {}))
    command = [sys.executable, "-m", __spec__.name, str(project), stack, str(answers), str(pickled)]
    subprocess.run(command, cwd=ROOT, check=True)
    return pickle.loads(pickled.read_bytes())


def main() -> None:
    from dolmen.engine import evaluate

    project, stack, lookups, pickled = sys.argv[1:]
    (plan,) = evaluate(Path(project), [stack], lookups=Path(lookups))
    Path(pickled).write_bytes(pickle.dumps(plan))


if __name__ == "__main__":
    main()
