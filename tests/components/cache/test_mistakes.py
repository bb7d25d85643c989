"""What a program is told about a wrong cache, before anything is registered."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from components.arguments import ArgumentsError, Problem, Unknown, check
from components.cache import (
    access_arguments,
    access_limits,
    alarm_plan,
    alarm_topics,
    alarms,
    replication_group_arguments,
    replication_group_limits,
)
from components.cache.access_arguments import CacheAccessArgs, CacheUser
from components.cache.alarm_topics import CacheAlarmTopicsArgs
from components.cache.alarms import CacheAlarmSettings
from components.cache.replication_group_arguments import CacheReplicationGroupArgs
from tests.components.cache.programs import GROUP, KEY, SEVERE, WARNINGS

LOGIN: dict[str, Any] = {"keys": ["web:*"]}
RDB = "arn:aws:s3:::chat-backups/2026/chat.rdb"
ONE_SHARD: dict[str, Any] = {"cluster_mode": False, "shards": None, "durability": "snapshots"}
SHARDS: dict[str, Any] = {"minimum": 1, "maximum": 4, "cpu_percent": 60}
REPLICAS: dict[str, Any] = {"minimum": 1, "maximum": 3, "cpu_percent": 60}
ALARMS: dict[str, Any] = {"warnings_topic_arn": WARNINGS, "severe_topic_arn": SEVERE}

# (what is wrong, the argument that is named, words of the rule)
GROUPS: list[tuple[dict[str, Any], str, str]] = [
    ({"replication_group_id": "Chat--prod"}, "replication_group_id", "single hyphens"),
    ({"engine": "memcached"}, "engine", "valkey or redis"),
    ({"version": "7.1"}, "version", "7.1 is a version of redis"),
    ({"node_type": "cache.r7g.lrge"}, "node_type", "not a node type"),
    ({"engine": "redis", "version": "7.1", "durability": "snapshots", "node_type": "cache.r8g.large"}, "node_type", "Valkey only"),
    ({"replicas": 6}, "replicas", "At most 5"),
    ({"replicas": 1.5}, "replicas", "whole number"),
    ({"shards": 0}, "shards", "At least 1"),
    ({"shards": 200, "replicas": 3}, "shards", "at most 500 nodes"),
    ({"cluster_mode": False, "durability": "snapshots"}, "shards", "exactly one shard"),
    ({"replicas": 0, "durability": "snapshots"}, "multi_az", "there is none"),
    ({"durability": "everysec"}, "durability", "sync"),
    ({"version": "8.0"}, "durability", "needs Valkey 9.0"),
    ({"private_subnet_ids": ["subnet-1"]}, "private_subnet_ids", "at least two zones"),
    ({"private_subnet_ids": ["subnet-1", "subnet-2", "subnet-1"]}, "private_subnet_ids[2]", "twice"),
    ({"port": 70000}, "port", "At most 65535"),
    ({"maintenance_window": "Sunday"}, "maintenance_window", "two times in UTC"),
    ({"snapshot_window": "17:30-18:30"}, "snapshot_window", "cannot overlap"),
    ({"snapshot_retention_days": 36}, "snapshot_retention_days", "At most 35"),
    ({"preferred_zones": ["us-east-1a", "us-east-1b"]}, "preferred_zones", "with cluster mode disabled"),
    ({**ONE_SHARD, "preferred_zones": ["us-east-1a"]}, "preferred_zones", "2 nodes, and 1 zone."),
    ({**ONE_SHARD, "preferred_zones": ["us-east-1", "us-east-1b"]}, "preferred_zones[0]", "not the name of an availability zone"),
    ({**ONE_SHARD, "preferred_zones": ["us-east-1a", "us-east-1a"]}, "preferred_zones", "all nodes would stand in one"),
    ({"autoscaling": {}}, "autoscaling", "Shards scale, replicas, or both"),
    ({**ONE_SHARD, "autoscaling": {"replicas": REPLICAS}}, "autoscaling", "in cluster mode only"),
    ({"node_type": "cache.r7g.4xlarge", "autoscaling": {"replicas": REPLICAS}}, "autoscaling", "and not cache.r7g.4xlarge"),
    ({"node_type": "cache.r8g.large", "autoscaling": {"shards": SHARDS}}, "autoscaling", "and not cache.r8g.large"),
    ({"autoscaling": {"shards": {**SHARDS, "minimum": 0}}}, "autoscaling.shards.minimum", "At least 1"),
    ({"autoscaling": {"replicas": {**REPLICAS, "maximum": 6}}}, "autoscaling.replicas.maximum", "At most 5"),
    ({"autoscaling": {"shards": {**SHARDS, "minimum": 9}}}, "autoscaling.shards.maximum", "fewer than the fewest"),
    ({"autoscaling": {"shards": {**SHARDS, "minimum": 3}}}, "autoscaling.shards", "begins with 2 shards"),
    ({"autoscaling": {"shards": {"minimum": 1, "maximum": 4}}}, "autoscaling.shards", "One load is aimed at"),
    ({"autoscaling": {"shards": {**SHARDS, "memory_percent": 70}}}, "autoscaling.shards", "One load is aimed at"),
    ({"autoscaling": {"shards": {**SHARDS, "cpu_percent": 100}}}, "autoscaling.shards.cpu_percent", "At most 99"),
    ({"autoscaling": {"replicas": {**REPLICAS, "memory_percent": 70}}}, "autoscaling.replicas.memory_percent", "hold no more"),
    ({"autoscaling": {"shards": {**SHARDS, "maximum": 300}}}, "autoscaling", "up to 600"),
    ({"seed_snapshot": ""}, "seed_snapshot", "1 to 255 characters"),
    ({"seed_snapshot": "chat", "seed_rdb": [RDB]}, "seed_rdb", "not from both"),
    ({"seed_rdb": []}, "seed_rdb", "names at least one"),
    ({"seed_rdb": ["s3://chat/one.rdb"]}, "seed_rdb[0]", "by the ARN of its object"),
    ({"seed_rdb": [RDB, RDB]}, "seed_rdb[1]", "twice"),
    ({"seed_rdb": ["arn:aws:s3:::chat/one,two.rdb"]}, "seed_rdb[0]", "comma"),
    ({"cluster_mode": False, "shards": None, "durability": "snapshots", "seed_rdb": [RDB, f"{RDB}2"]}, "seed_rdb", "one RDB file"),
    ({"log_retention_days": 31}, "log_retention_days", "One of 1, 3, 5"),
    ({"parameters": {"save": "900 1"}}, "parameters.save", "lets nobody set"),
    ({"kms_key_arn": "alias/cache"}, "kms_key_arn", "named by its ARN"),
    ({"log_kms_key_arn": "alias/cache"}, "log_kms_key_arn", "named by its ARN"),
    ({"alarms": {**ALARMS, "cpu_percent": 100}}, "alarms.cpu_percent", "At most 99"),
    ({"alarms": {**ALARMS, "severe_topic_arn": "ops"}}, "alarms.severe_topic_arn", "named by its ARN"),
    ({"alarms": {**ALARMS, "cpu_percnt": 90}}, "alarms.cpu_percnt", "no such argument"),
    ({"subnets": ["subnet-1"]}, "subnets", "no such argument"),
]  # fmt: skip
ACCESSES: list[tuple[dict[str, Any], str, str]] = [
    ({"platform": "Chat"}, "platform", "lower-case"),
    ({"engine": "memcached"}, "engine", "valkey or redis"),
    ({"users": {f"app{n}": LOGIN for n in range(100)}}, "users", "holds 100 users"),
    ({"users": {"default": LOGIN}}, "users.default", "the platform's own"),
    ({"users": {"Web_App": LOGIN}}, "users.Web_App", "lower case"),
    ({"users": {"web": {}}}, "users.web.keys", "names the keys"),
    ({"users": {"web": {"keys": ["web: *"]}}}, "users.web.keys[0]", "no space"),
    ({"users": {"web": {**LOGIN, "channels": ["&web"]}}}, "users.web.channels[0]", "Dolmen's to write"),
    ({"users": {"web": {**LOGIN, "commands": ["keys"]}}}, "users.web.commands[0]", "role or sort"),
    ({"users": {"web": {**LOGIN, "authentication": "token"}}}, "users.web.authentication", "password or iam"),
    ({"users": {"web": {**LOGIN, "access_string": "on"}}}, "users.web.keys", "say it again"),
    ({"users": {"web": {"access_string": "on ~* resetchannels +@all"}}}, "users.web.access_string", "FLUSHALL"),
    ({"users": {"web": {**LOGIN, "generation": 3, "active": 1}}}, "users.web.generation", "run ahead"),
    ({"users": {"web": {**LOGIN, "generation": 0}}}, "users.web.generation", "At least 1"),
    ({"users": {"web": {**LOGIN, "generatoin": 2}}}, "users.web.generatoin", "no such argument"),
]
TOPICS: list[tuple[dict[str, Any], str, str]] = [
    ({"email": ["ops"]}, "email[0]", "not an e-mail address"),
    ({"email": ["a@b.example", "a@b.example"]}, "email[1]", "twice"),
    ({"slack_workspace_id": "T0123456789"}, "slack_channel_id", "workspace and channel"),
    ({"slack_workspace_id": "acme", "slack_channel_id": "C0123456789"}, "slack_workspace_id", "T and 8 to 12"),
    ({"slack_workspace_id": "T0123456789", "slack_channel_id": "#ops"}, "slack_channel_id", "C and 8 to 12"),
    ({"kms_key_arn": KEY.replace("key/", "alias/")}, "kms_key_arn", "named by its ARN"),
]


def told(args: Mapping[str, Any], shape: type, problems: Callable[[Any], Iterable[Problem]]) -> dict[str, str]:
    """By argument: what a program would be told."""
    with pytest.raises(ArgumentsError) as caught:
        check("cache", args, shape, problems(args))
    return {problem.place: f"{problem.rule} {problem.remedy}" for problem in caught.value.problems}


@pytest.mark.parametrize(("change", "argument", "rule"), GROUPS)
def test_a_wrong_group_is_refused(change: dict[str, Any], argument: str, rule: str) -> None:
    found = told({**GROUP, **change}, CacheReplicationGroupArgs, replication_group_limits.problems)
    assert rule in found.get(argument, ""), f"AWS would refuse it in the middle of a deployment; said: {found}"


@pytest.mark.parametrize(("change", "argument", "rule"), ACCESSES)
def test_wrong_logins_are_refused(change: dict[str, Any], argument: str, rule: str) -> None:
    args = {"platform": "chat-prod", "users": {"web": LOGIN}, **change}
    found = told(args, CacheAccessArgs, access_limits.problems)
    assert rule in found.get(argument, ""), f"AWS would refuse it, or somebody were locked out; said: {found}"


@pytest.mark.parametrize(("change", "argument", "rule"), TOPICS)
def test_wrong_addresses_are_refused(change: dict[str, Any], argument: str, rule: str) -> None:
    found = told({"platform": "chat-prod", **change}, CacheAlarmTopicsArgs, alarm_topics.problems)
    assert rule in found.get(argument, ""), f"nobody would be told of an alarm; said: {found}"


@pytest.mark.parametrize(
    ("shape", "problems"),
    [
        (CacheReplicationGroupArgs, replication_group_limits.problems),
        (CacheAccessArgs, access_limits.problems),
        (CacheAlarmTopicsArgs, alarm_topics.problems),
        (CacheAlarmSettings, alarms.alarm_problems),
    ],
)
def test_nothing_is_said_of_what_is_not_known(shape: type, problems: Callable[[Any], Iterable[Problem]]) -> None:
    assert not list(problems({key: Unknown() for key in shape.__annotations__}))


def test_numbers_from_other_languages_are_taken() -> None:
    args: Any = {**GROUP, "shards": 2.0, "replicas": 1.0, "snapshot_retention_days": 7.0, "log_retention_days": 30.0}
    check("cache", args, CacheReplicationGroupArgs, replication_group_limits.problems(args))


DEFAULTS: dict[type, object] = {
    CacheReplicationGroupArgs: replication_group_arguments,
    CacheAlarmSettings: alarm_plan,
    CacheAccessArgs: access_arguments,
    CacheUser: access_arguments,
}
_DEFAULT = re.compile(r"^    (\w+): .*\n    \"\"\"(?:[^\"]|\n)*?Default:\s+([\w:.-]+)\.\"\"\"", re.M)


@pytest.mark.parametrize("shape", DEFAULTS)
def test_what_an_argument_says_of_its_default_is_true(shape: type) -> None:
    said = {name: value for name, value in _DEFAULT.findall(inspect.getsource(shape)) if value != "none"}
    taken = {name: str(getattr(DEFAULTS[shape], name.upper())).lower() for name in said}
    assert said and said == taken, "the package's documentation tells other languages something else"
