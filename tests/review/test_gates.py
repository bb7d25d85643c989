"""What closes a gate, and what opens it again on record."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from dolmen.engine.plan import Failure, FailureKind, Options, Plan
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.findings import AcceptanceNote, Enforcement, Finding
from dolmen.review.report.model import Review, Side
from dolmen.stackfile import Acceptance, read_acceptances
from tests.review.plans import CACHE, CLUSTER, cache_inputs, cluster_inputs, plan, resource

TODAY = datetime.date(2026, 11, 23)


def reviewed(
    base: Plan, head: Plan, *, entries: str = "", folder: Path | None = None, findings: tuple[Finding, ...] = ()
) -> Review:
    found: tuple[Acceptance, ...] = ()
    if folder is not None:
        (folder / "stacks").mkdir()
        for stack in ("prod", "other"):
            (folder / "stacks" / f"Pulumi.{stack}.yaml").write_text("config: {}\n")
        file = folder / "stacks" / "accepted.yaml"
        file.write_text(entries)
        found = read_acceptances(file, today=TODAY)
    made = stack_review(Pair(base, head, findings=findings))
    return review([made], Side("head"), Side("base"), acceptances=found, today=TODAY)


def downgrade() -> tuple[Plan, Plan]:
    base = plan(resource(CACHE, "cache", cache_inputs()))
    return base, plan(resource(CACHE, "cache", cache_inputs(engineVersion="8.0")))


def resize() -> tuple[Plan, Plan]:
    return plan(resource(CLUSTER, "db", cluster_inputs("M20"))), plan(resource(CLUSTER, "db", cluster_inputs("M30")))


ALL = tuple(FailOn)


def stops(report: Review, *asked: str) -> list[str]:
    return reasons(report, {FailOn(one) for one in asked})


@pytest.mark.parametrize("asked", ["data-loss", "downtime", "replacement"])
def test_a_replaced_cache_stops_whatever_it_concerns(asked: str) -> None:
    assert stops(reviewed(*downgrade()), asked)


def test_a_resize_with_a_failover_of_seconds_stops_nothing() -> None:
    assert not stops(reviewed(*resize()), *ALL), "an election of seconds is not downtime"


def test_nothing_stops_where_nothing_is_asked() -> None:
    assert not stops(reviewed(*downgrade()))


def test_a_failing_change_stops_whatever_is_asked() -> None:
    old, new = cluster_inputs(), cluster_inputs(deleteOnCreateTimeout=True)
    found = reviewed(plan(resource(CLUSTER, "db", old)), plan(resource(CLUSTER, "db", new)))
    for asked in ALL:
        assert stops(found, asked), f"what cannot be applied must not pass {asked}"


def test_an_unknown_type_stops_for_the_unknown() -> None:
    old, new = (plan(resource("aws:rds/instance:Instance", "it", {"a": n})) for n in (1, 2))
    assert stops(reviewed(old, new), "unknown")
    assert not stops(reviewed(old, new), "data-loss")


def test_a_head_that_cannot_be_evaluated_stops_whatever_is_asked() -> None:
    broken = Plan("shop", "prod", "organization", (), {}, failure=Failure(FailureKind.PROGRAM, "boom"))
    assert stops(reviewed(downgrade()[0], broken), "policy")


def test_mandatory_policies_stop_unless_accepted() -> None:
    stopping_one = Finding("p1", "No public access", "…", enforcement=Enforcement.MANDATORY)
    accepted = Finding(
        "p1", "No public access", "…", enforcement=Enforcement.MANDATORY, acceptance=AcceptanceNote("agreed")
    )
    assert stops(reviewed(*resize(), findings=(stopping_one,)), "policy")
    assert not stops(reviewed(*resize(), findings=(accepted,)), "policy")
    assert not stops(reviewed(*resize(), findings=(stopping_one,)), "data-loss")


ENTRY = """accepted:
  - what: {what}
    stack: prod
    resource: cache
    reason: agreed with the team
    until: {until}
"""


def test_an_acceptance_counts_for_its_effect_alone(tmp_path: Path) -> None:
    entries = ENTRY.format(what="data-loss", until="2026-12-31")
    found = reviewed(*downgrade(), entries=entries, folder=tmp_path)
    assert not stops(found, "data-loss"), "what is accepted on record passes"
    assert stops(found, "downtime"), "what was not accepted does not"


def test_an_expired_acceptance_counts_for_nothing_and_is_reported(tmp_path: Path) -> None:
    entries = ENTRY.format(what="data-loss", until="2026-11-22")
    found = reviewed(*downgrade(), entries=entries, folder=tmp_path)
    assert stops(found, "data-loss")
    assert [finding.id for finding in found.findings] == ["acceptance-expired"]
    assert str(found.findings[0].position) == "stacks/accepted.yaml:2"


def test_the_last_day_still_counts(tmp_path: Path) -> None:
    found = reviewed(*downgrade(), entries=ENTRY.format(what="data-loss", until="2026-11-23"), folder=tmp_path)
    assert not stops(found, "data-loss")


def test_an_acceptance_that_fits_nothing_is_reported(tmp_path: Path) -> None:
    found = reviewed(*resize(), entries=ENTRY.format(what="data-loss", until="2026-12-31"), folder=tmp_path)
    assert [finding.id for finding in found.findings] == ["acceptance-unmatched"]


def test_an_acceptance_of_another_stack_or_of_a_policy_is_not_the_reviews_to_report(tmp_path: Path) -> None:
    other = ENTRY.format(what="data-loss", until="2026-12-31").replace("stack: prod", "stack: other")
    policy = ENTRY.format(what="kms-rotation", until="2026-12-31").removeprefix("accepted:\n")
    found = reviewed(*resize(), entries=other + policy, folder=tmp_path)
    assert found.findings == (), "a review of one stack would ask to remove what another one needs"


def test_an_acceptance_may_name_resources_by_a_pattern(tmp_path: Path) -> None:
    entries = ENTRY.format(what="data-loss", until="2026-12-31").replace("resource: cache", 'resource: "ca*"')
    assert not stops(reviewed(*downgrade(), entries=entries, folder=tmp_path), "data-loss")


def test_protection_that_goes_is_a_harm_of_its_own() -> None:
    base = plan(resource(CLUSTER, "db", cluster_inputs(), options=Options(protect=True)))
    found = reviewed(base, plan(resource(CLUSTER, "db", cluster_inputs())))
    assert stops(found, "protection"), "what guards the database goes unnoticed"
    assert not stops(found, *(one for one in ALL if one is not FailOn.PROTECTION))
