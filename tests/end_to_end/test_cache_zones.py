"""The zones that are preferred count when a node is made, and move none that stands."""

from __future__ import annotations

import pytest

from tests.cloud.cloud import Fault
from tests.end_to_end.engine import Engine
from tests.end_to_end.test_cache_choices import GROUP, PLAIN, choose, engine, groups, operations, strike

__all__ = ["engine"]
pytestmark = [pytest.mark.engine, pytest.mark.long]

A, B, C = (f"ap-northeast-2{letter}" for letter in "abc")


def placed(engine: Engine, *zones: str) -> None:
    choose(engine.project, {"shop": {**PLAIN, "replicas": len(zones) - 1, "preferred_zones": [*zones]}})


def test_zones_live_their_whole_life_without_a_replacement(engine: Engine) -> None:
    placed(engine, A, B)
    strike(engine, Fault(GROUP, "refused"))
    engine.up()
    engine.settled()
    assert groups(engine)["shop"]["preferredCacheClusterAzs"] == [A, B]
    for later in ((B, A), (B, A, C), (A, B)):
        placed(engine, *later)
        assert operations(engine) == {"shop": ["update"]}, f"another wish for zones ({later}) replaces the cache"
        engine.settled()
    choose(engine.project, {"shop": PLAIN})
    engine.up()
    engine.settled()
    engine.destroy()
    assert not list(engine.cloud.everything()), "a destroyed cache leaves something behind"
