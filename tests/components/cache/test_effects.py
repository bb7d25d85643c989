"""Whatever a user of the cache can set, the review knows what changing it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dolmen.engine.plan import Plan
from tests.components.cache.programs import SINGLE, access_plan, alarms_plan, group_plan, plan_of

EFFECTS = Path(__file__).parents[3] / "dolmen" / "review" / "effects"
KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1-2"


def known() -> dict[str, set[str]]:
    """Type → properties of which something is said."""
    found: dict[str, set[str]] = {}
    for file in sorted(EFFECTS.rglob("*.yaml")):
        document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        for token, row in document.get("types", {}).items():
            properties = found.setdefault(token, set())
            properties.update(row.get("replaces") or (), row.get("in place") or (), row.get("properties") or ())
    return found


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
    effects = known()
    for resource in PLANS[name]():
        if resource.custom and not resource.type.startswith("pulumi:"):
            missing = set(resource.inputs) - effects.get(resource.type, set())
            assert not missing, f"a change of {resource.type} {sorted(missing)} would be reviewed without a word"
