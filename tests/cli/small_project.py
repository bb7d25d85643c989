"""A small project, and the command on it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.time_limits import PATIENCE

ROOT = Path(__file__).parents[2]

PROGRAM = """
import pulumi
import pulumi_random as random

size = pulumi.Config().get_int("size") or 32
if size > 128:
    raise pulumi.RunError("size is at most 128. Write a smaller one.")
if size == 7:
    {}["missing"]
random.RandomPassword("login", length=size)
"""


def write_project(folder: Path) -> Path:
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: stacks\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "stacks").mkdir()
    for stack, size in (("staging", 24), ("production", 48)):
        (folder / "stacks" / f"Pulumi.{stack}.yaml").write_text(f"config:\n  shop:size: {size}\n")
    return folder


def dolmen(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "PULUMI_CONFIG_PASSPHRASE")}
    return subprocess.run(
        [sys.executable, "-m", "dolmen", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        check=False,
        stdin=subprocess.DEVNULL,
    )
