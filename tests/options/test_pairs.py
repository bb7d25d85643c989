"""Whatever options stand together: the file loads, the plan is made, and no provider refuses a resource of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import pytest

from dolmen.engine import evaluate
from dolmen.engine.plan import Placeholder, Plan, Secret, Unknown, Value
from tests.cloud.check import check, known, preview_problems
from tests.cloud.wire import UNKNOWN
from tests.components.platform.files import problems_of
from tests.options.options import CONTEXTS, Context, fits, options_of
from tests.options.projects import project_of
from tests.options.rows import Row, rows, rows_of

FEW: Context = ("production", "privateLink", "valkey-sharded")
"""The context that is planned each time."""
_OTHERS = [one for one in CONTEXTS if one != FEW]
PLANNED = _OTHERS if os.environ.get("DOLMEN_SOAK") else _OTHERS[::4]
"""Those planned with the long tests; all of them with `make soak`."""
SECRET = "simulated-secret-value-0123456789"


def test_there_are_enough_rows() -> None:
    assert sum(1 for _ in rows()) >= 400


@pytest.mark.parametrize("context", CONTEXTS, ids="-".join)
def test_each_pair_that_may_stand_together_is_in_a_row_and_no_other(context: Context) -> None:
    for row in rows_of(context):
        for one, other in combinations(row.chosen.items(), 2):
            assert fits(context, dict((one, other))), "write the rows anew: python -m tests.options.rows"
    pairs_are_covered(context)


def pairs_are_covered(context: Context) -> None:
    seen = {pair for row in rows_of(context) for pair in combinations(row.chosen.items(), 2)}
    options = options_of(context)
    for one, other in combinations(options, 2):
        for word in options[one]:
            for another in options[other]:
                if fits(context, {one: word, other: another}) and fits(context, {one: word}):
                    assert ((one, word), (other, another)) in seen, "write the rows anew: python -m tests.options.rows"


def test_what_may_stand_together_is_refused_by_no_rule() -> None:
    loads(FEW)


def loads(context: Context) -> None:
    wrong = {row.name: problems_of(row.settings) for row in rows_of(context)}
    assert not {name: found for name, found in wrong.items() if found}, "a right file would be refused"


def refusals(plan: Plan) -> Iterator[str]:
    for resource in plan:
        if resource.custom and known(resource.type) and not resource.read:
            inputs = {key: _sent(value) for key, value in resource.inputs.items()}
            for failure in check(resource.type, inputs):
                yield f"{resource.type} {resource.name}: {failure.property} {failure.kind}: {failure.reason}"
            for problem in preview_problems(resource.type, inputs):
                yield f"{resource.type} {resource.name}: {problem.kind}: {problem.reason}"


def _sent(value: Value) -> object:
    """As the provider would be asked; what the plan made up is not known."""
    if isinstance(value, Unknown | Placeholder) or (isinstance(value, str) and "‹" in value):
        return UNKNOWN
    if isinstance(value, Secret):
        return UNKNOWN if value.unknown else SECRET
    if isinstance(value, Mapping):
        return {key: _sent(one) for key, one in value.items()}
    return [_sent(one) for one in value] if isinstance(value, list) else value


def planned(some: tuple[Row, ...], folder: Path) -> None:
    names = [row.name for row in some]
    plans = evaluate(project_of(some, folder), names)
    assert [plan.stack for plan in plans] == names
    failed = {plan.stack: plan.failure for plan in plans if plan.failure is not None}
    assert not failed, "a file that loads has no plan"
    found = Counter(refusal for plan in plans for refusal in refusals(plan))
    assert not found, "a deployment would end in the middle:\n" + "\n".join(map(str, found.most_common(20)))


def test_no_provider_refuses_a_resource_of_the_few(tmp_path: Path) -> None:
    planned(rows_of(FEW), tmp_path / "project")


@pytest.mark.long
@pytest.mark.parametrize("context", PLANNED, ids="-".join)
def test_no_provider_refuses_a_resource_of_any_row(context: Context, tmp_path: Path) -> None:
    planned(rows_of(context), tmp_path / "project")
