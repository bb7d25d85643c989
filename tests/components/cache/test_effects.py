"""Whatever a user of the cache can set, the review knows what changing it does."""

from __future__ import annotations

import pytest

from dolmen.engine.plan import Plan
from dolmen.knowledge.loader import change_knowledge
from tests.components.cache.programs import SINGLE, access_plan, alarms_plan, group_plan, plan_of

KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1-2"


def encryption_key_plan() -> Plan:
    def program() -> None:
        from components.cache.encryption_key import CacheEncryptionKey

        CacheEncryptionKey(
            "key", {"platform": "p", "deletion_window_days": 30, "protect_data": True, "tags": {"a": "b"}}
        )

    return plan_of(program)


PLANS = {
    "group": lambda: group_plan(kms_key_arn=KEY, log_kms_key_arn=KEY, description="d", port=7000),
    "single": lambda: group_plan(**SINGLE),
    "tiering": lambda: group_plan(node_type="cache.r6gd.xlarge", durability="snapshots"),
    "access": lambda: access_plan({"a": {"access_string": "on"}, "b": {"access_string": "on", "iam": True}}, "redis"),
    "alarms": lambda: alarms_plan(
        email=["a@b.example"], slack_workspace_id="T0123456789", slack_channel_id="C0123456789", tags={"a": "b"}
    ),
    "key": encryption_key_plan,
}


@pytest.mark.parametrize("name", PLANS)
def test_the_review_knows_what_a_change_of_each_property_does(name: str) -> None:
    for resource in PLANS[name]():
        if resource.custom and not resource.type.startswith("pulumi:"):
            missing = set(resource.inputs) - change_knowledge(resource.type).properties.keys()
            assert not missing, f"a change of {resource.type} {sorted(missing)} would be reviewed without a word"
