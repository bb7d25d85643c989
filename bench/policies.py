"""Mutants of each stack that the policy pack notices, and what the pack adds to a plan."""

from __future__ import annotations

import statistics
import sys
import time

from measured import ROOT, say

sys.path.insert(0, str(ROOT))

from dolmen.engine import evaluate
from dolmen.review import policies
from tests.policies import mutation

STACKS = ["development", "staging", "production"]
ROUNDS = 5


def main() -> None:
    bare, judged = [], []
    for _ in range(ROUNDS):
        for times, observers in ((bare, None), (judged, {policies.NAME: policies.OBSERVER})):
            began = time.perf_counter()
            evaluate(ROOT, STACKS, observers=observers)
            times.append(time.perf_counter() - began)
    without, with_pack = statistics.median(bare), statistics.median(judged)
    say(
        f"policies: {with_pack - without:+.2f} s for {len(STACKS)} stacks ({without:.2f} s without, {with_pack / without:.2f} ×)"
    )
    total = missed = 0
    for stack, outcome in mutation.run(ROOT, STACKS).items():
        total, missed = total + outcome.mutants, missed + len(outcome.survivors)
        say(f"policies: {stack}: {outcome.mutants - len(outcome.survivors)} of {outcome.mutants} mutants noticed")
        why = {(row["of"], row["path"]): row["why"] for row in mutation.table()["allowed"].get(stack, [])}
        for survivor in outcome.survivors:
            say(f"  {survivor}: {why.get((survivor.type, survivor.path), 'NOT EXPLAINED')}")
    say(f"policies: {total - missed} of {total} noticed")


if __name__ == "__main__":
    main()
