"""Updates that AWS or Atlas refuses, and the way that they take: judged on the whole review."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.review.effects.model import EffectKind
from dolmen.review.fail_on import FailOn
from dolmen.review.report import words
from tests.review.small_programs import FAILS, FAILS_AT_PREVIEW, IMPORTS, reviewed, stops, told, worst

CACHE = (
    IMPORTS
    + """
def cache(**more):
    given = {"description": "c", "replication_group_id": "shop", "engine": "redis", "engine_version": "7.1",
        "node_type": "cache.t4g.small", "num_cache_clusters": 2, "automatic_failover_enabled": True,
        "transit_encryption_enabled": True, "apply_immediately": True, **more}
    aws.elasticache.ReplicationGroup("it", **{k: v for k, v in given.items() if v is not None})
"""
)
ATLAS = (
    IMPORTS
    + """
def cluster(name="it", **more):
    specs = [{"region_configs": [{"provider_name": "AWS", "region_name": "EU_WEST_1", "priority": 7,
        "electable_specs": {"instance_size": "M10", "node_count": 3}}]}]
    return atlas.AdvancedCluster(name, **{"project_id": "64b0f0f0f0f0f0f0f0f0f0f0", "name": "shop",
        "cluster_type": "REPLICASET", "replication_specs": specs, **more})

def schedule(hourly=None, daily=None, **more):
    items = {"policy_item_hourly": hourly and {"frequency_interval": 6, **hourly},
        "policy_item_daily": daily and {"frequency_interval": 1, **daily}}
    atlas.CloudBackupSchedule("it", **{"project_id": "64b0f0f0f0f0f0f0f0f0f0f0", "cluster_name": "shop",
        **{k: v for k, v in items.items() if v}, **more})

def days(number):
    return {"retention_unit": "days", "retention_value": number}
