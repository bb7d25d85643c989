"""How long the kept reports are, and what they say twice: lines and words, beside the goals."""

from __future__ import annotations

import sys

from measured import ROOT, say

sys.path.insert(0, str(ROOT))

from tests.review.golden import GOALS, REPORTS, measured


def main() -> None:
    say(f"{'':24} {'lines':>6} {'goal':>6} {'words':>6} {'said twice':>11}")
    missed: list[str] = []
    for file in sorted((*REPORTS.glob("*.txt"), *REPORTS.glob("*.md"))):
        found = measured(file.read_text("utf-8"))
        goal = GOALS.get(file.stem) if file.suffix == ".txt" else None
        say(f"{file.name:24} {found.lines:6} {goal or '':>6} {found.words:6} {len(found.repeated):11}")
        missed += [f"{file.name}: {found.lines} lines (goal: at most {goal})"] if goal and found.lines > goal else []
        for sentence in found.repeated:
            say(f"{'':4}{sentence[:100]}")
    say("\n".join(missed) or "reports: every goal is met")


if __name__ == "__main__":
    main()
