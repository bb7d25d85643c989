"""Whatever a user of the cache can set, the review knows what changing it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.components.cache.programs import KEY, SINGLE, access_plan, alarms_plan, group_plan, topics_plan

EFFECTS = Path(__file__).parents[3] / "dolmen" / "review" / "effects"


def known() -> dict[str, set[str]]:
    """Type → properties of which something is said."""
    found: dict[str, set[str]] = {}
    for file in sorted(EFFECTS.rglob("*.yaml")):
        document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        for token, row in document.get("types", {}).items():
            properties = found.setdefault(token, set())
            properties.update(row.get("replaces") or (), row.get("in place") or (), row.get("properties") or ())
    return found


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
    effects = known()
    for resource in PLANS[name]():
        if resource.custom and not resource.type.startswith("pulumi:"):
            missing = set(resource.inputs) - effects.get(resource.type, set())
            assert not missing, f"a change of {resource.type} {sorted(missing)} would be reviewed without a word"
