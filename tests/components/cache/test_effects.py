"""Whatever a user of the cache can set, the review knows what changing it does."""

from __future__ import annotations

import pytest

from dolmen.engine.plan import Plan
from dolmen.knowledge.loader import change_knowledge
from dolmen.review.diff.compare import compare
from dolmen.review.effects.harm import Harm, harms
from dolmen.review.effects.judge import JUDGE
from tests.components.cache.programs import KEY, SINGLE, access_plan, alarms_plan, group_plan, topics_plan

PLANS = {
    "group": lambda: group_plan(kms_key_arn=KEY, log_kms_key_arn=KEY, description="d", port=7000),
    "single": lambda: group_plan(**SINGLE),
    "tiering": lambda: group_plan(node_type="cache.r6gd.xlarge", durability="snapshots"),
    "access": lambda: access_plan({"a": {"keys": ["a:*"]}, "b": {"keys": ["b:*"], "authentication": "iam"}}, "redis"),
    "alarms": alarms_plan,
    "topics": lambda: topics_plan(
        email=["a@b.example"], slack_workspace_id="T0123456789", slack_channel_id="C0123456789", tags={"a": "b"}
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_the_review_knows_what_a_change_of_each_property_does(name: str) -> None:
    for resource in PLANS[name]():
        if resource.custom and not resource.type.startswith("pulumi:"):
            missing = set(resource.inputs) - change_knowledge(resource.type).properties.keys()
            assert not missing, f"a change of {resource.type} {sorted(missing)} would be reviewed without a word"


def test_a_review_sees_a_login_that_goes_while_clients_may_use_it_and_fears_none_that_joins() -> None:
    def login(told: str, *logins: str) -> Plan:
        return access_plan({"app": {"keys": ["app:*"], "authentication": told, "logins": [*logins]}})

    def harm(before: Plan, after: Plan) -> frozenset[Harm]:
        return harms(effect for change in compare(before, after, JUDGE) for effect in change.effects)

    password, iam = login("password", "password"), login("iam", "iam")
    first, second = login("password", "password", "iam"), login("iam", "password", "iam")
    assert harm(password, first) == frozenset(), "the first step looks dangerous, and nobody would take it"
    assert harm(first, second) == frozenset(), "the second step changes something besides what clients are told"
    assert Harm.DOWNTIME in harm(password, iam), "all steps at once lock clients out, and the review says nothing"
    assert Harm.DOWNTIME in harm(second, iam), "a login that a client may still use goes without a word"
