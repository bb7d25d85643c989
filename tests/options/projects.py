"""Rows as a project of their own: the program of three lines, and a stack file for each."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml

from tests.options.rows import Row

ROOT = Path(__file__).resolve().parents[2]


def project_of(rows: Iterable[Row], folder: Path) -> Path:
    """Writes the project; each row's stack has the row's name."""
    (folder / "stacks").mkdir(parents=True)
    for part in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / part, folder / part)
    for part in ("components", "dolmen"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.pyc.*"))
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "stacks" / "accepted.yaml").write_text("accepted: []\n")
    for row in rows:
        # Each has a name of its own, as two stacks of one repository must.
        settings = row.settings | {"dolmen:name": platform_name(row)}
        (folder / "stacks" / f"Pulumi.{row.name}.yaml").write_text(
            yaml.safe_dump({"config": settings}, sort_keys=False)
        )
    return folder


def platform_name(row: Row) -> str:
    """Unique among all rows: `d-link-sharded-7` would be too long for what is made of it."""
    tier, door, cache = row.context
    return f"{tier[0]}{door[0]}{cache.replace('valkey', 'v').replace('-sharded', 's')[:2]}{row.name.rpartition('-')[2]}"
