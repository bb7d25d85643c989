"""Each stack, weakened at one place after the other: what scanners and contracts call security-relevant is noticed."""

from __future__ import annotations

import os

import pytest

from tests.policies import mutation
from tests.policies.programs import ROOT

SOAK = bool(os.environ.get("DOLMEN_SOAK"))
STACKS = ["development", "production", "staging"] if SOAK else ["production"]
"""Each weakening at one resource of production; `make soak` weakens every resource of every stack."""


@pytest.mark.long
@pytest.mark.parametrize("stack", STACKS)
def test_nobody_weakens_a_stack_unnoticed(stack: str) -> None:
    outcome = mutation.run(ROOT, [stack], every=SOAK)[stack]
    unexplained = [str(one) for one in outcome.survivors if (one.type, one.path) not in mutation.allowed(stack)]
    assert outcome.mutants > 150, "the list or the stack has shrunk: the run proves little"
    assert not unexplained, "the pack has holes:\n" + "\n".join(unexplained)


def test_production_has_no_allowances() -> None:
    assert not mutation.allowed("production"), "what weakens production is never right"


def test_every_allowance_says_why() -> None:
    for rows in mutation.table()["allowed"].values():
        assert all(len(row["why"]) > 10 for row in rows), "a survivor is named with its reason"
