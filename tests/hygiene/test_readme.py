"""The README says what the commands print today."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
    """Nor what it ran in, which is another thing on another machine."""
    return re.sub(r"\d+\.\d s\b.*?(?=\n\n)", "0.0 s", text, flags=re.DOTALL).strip()


def test_the_plan_in_the_readme_is_today_s() -> None:
    (block,) = [block for block in BLOCKS if block.startswith("production  ·")][:1]
    assert without_time(ran("plan", "production")) == without_time(block), (
        "the first thing a newcomer reads is not true"
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tracked files as they are, committed in a repository of their own."""
    for name in subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).rstrip("\0").split("\0"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "-f", "."], ["commit", "-qm", "base"]):
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)
    return tmp_path


def edit(stack_file: Path, *changes: tuple[str, str]) -> None:
    text = stack_file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"the README's example changes {old!r}, which is not there"
        text = text.replace(old, new)
    stack_file.write_text(text, encoding="utf-8")


def test_the_mistakes_in_the_readme_read_as_today(copy: Path) -> None:
    wrong = (("electableNodes: 3", "electableNodes: 4"), ("generation: 1, active: 1", "generation: 3, active: 1"))
    edit(copy / "stacks" / "Pulumi.production.yaml", *wrong)
    (block,) = [block for block in BLOCKS if block.startswith("stacks/Pulumi.production.yaml has")]
    said = ran("plan", "production", folder=copy)
    for line in block.splitlines():
        assert line.strip() in said, f"the README shows what is not printed: {line}"


@pytest.mark.long
def test_the_review_in_the_readme_reads_as_today(copy: Path) -> None:
    edit(copy / "stacks" / "Pulumi.production.yaml", ("durability: sync", "durability: async"))
    (block,) = [block for block in BLOCKS if block.startswith("production: the cache")]
    printed = [line.rstrip() for line in ran("plan", "--base", "HEAD", folder=copy).splitlines()]
    shown = [line.rstrip() for line in block.splitlines() if line.strip() not in ("", "…")]
    missing = [line for line in shown if line not in printed]
    assert not missing, f"the README shows what is not printed: {missing}"


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
