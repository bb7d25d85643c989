"""Whatever a user of the cache can set, the review knows what changing it does."""

from __future__ import annotations

import pytest

from dolmen.knowledge.loader import change_knowledge
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
