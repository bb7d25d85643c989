"""What a report says of a cache that is filled: anew with a replacement, or not at all."""

from __future__ import annotations

from pathlib import Path

from dolmen.knowledge.effects import Data
from dolmen.review.diff.changes import Operation
from tests.review.small_programs import IMPORTS, change, reviewed, told, worst

GROUP = (
    IMPORTS
    + """
aws.elasticache.ReplicationGroup("cache", replication_group_id="cache", description="a cache",
    final_snapshot_identifier="cache-final", {more}
    opts=pulumi.ResourceOptions(ignore_changes=["snapshotName", "snapshotArns"]))
"""
)
EMPTY = GROUP.format(more="kms_key_id='one',")
OLD_SEED = GROUP.format(more="kms_key_id='one', snapshot_name='old',")


def test_a_replaced_cache_loses_its_keys_and_the_safe_path_names_the_key_that_fills_it(tmp_path: Path) -> None:
    report = reviewed(tmp_path, EMPTY, GROUP.format(more="kms_key_id='two',"))
    assert worst(report, "cache").data is Data.LOST
    assert "`dolmen:cache.seed.snapshot`" in told(report, "cache"), "a reader isn't told how to keep the keys"


def test_a_seed_that_comes_with_the_replacement_fills_the_new_cache(tmp_path: Path) -> None:
    report = reviewed(tmp_path, EMPTY, GROUP.format(more="kms_key_id='two', snapshot_name='today',"))
    found = worst(report, "cache")
    assert found.data is Data.AT_RISK, "a report that says the same of a seeded cache and an empty one helps nobody"
    assert "what was written after that is lost" in found.data_note


def test_a_seed_of_old_saves_nothing(tmp_path: Path) -> None:
    report = reviewed(tmp_path, OLD_SEED, GROUP.format(more="kms_key_id='two', snapshot_name='old',"))
    assert worst(report, "cache").data is Data.LOST, "the old snapshot is as old as the cache itself"


def test_a_seed_alone_does_nothing_to_a_cache_that_lives(tmp_path: Path) -> None:
    report = reviewed(tmp_path, OLD_SEED, EMPTY)
    found = change(report, "cache")
    assert found.operation is Operation.SAME and [one.label for one in found.ignored] == ["snapshotName"]
