"""The README says what the commands print today."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def ran(*arguments: str, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dolmen", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT)},
    )
    return done.stdout + done.stderr


def without_time(text: str) -> str:
    return re.sub(r"\d+\.\d s, no", "0.0 s, no", text).strip()


def test_the_plan_in_the_readme_is_today_s() -> None:
    (block,) = [block for block in BLOCKS if block.startswith("production  ·")][:1]
    assert without_time(ran("plan", "production")) == without_time(block), (
        "the first thing a newcomer reads is not true"
    )


def test_the_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", README))
    assert named <= targets, f"make has no {named - targets}"


def test_links_lead_somewhere() -> None:
    for text in sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")):
        if "examples/reviews" in text.as_posix():
            continue
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                assert (text.parent / target).exists(), (
                    f"{text.relative_to(ROOT)} links to {target}, which is not there"
                )
