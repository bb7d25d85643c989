"""The review's effects against the simulated providers: neither was made from the other.

Where they disagree, one of them is wrong: every disagreement is named here with what decides it, and a new one fails.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dolmen.engine import evaluate
from tests.end_to_end.changes import Agreement, agreement

ROOT = Path(__file__).parents[2]

EXPLAINED = {
    r"MetricAlarm\.evaluationPeriods lowered: the provider says refused": (
        "Check refuses 0 periods; a review says that among the refused inputs, and not as an effect of the change."
    ),
}


@pytest.fixture(scope="module")
def found() -> Agreement:
    plans = evaluate(ROOT, ["production", "staging", "development"])
    assert all(plan.failure is None for plan in plans), [plan.failure for plan in plans]
    return agreement(plans)


def test_recall_and_precision_of_replacements_and_refusals(
    found: Agreement, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(
            f"\n{found.compared} generated changes against the simulated providers: recall {found.recall:.1%} of "
            f"{found.harmful}, precision {found.precision:.1%} of {found.said}"
        )
        for title, some in (("missed", found.missed), ("too much", found.too_much), ("order", found.order)):
            for line in some:
                print(f"  {title}: {line}")
    assert found.compared > 500 and found.harmful > 100, "too little was compared to say anything"
    assert found.recall >= 0.98, "the review misses replacements that the provider makes"
    assert found.precision >= 0.95, "the review cries wolf"


def test_every_disagreement_is_explained(found: Agreement) -> None:
    everything = (*found.missed, *found.too_much, *found.order)
    left = [line for line in everything if not any(re.match(pattern, line) for pattern in EXPLAINED)]
    assert not left, "find out who is right, then mend the effect or explain the difference"


def test_every_explanation_is_still_needed(found: Agreement) -> None:
    everything = (*found.missed, *found.too_much, *found.order)
    idle = [pattern for pattern in EXPLAINED if not any(re.match(pattern, line) for line in everything)]
    assert not idle, "these disagreements are gone: take them off the list"
