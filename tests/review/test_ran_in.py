"""'No credentials used' is said where it is certain; elsewhere a report says what did not hold."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from dolmen.engine import evaluate
from dolmen.engine.closed.model import Hold, Protection
from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.surroundings import Surroundings, together
from dolmen.engine.wire.decode import read_plan
from dolmen.engine.wire.encode import plan_json
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.review import formats
from dolmen.review.report import build
from dolmen.review.report.model import Review, Side
from dolmen.review.report.plans import PlannedStack, Plans
from dolmen.review.report.ran_in import clauses
from tests.cli.small_project import write_project

ALL = dict.fromkeys(Protection, Hold(True, ("a kernel",)))
SAID = ("terminal", "markdown", "html")
"""Formats that say it in words; JSON says it as data."""


def without(*names: Protection) -> Surroundings:
    return Surroundings({**ALL, **dict.fromkeys(names, Hold(False, (), "this system has none"))})


def plan(surroundings: Surroundings | None, stack: str = "dev") -> Plan:
    return replace(Plan("shop", stack, "organization", (), {}), surroundings=surroundings)


def plans(*several: Plan) -> Plans:
    return Plans(tuple(map(PlannedStack, several)))


def written(document: Plans | Review, form: str) -> str:
    stream, chosen = StringIO(), formats.load(form)
    if isinstance(document, Plans):
        chosen.plans(document, stream)
    else:
        chosen.review(document, stream)
    return " ".join(stream.getvalue().split())


def review(surroundings: Surroundings | None) -> Review:
    return build.review([], Side("head"), Side("base"), surroundings=surroundings)


@pytest.mark.parametrize("form", SAID)
@pytest.mark.parametrize("document", [plans, review], ids=["plans", "review"])
def test_every_format_says_it_where_it_is_true_and_nowhere_else(form: str, document: type) -> None:
    def said(surroundings: Surroundings | None) -> str:
        return written(plans(plan(surroundings)) if document is plans else review(surroundings), form)

    assert "no credentials" in said(Surroundings(ALL))
    for open_to in (Protection.NETWORK, Protection.ENVIRONMENT):
        text = said(without(open_to))
        assert "no credentials" not in text, "a program that could have used credentials is vouched for"
        assert f"not closed in: {open_to}" in text, "nobody learns what did not hold"
    text = said(Surroundings(ALL, ("AWS_REGION", "TOKEN")))
    assert "no credentials" not in text, "what was passed may be a credential"
    assert "given: AWS_REGION, TOKEN" in text
    assert "no credentials" not in said(None), "nothing is known of a program that no evaluator ran"


def test_another_protection_that_is_missing_takes_nothing_back() -> None:
    assert clauses(without(Protection.READING)) == ("no credentials used", "not closed in: reading")


def test_where_little_holds_that_is_named() -> None:
    one = Surroundings({Protection.ENVIRONMENT: Hold(True, ("an empty environment",))})
    assert clauses(one) == ("closed in: environment alone",)
    assert clauses(Surroundings({})) == ("not closed in",)


def test_the_weakest_evaluation_speaks_for_all() -> None:
    found = together([Surroundings(ALL), None, without(Protection.NETWORK), Surroundings(ALL, ("TOKEN",))])
    assert found is not None
    assert not found.holds(Protection.NETWORK), "one stack of fifty ran with a network"
    assert found.passed == ("TOKEN",)
    assert together([None]) is None


@pytest.mark.parametrize("document", [plans, review], ids=["plans", "review"])
def test_json_has_every_protection_with_its_reason(document: type) -> None:
    one = without(Protection.NETWORK)
    text = written(plans(plan(one)) if document is plans else review(one), "json")
    found = json.loads(text)["surroundings"]
    assert found["withoutCredentials"] is False
    assert found["protections"]["network"] == {"held": False, "by": [], "whyNot": "this system has none"}
    assert found["protections"].keys() == {one.value for one in Protection}


def test_an_evaluation_says_what_it_ran_in(tmp_path: Path) -> None:
    (found,) = evaluate(write_project(tmp_path), ["production"])
    assert found.surroundings is not None and found.surroundings.holds(Protection.ENVIRONMENT)


def test_a_stack_that_was_refused_before_it_ran_vouches_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\n")
    assert evaluate(tmp_path, ["dev"])[0].surroundings is None


def test_a_program_cannot_say_what_it_ran_in() -> None:
    forged = plan(Surroundings(ALL))
    with pytest.raises(ForeignDataError):
        read_plan(plan_json(replace(forged, failure=Failure(FailureKind.CRASH, ""))), {})