"""
)
TOKEN = 'auth_token="aaaaaaaaaaaaaaaaaaaa"'
OTHER_TOKEN = 'auth_token="bbbbbbbbbbbbbbbbbbbb"'


@pytest.mark.parametrize(
    ("base", "head", "kind", "word"),
    [
        ("transit_encryption_enabled=False", 'user_group_ids=["g"]', FAILS, "TLS and a user group"),
        ("transit_encryption_enabled=False", 'transit_encryption_mode="required"', FAILS, "`preferred`"),
        (
            "transit_encryption_enabled=False",
            'transit_encryption_enabled=False, transit_encryption_mode="preferred"',
            FAILS,
            "which is off",
        ),
        ("", "transit_encryption_enabled=False", FAILS, "two steps"),
        (TOKEN, f'{OTHER_TOKEN}, auth_token_update_strategy="SET"', FAILS, "only after `ROTATE`"),
        (
            "transit_encryption_enabled=False",
            f'{TOKEN}, transit_encryption_mode="preferred"',
            FAILS,
            "before the update",
        ),
        (
            "multi_az_enabled=True",
            "multi_az_enabled=True, automatic_failover_enabled=False",
            FAILS_AT_PREVIEW,
            "Multi-AZ",
        ),
        ("", "num_cache_clusters=1", FAILS_AT_PREVIEW, "needs a replica"),
        ('cluster_mode="disabled"', 'cluster_mode="enabled"', FAILS, "one step per update"),
        ("", 'engine="valkey"', FAILS, "engine version"),
        ("", 'node_type="cache.r6gd.xlarge"', FAILS, "data tiering"),
        (
            'engine_version="6.2", parameter_group_name="default.redis6.x"',
            'parameter_group_name="default.redis6.x"',
            FAILS,
            "family redis7",
        ),
        (
            'parameter_group_name="default.redis7"',
            'engine="valkey", engine_version="8.0", parameter_group_name="default.redis7"',
            FAILS,
            "family valkey8",
        ),
    ],
)
def test_what_elasticache_refuses_is_said_before(
    tmp_path: Path, base: str, head: str, kind: EffectKind, word: str
) -> None:
    report = reviewed(tmp_path, f"{CACHE}cache({base})", f"{CACHE}cache({head})")
    assert worst(report, "it").kind is kind and word in told(report, "it")
    assert "fails" in words.verdict(report) and stops(report, FailOn.DATA_LOSS)


@pytest.mark.parametrize(
    ("base", "head", "downtime"),
    [
        ("transit_encryption_enabled=False", 'transit_encryption_mode="preferred"', False),
        ('transit_encryption_mode="preferred"', 'transit_encryption_mode="required"', True),
        (TOKEN, f'{OTHER_TOKEN}, auth_token_update_strategy="ROTATE"', False),
        (f'{TOKEN}, auth_token_update_strategy="ROTATE"', f'{TOKEN}, auth_token_update_strategy="SET"', True),
        (TOKEN, 'user_group_ids=["g"], auth_token_update_strategy="DELETE"', True),
        ("multi_az_enabled=True", "automatic_failover_enabled=False", False),
        ('cluster_mode="disabled"', 'cluster_mode="compatible"', False),
        (
            'engine_version="6.2", parameter_group_name="default.redis6.x"',
            'parameter_group_name="default.redis7"',
            False,
        ),
    ],
)
def test_the_documented_step_is_no_failure(tmp_path: Path, base: str, head: str, downtime: bool) -> None:
    report = reviewed(tmp_path, f"{CACHE}cache({base})", f"{CACHE}cache({head})")
    assert worst(report, "it").kind not in (FAILS, FAILS_AT_PREVIEW), "the right way would be stopped"
    assert stops(report, FailOn.DOWNTIME) is downtime


def test_a_family_is_found_through_the_group_that_the_program_names(tmp_path: Path) -> None:
    group = 'g = aws.elasticache.ParameterGroup("g", family="redis6.x")\n'
    base = f'{CACHE}{group}cache(engine_version="6.2", parameter_group_name=g.name)'
    report = reviewed(tmp_path, base, f"{CACHE}{group}cache(parameter_group_name=g.name)")
    assert worst(report, "it").kind is FAILS and "family redis7" in told(report, "it")


def test_a_named_group_cannot_go_before_the_cache_that_uses_it(tmp_path: Path) -> None:
    def program(family: str, version: str) -> str:
        group = f'g = aws.elasticache.ParameterGroup("g", name="shop", family="{family}")\n'
        return f'{CACHE}{group}cache(engine_version="{version}", parameter_group_name=g.name)'

    report = reviewed(tmp_path, program("redis6.x", "6.2"), program("redis7", "7.1"))
    assert worst(report, "g").kind is FAILS and "`it`" in told(report, "g"), (
        "the deletion is refused while it is in use"
    )


@pytest.mark.parametrize(
    ("base", "head", "name", "word"),
    [
        ("schedule(days(2), days(7))", "cluster(pit_enabled=True)\nschedule(None, days(7))", "it", "hourly item"),
        (
            "schedule(days(2), days(7), restore_window_days=2)",
            "schedule(days(2), days(7), restore_window_days=5)",
            "it",
            "longer than the hourly",
        ),
        ("schedule(days(2), days(7))", "schedule(days(9), days(7))", "it", "more frequent"),
        ("cluster(paused=True)", "cluster(paused=True, termination_protection_enabled=True)", "it", "paused"),
        (
            'cluster(mongo_db_major_version="6.0")',
            'cluster(mongo_db_major_version="8.0")',
            "it",
            "one major version at a time",
        ),
        (
            "cluster()",
            'cluster()\natlas.NetworkContainer("net", project_id="64b0f0f0f0f0f0f0f0f0f0f0", '
            'atlas_cidr_block="10.0.0.0/21", provider_name="AWS", region_name="EU_WEST_1")',
            "net",
            "409",
        ),
    ],
)
def test_what_atlas_refuses_is_said_before(tmp_path: Path, base: str, head: str, name: str, word: str) -> None:
    report = reviewed(tmp_path, ATLAS + base, ATLAS + head)
    effects = [one for change in report.stacks[0].managed if change.name == name for one in change.effects]
    assert any(one.kind is FAILS and word in one.why for one in effects), [one.why for one in effects]
    assert stops(report, FailOn.DATA_LOSS)


def test_a_ladder_that_rises_is_not_refused(tmp_path: Path) -> None:
    base, head = (
        "schedule(days(2), days(7), restore_window_days=2)",
        "schedule(days(3), days(9), restore_window_days=3)",
    )
    assert worst(reviewed(tmp_path, ATLAS + base, ATLAS + head), "it").kind is not FAILS
