"""Every choice of engine, cluster mode and durability through the real engine, on a simulated ElastiCache."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.cloud import Fault
from tests.end_to_end.engine import Engine, write_program
from tests.end_to_end.project import ROOT

pytestmark = pytest.mark.engine

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup"
USER = "aws:elasticache/user:User"
PROGRAM = f"""
import json, sys
from pathlib import Path

sys.path.insert(0, {str(ROOT)!r})

from components.cache import CacheAccess, CacheReplicationGroup

for name, choice in json.loads((Path(__file__).parent / "choices.json").read_text()).items():
    access = CacheAccess(f"{{name}}-access", choice["access"])
    CacheReplicationGroup(f"{{name}}-cache", {{**choice["group"], "user_group_id": access.user_group_id}})
"""
TOPIC = "arn:aws:sns:ap-northeast-2:123456789012:operations"
WATCHED = ("valkey-cluster-async", "redis-snapshots")
"""Choices with alarms: these have many, and are much alike."""
BASE: dict[str, Any] = {
    "engine": "valkey",
    "version": "9.0",
    "node_type": "cache.r7g.large",
    "cluster_mode": True,
    "shards": 1,
    "replicas": 1,
    "multi_az": True,
    "durability": "async",
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "private_subnet_ids": ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"],
    "client_security_group_ids": {"clients": "sg-0ccccccccccccccc1"},
    "maintenance_window": "sun:17:00-sun:18:00",
    "snapshot_window": "19:00-20:00",
    "snapshot_retention_days": 7,
    "final_snapshot": True,
    "minor_upgrades": False,
    "apply_immediately": True,
    "slow_log": True,
    "engine_log": True,
    "log_retention_days": 30,
    "protect_data": False,
    "tags": {"team": "shop"},
}
PLAIN = {"cluster_mode": False, "durability": "snapshots"}
REDIS = {"engine": "redis", "version": "7.1", "durability": "snapshots"}
CHOICES: dict[str, dict[str, Any]] = {
    "valkey-cluster-sync": {"durability": "sync"},
    "valkey-cluster-async": {"durability": "async"},
    "valkey-cluster-snapshots": {"durability": "snapshots"},
    "valkey8-cluster-snapshots": {"version": "8.2", "durability": "snapshots"},
    "valkey-cluster-single-node": {"replicas": 0, "multi_az": False, "durability": "snapshots"},
    "valkey-snapshots": PLAIN,
    "valkey-single-node": {**PLAIN, "replicas": 0, "multi_az": False, "node_type": "cache.t4g.micro"},
    "redis-cluster-snapshots": REDIS,
    "redis-snapshots": {**REDIS, **PLAIN},
}
"""Every combination that ElastiCache makes; the others are refused at load (tests/components/cache/test_tables.py)."""


def choose(project: Path, choices: dict[str, dict[str, Any]], users: tuple[str, ...] = ("web",)) -> None:
    """Side by side in one program, as platforms of one account."""
    written = {name: one_choice(name, {**BASE, **changes}, users) for name, changes in choices.items()}
    (project / "choices.json").write_text(json.dumps(written))


def one_choice(name: str, group: dict[str, Any], users: tuple[str, ...]) -> dict[str, Any]:
    logins = {user: {"keys": [f"{user}:*"]} for user in users}
    watched = {"alarms": {"warnings_topic_arn": TOPIC, "severe_topic_arn": TOPIC}} if name in WATCHED else {}
    return {
        "access": {"platform": name, "engine": group["engine"], "users": logins},
        "group": {**group, **watched, "replication_group_id": f"{name}-cache"},
    }


@pytest.fixture
def engine(tmp_path: Path, warm: str) -> Iterator[Engine]:
    project = write_program(tmp_path / "project", PROGRAM, name="shop")
    with Engine(project, tmp_path, warm=warm) as running:
        running.configure({"aws:region": "ap-northeast-2"})
        yield running


def groups(engine: Engine) -> dict[str, dict[str, Any]]:
    """By platform: the group as the cloud has it."""
    return {live.id.removesuffix("-cache"): live.inputs for live in engine.cloud.all(GROUP)}


def operations(engine: Engine) -> dict[str, list[str]]:
    """By platform: what one `up` does to its group."""
    before = len(engine.cloud.log)
    engine.up()
    found: dict[str, list[str]] = {}
    for call in engine.cloud.log[before:]:
        if call.type == GROUP:
            name = call.name.removesuffix("-cache")
            found.setdefault(name, []).append(call.operation)
    return found


@pytest.mark.long
def test_every_choice_lives_its_whole_life(engine: Engine) -> None:
    choose(engine.project, CHOICES)
    assert operations(engine) == {name: ["create"] for name in CHOICES}
    engine.settled()
    for name, inputs in groups(engine).items():
        wanted = CHOICES[name]["durability"]
        assert inputs.get("durability") == (None if wanted == "snapshots" else wanted), name

    changes: dict[str, Any] = {"snapshot_retention_days": 9, "parameters": {"timeout": "600"}, "tags": {"team": "web"}}
    choose(engine.project, {name: {**made, **changes} for name, made in CHOICES.items()})
    assert operations(engine) == {name: ["update"] for name in CHOICES}, "a harmless change replaces a cache"
    assert {inputs["snapshotRetentionLimit"] for inputs in groups(engine).values()} == {9}
    engine.settled()

    changes["kms_key_arn"] = "arn:aws:kms:ap-northeast-2:123456789012:key/11111111-2222-3333-4444-555555555555"
    choose(engine.project, {name: {**made, **changes} for name, made in CHOICES.items()})
    replaced = operations(engine)
    assert replaced == {name: ["delete", "create"] for name in CHOICES}, (
        "docs/decisions/0006: an explicit id goes first"
    )
    engine.settled()

    engine.destroy()
    left = [live.id for live in engine.cloud.everything()]
    assert not left, "a destroyed cache leaves something behind"


def strike(engine: Engine, fault: Fault) -> None:
    engine.cloud.faults.append(fault)
    engine.up(ok=False)
    assert fault.hits == 1, "nothing failed: this test shows nothing"


def test_an_up_that_failed_half_way_is_finished_by_the_next_one(engine: Engine) -> None:
    choose(engine.project, {"shop": {}})
    strike(engine, Fault(PARAMETERS, "refused"))
    strike(engine, Fault(GROUP, "refused"))
    strike(engine, Fault(GROUP, "throttled", factor=9))
    engine.up()
    choose(engine.project, {"shop": {}}, users=("web", "api"))
    strike(engine, Fault(USER, "refused"))
    engine.up()
    engine.settled()
    assert groups(engine)["shop"]["userGroupIds"] == ["shop-cache"]
    [members] = engine.cloud.all("aws:elasticache/userGroup:UserGroup")
    assert set(members.inputs["userIds"]) == {"shop-web-4", "shop-api-4"}


def test_a_change_that_failed_leaves_the_cache_as_it_was_and_is_made_by_the_next_up(engine: Engine) -> None:
    choose(engine.project, {"shop": {}})
    engine.up()
    choose(engine.project, {"shop": {"snapshot_retention_days": 12}})
    strike(engine, Fault(GROUP, "refused", "update"))
    assert groups(engine)["shop"]["snapshotRetentionLimit"] == 7
    strike(engine, Fault(GROUP, "lost", "update"))
    engine.up("--refresh")
    assert groups(engine)["shop"]["snapshotRetentionLimit"] == 12
    engine.settled()


def test_upgrades_are_in_place_and_the_way_back_is_a_replacement(engine: Engine) -> None:
    old = {"valkey": {"version": "8.2", "durability": "snapshots"}, "redis": {**REDIS, **PLAIN}}
    choose(engine.project, old)
    engine.up()
    before = len(engine.cloud.log)
    choose(engine.project, {"valkey": {"durability": "snapshots"}, "redis": {**PLAIN, "version": "8.2"}})
    engine.up()
    engine.settled()
    log = [(call.operation, call.type) for call in engine.cloud.log[before:] if call.type in (PARAMETERS, GROUP)]
    assert [entry for entry in log if entry[1] == GROUP] == [("update", GROUP)] * 2, "an upgrade loses every key"
    assert sorted(log[:2]) == [("create", PARAMETERS)] * 2, "the new parameter groups do not come first"
    assert sorted(log[-2:]) == [("delete", PARAMETERS)] * 2, "the old parameter groups do not go last"
    assert engine.cloud.find(USER, userName="default") == [], "a Valkey group needs no default user"
    choose(engine.project, old)
    assert set(engine.steps()["replace"]) >= {"valkey-cache", "redis-cache"}


def test_protected_data_is_not_replaced_by_accident(engine: Engine) -> None:
    choose(engine.project, {"shop": {"protect_data": True}})
    engine.up()
    choose(engine.project, {"shop": {"protect_data": True, "version": "8.2", "durability": "snapshots"}})
    refused = engine.preview(ok=False)
    assert "protect" in refused.text, "a downgrade in production would lose every key"


def test_one_login_more_touches_nobody_elses(engine: Engine) -> None:
    choose(engine.project, {"shop": {}})
    engine.up()
    choose(engine.project, {"shop": {}}, users=("web", "api"))
    added = {"create": ["shop-access-api", "shop-access-api-a"], "update": ["shop-access"]}
    assert engine.steps() == added
    engine.up()
    choose(engine.project, {"shop": {}}, users=("api",))
    removed = {"delete": ["shop-access-web", "shop-access-web-a"], "update": ["shop-access"]}
    assert engine.steps() == removed
    engine.up()
    engine.settled()
