"""A cache is filled when it is made, and what its seed says later never touches one that lives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.cloud import Fault
from tests.cloud.kinds.elasticache import SNAPSHOTS
from tests.end_to_end.engine import Engine
from tests.end_to_end.test_cache_choices import GROUP, choose, engine, groups, operations, strike

__all__ = ["engine"]
pytestmark = pytest.mark.engine

KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/11111111-2222-3333-4444-555555555555"
RDB = ["arn:aws:s3:::chat-backups/a.rdb", "arn:aws:s3:::chat-backups/b.rdb"]


def seeded(engine: Engine, **seeds: Any) -> None:
    choose(engine.project, {"shop": {"durability": "snapshots", **seeds}})


@pytest.mark.long
def test_a_seed_counts_for_a_new_cache_alone(engine: Engine) -> None:
    engine.cloud.facts[SNAPSHOTS] = ["before"]
    seeded(engine, seed_snapshot="before")
    strike(engine, Fault(GROUP, "refused"))
    engine.up()
    engine.settled()
    assert groups(engine)["shop"]["snapshotName"] == "before"
    for later in ({"seed_snapshot": "another"}, {"seed_rdb": RDB}, {}):
        seeded(engine, **later)
        assert operations(engine) == {}, f"the seed {later} touches a cache that lives: its keys would be lost"
        engine.settled()
    seeded(engine, snapshot_retention_days=9)
    assert operations(engine) == {"shop": ["update"]}

    seeded(engine, snapshot_retention_days=9, kms_key_arn=KEY, seed_rdb=RDB)
    assert operations(engine) == {"shop": ["delete", "create"]}
    made = groups(engine)["shop"]
    assert (made.get("snapshotName"), made["snapshotArns"]) == (None, RDB), (
        "a cache that is replaced begins empty, though its seed is written"
    )
    engine.settled()
    engine.destroy()
    assert not list(engine.cloud.everything()), "a destroyed cache leaves something behind"


@pytest.mark.long
def test_the_final_snapshot_of_a_replaced_cache_can_fill_the_next_one(engine: Engine) -> None:
    seeded(engine)
    engine.up()
    seeded(engine, kms_key_arn=KEY, seed_snapshot="shop-cache-final")
    engine.up()
    assert groups(engine)["shop"]["snapshotName"] == "shop-cache-final"
    engine.settled()


def test_a_snapshot_that_there_is_not_is_refused_and_the_next_up_goes_on(engine: Engine) -> None:
    seeded(engine, seed_snapshot="gone")
    assert "SnapshotNotFoundFault" in engine.up(ok=False).text
    engine.cloud.facts[SNAPSHOTS] = ["gone"]
    engine.up()
    engine.settled()
