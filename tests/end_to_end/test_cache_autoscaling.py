"""A cache that follows its load: what the load made of it is nobody's to take back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.cloud import Fault
from tests.end_to_end.engine import Engine
from tests.end_to_end.test_cache_choices import GROUP, choose, engine, groups, operations, strike

__all__ = ["engine"]
pytestmark = [pytest.mark.engine, pytest.mark.long]

TARGET = "aws:appautoscaling/target:Target"
POLICY = "aws:appautoscaling/policy:Policy"
SHARDS = {"minimum": 1, "maximum": 3, "memory_percent": 70}
REPLICAS = {"minimum": 1, "maximum": 2, "cpu_percent": 60}
KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/11111111-2222-3333-4444-555555555555"


def scaled(engine: Engine, **changes: Any) -> None:
    choose(engine.project, {"shop": {"autoscaling": {"shards": SHARDS, "replicas": REPLICAS}, **changes}})


def bounds(engine: Engine) -> dict[str, tuple[int, int]]:
    found = {live.inputs["scalableDimension"].rpartition(":")[2]: live.inputs for live in engine.cloud.all(TARGET)}
    return {part: (one["minCapacity"], one["maxCapacity"]) for part, one in found.items()}


def test_a_scaled_cache_lives_its_whole_life(engine: Engine) -> None:
    scaled(engine)
    for type in (GROUP, TARGET, POLICY):
        strike(engine, Fault(type, "refused"))
    engine.up()
    engine.settled()
    assert bounds(engine) == {"NodeGroups": (1, 3), "Replicas": (1, 2)}
    assert {live.inputs["resourceId"] for live in engine.cloud.all(POLICY)} == {"replication-group/shop-cache"}

    [group] = engine.cloud.all(GROUP)
    group.inputs |= {"numNodeGroups": 3, "replicasPerNodeGroup": 2}  # the load did
    engine.refresh()
    engine.settled()
    assert (groups(engine)["shop"]["numNodeGroups"], groups(engine)["shop"]["replicasPerNodeGroup"]) == (3, 2), (
        "an up takes back what the load made of the cache, and moves its keys"
    )
    scaled(engine, autoscaling={"shards": {**SHARDS, "maximum": 5}, "replicas": REPLICAS})
    assert engine.steps() == {"update": ["shop-cache-shards"]}
    engine.up()
    engine.settled()

    scaled(engine, kms_key_arn=KEY)
    assert operations(engine) == {"shop": ["delete", "create"]}
    engine.settled()
    assert groups(engine)["shop"]["numNodeGroups"] == 1, "a new cache begins as the program says"
    assert bounds(engine) == {"NodeGroups": (1, 3), "Replicas": (1, 2)}, "a new cache does not scale"

    scaled(engine, kms_key_arn=KEY, autoscaling=None)
    engine.up()
    engine.settled()
    assert not engine.cloud.all(TARGET) and not engine.cloud.all(POLICY)
    engine.destroy()
    assert not list(engine.cloud.everything()), "a destroyed cache leaves something behind"
