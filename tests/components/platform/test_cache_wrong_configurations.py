"""What a person is told about a wrong cache: one row for each mistake."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from dolmen.stackfile import Problem
from dolmen.stackfile.problems import key_text
from tests.components.platform.files import problems_of, values_of

CACHE = "dolmen:cache"
APP = "dolmen:applications.chat-app"
KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/11111111-2222-3333-4444-555555555555"
SINGLE = {"clusterMode": "disabled", "replicas": 1, "durability": "snapshots"}
"""A cache without cluster mode, as far as it differs from production's."""
SCALED = {"minimum": 1, "maximum": 4, "cpuPercent": 60}
RDB = "arn:aws:s3:::chat-backups/chat.rdb"

# (what is wrong in the cache of production, the key that is named, words of the rule, words of the remedy)
WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    # durability and what it needs
    ({"version": "8.0"}, "durability", "needs Valkey 9.0 or later", '"9.0"'),
    ({"version": "7.2"}, "durability", "needs Valkey 9.0", "snapshots"),
    ({"engine": "redis", "version": "7.1"}, "durability", "exists for Valkey only", "engine valkey"),
    ({"clusterMode": "disabled", "replicas": 1}, "durability", "needs cluster mode", "Enable cluster mode"),
    ({"clusterMode": {"replicasPerShard": 0}, "multiAz": False}, "durability", "at least one replica", "one replica"),
    ({"multiAz": False}, "durability", "needs Multi-AZ", "Multi-AZ on"),
    ({"nodeType": "cache.r5.large"}, "durability", "write no transactional log", "durability snapshots"),
    ({"nodeType": "cache.t4g.medium", "durability": "sync"}, "durability", "t4g nodes", "families"),
    ({"nodeType": "cache.r6gd.xlarge"}, "durability", "exclude each other", "r7g"),
    ({"durability": "everysec"}, "durability", "sync, async or snapshots", ""),
    ({"durability": None}, "durability", "is required", "What a failure may lose"),
    # engine, version, node type
    ({"engine": "memcached"}, "engine", "valkey or redis", ""),
    ({"version": "9.5"}, "version", "7.2, 8.0, 8.1, 8.2, 9.0, 9.1", '"9.1"'),
    ({"version": 9.0}, "version", "Text is expected", "Quote it"),
    ({"version": "7.1"}, "version", "7.1 is a version of redis", '"9.1"'),
    (
        {"engine": "redis", "version": "8.0", "durability": "snapshots"},
        "version",
        "8.0 is a version of valkey",
        '"7.1"',
    ),
    ({"engine": "redis", "version": "6.2", "durability": "snapshots"}, "version", "7.0, 7.1", "7.1"),
    ({"nodeType": "cache.r7g.huge"}, "nodeType", "not a node type", "Did you mean cache.r7g"),
    ({"nodeType": "r7g.large"}, "nodeType", "not a node type", "Did you mean cache.r7g.large"),
    ({"nodeType": "cache.m4.large"}, "nodeType", "previous generation", "cache.m7g"),
    (
        {"engine": "redis", "version": "7.1", "durability": "snapshots", "nodeType": "cache.r8g.large"},
        "nodeType",
        "run Valkey only",
        "engine valkey",
    ),
    # zones, and what a new cache is filled from
    (SINGLE | {"preferredZones": ["ap-northeast-2a"]}, "preferredZones", "2 nodes, and 1 zone.", "for each node"),
    (
        SINGLE | {"preferredZones": ["ap-northeast-2a", "ap-northeast-2d"]},
        "preferredZones[1]",
        "No subnet of the platform lies in this zone",
        "Write one of these",
    ),
    (
        SINGLE | {"preferredZones": ["ap-northeast-2a", "ap-northeast-2a"]},
        "preferredZones",
        "all nodes would stand in one",
        "another zone",
    ),
    (
        {"preferredZones": ["ap-northeast-2a", "ap-northeast-2b"]},
        "preferredZones",
        "cluster mode disabled",
        "Remove it",
    ),
    ({"autoscaling": {}}, "autoscaling", "Shards scale, replicas, or both", "Write shards or replicas"),
    (SINGLE | {"autoscaling": {"replicas": SCALED}}, "autoscaling", "cluster mode only", "Enable cluster mode"),
    (
        {"nodeType": "cache.r7g.4xlarge", "autoscaling": {"shards": SCALED}},
        "autoscaling",
        "not cache.r7g.4xlarge",
        "one of",
    ),
    ({"autoscaling": {"shards": SCALED | {"minimum": 2}}}, "autoscaling.shards", "begins with 1 shards", "2 to 4"),
    ({"autoscaling": {"shards": SCALED | {"maximum": 0}}}, "autoscaling.shards.maximum", "At least 1", "1 to 500"),
    ({"autoscaling": {"shards": {"minimum": 1}}}, "autoscaling.shards.maximum", "is required", "The most"),
    ({"seed": {}}, "seed", "a snapshot or RDB files", "snapshot: <name>"),
    ({"seed": {"snapshot": "a", "rdb": [RDB]}}, "seed.rdb", "not from both", "Remove one"),
    ({"seed": {"rdb": ["s3://bucket/a.rdb"]}}, "seed.rdb[0]", "by the ARN of its object in S3", "arn:aws:s3:::"),
    (SINGLE | {"seed": {"rdb": [RDB, f"{RDB}2"]}}, "seed.rdb", "one RDB file", "enable cluster mode"),
    # topology
    ({"clusterMode": {"replicasPerShard": 0}, "durability": "snapshots"}, "multiAz", "there is none", "Multi-AZ off"),
    (SINGLE | {"replicas": 0}, "multiAz", "there is none", "at least one replica"),
    (SINGLE | {"replicas": None}, "replicas", "a choice of its own", "replicas: 1"),
    (SINGLE | {"replicas": 6}, "replicas", "At most 5", "0 to 5"),
    ({"replicas": 1}, "replicas", "counted in each shard", "replicasPerShard"),
    ({"clusterMode": {"shards": 0}}, "clusterMode.shards", "At least 1", ""),
    ({"clusterMode": {"shards": 501}}, "clusterMode.shards", "At most 500", ""),
    ({"clusterMode": {"shards": 200, "replicasPerShard": 2}}, "clusterMode.shards", "at most 500 nodes", "fewer"),
    (
        {"clusterMode": {"shards": 60, "replicasPerShard": 1}},
        "clusterMode.shards",
        "more nodes than AWS allows",
        "quota raised",
    ),
    ({"clusterMode": {"shard": 2}}, "clusterMode.shard", "no such key", "Did you mean shards"),
    ({"clusterMode": "enabled"}, "clusterMode", "disabled", ""),
    # windows and snapshots
    ({"maintenanceWindow": "sun:19:30-sun:20:30"}, "snapshots.window", "cannot overlap", "Move one"),
    (
        {"maintenanceWindow": "sun:23:30-mon:00:30", "snapshots": {"window": "23:00-00:00"}},
        "snapshots.window",
        "overlap",
        "",
    ),
    (
        {"maintenanceWindow": "sun:23:00-mon:01:00", "snapshots": {"window": "00:30-01:30"}},
        "snapshots.window",
        "overlap",
        "",
    ),
    ({"maintenanceWindow": "sun:17:00-sun:17:30"}, "maintenanceWindow", "at least 60 minutes", "longer"),
    ({"maintenanceWindow": "Sunday 5am"}, "maintenanceWindow", "two times in UTC", "sun:18:00-sun:19:00"),
    ({"snapshots": {"window": "19:00-19:30"}}, "snapshots.window", "at least 60 minutes", "longer"),
    ({"snapshots": {"window": "25:00-26:00"}}, "snapshots.window", "two times in UTC", "19:00-20:00"),
    ({"snapshots": {"retentionDays": 40}}, "snapshots.retentionDays", "At most 35", "0 to 35"),
    # parameters
    ({"parameters": {"save": "900 1"}}, "parameters.save", "lets nobody set save", "snapshots.retentionDays"),
    ({"parameters": {"appendonly": "yes"}}, "parameters.appendonly", "lets nobody set", "durability: async"),
    ({"parameters": {"appendfsync": "everysec"}}, "parameters.appendfsync", "lets nobody set", "durability: sync"),
    ({"parameters": {"maxclients": 10000}}, "parameters.maxclients", "lets nobody set", "node type"),
    ({"parameters": {"maxmemory": "4gb"}}, "parameters.maxmemory", "lets nobody set", "reserved-memory-percent"),
    ({"parameters": {"requirepass": "x"}}, "parameters.requirepass", "lets nobody set", "own user"),
    ({"parameters": {"bind": "0.0.0.0"}}, "parameters.bind", "lets nobody set", "clientSecurityGroupIds"),
    ({"parameters": {"rename-command": "x"}}, "parameters.rename-command", "lets nobody set", "access string"),
    ({"parameters": {"timeout": 5}}, "parameters.timeout", "refuses 1 to 19", "20"),
    ({"parameters": {"timeout": "5m"}}, "parameters.timeout", "whole number", "without a unit"),
    ({"parameters": {"maxmemory-samples": 65}}, "parameters.maxmemory-samples", "1 to 64", "1 to 64"),
    (
        {"parameters": {"maxmemory-policy": "allkeys-lur"}},
        "parameters.maxmemory-policy",
        "one of",
        "Did you mean allkeys-lru",
    ),
    (
        {"nodeType": "cache.r6gd.xlarge", "durability": "snapshots", "parameters": {"maxmemory-policy": "allkeys-lfu"}},
        "parameters.maxmemory-policy",
        "With data tiering",
        "",
    ),
    ({"parameters": {"notify-keyspace-events": "xg"}}, "parameters.notify-keyspace-events", "Without K or E", "Kxg"),
    ({"parameters": {"activedefrag": True}}, "parameters.activedefrag", "yes and no", '"yes"'),
    ({"parameters": {"lazyfree-lazy-expire": "yes"}}, "parameters.lazyfree-lazy-expire", "no longer has", "Remove it"),
    (
        {"parameters": {"hash-max-ziplist-entries": 1}},
        "parameters.hash-max-ziplist-entries",
        "another name",
        "listpack",
    ),
    ({"parameters": {"time-out": 60}}, "parameters.time-out", "no parameter time-out", "Did you mean timeout"),
    (
        {"version": "8.0", "durability": "snapshots", "parameters": {"search-default-timeout-ms": 100}},
        "parameters.search-default-timeout-ms",
        "from version 8.2",
        "raise the version",
    ),
    # encryption, logs, alarms
    ({"encryptionKey": {"adopt": "alias/cache"}}, "encryptionKey.adopt", "named by its ARN", "arn:aws:kms"),
    ({"encryptionKey": {"create": True, "adopt": KEY}}, "encryptionKey", "exactly one", "adopt"),
    ({"encryptionKey": {}}, "encryptionKey", "exactly one", "create: true"),
    ({"encryptionKey": {"create": True, "deletionWindowDays": 3}}, "encryptionKey.deletionWindowDays", "7 to 30", ""),
    (
        {"encryptionKey": {"adopt": KEY.replace("ap-northeast-2", "eu-west-1")}},
        "encryptionKey.adopt",
        "in its own region",
        "ap-northeast-2",
    ),
    ({"logs": {"encryptionKey": {"adopt": "alias/logs"}}}, "logs.encryptionKey.adopt", "named by its ARN", "arn:aws"),
    (
        {"logs": {"encryptionKey": {"create": True, "deletionWindowDays": 31}}},
        "logs.encryptionKey.deletionWindowDays",
        "7 to 30",
        "",
    ),
    ({"alarms": {"encryptionKey": {"adopt": "alias/sns"}}}, "alarms.encryptionKey.adopt", "named by its ARN", ""),
    ({"logs": {"retentionDays": 31}}, "logs.retentionDays", "One of 1, 3, 5, 7, 14, 30", ""),
    ({"alarms": {"email": ["ops"]}}, "alarms.email[0]", "not an e-mail address", "ops@example.com"),
    ({"alarms": {"topicArn": "ops"}}, "alarms.topicArn", "named by its ARN", "arn:aws:sns"),
    (
        {"alarms": {"topicArn": "arn:aws:sns:ap-northeast-2:123456789012:ops", "email": ["ops@company.com"]}},
        "alarms.email",
        "its own subscribers",
        "remove topicArn",
    ),
    ({"alarms": {"pagerDuty": {}}}, "alarms.pagerDuty.key", "There is no secret key", "dolmen:cachePagerDutyKey"),
    (
        {"alarms": {"pagerDuty": {"key": {"awsSecret": "ops/pagerduty"}, "region": "AP"}}},
        "alarms.pagerDuty.region",
        "One of US or EU",
        "",
    ),
    ({"alarms": {"pagerDuty": {"key": {}}}}, "alarms.pagerDuty.key", "exactly one place", "awsSecret"),
    (
        {"alarms": {"pagerDuty": {"key": "R0UT1NG"}}},
        "alarms.pagerDuty.key",
        "never stands in a stack file",
        "awsSecret",
    ),
    ({"alarms": {"memoryPercent": 120}}, "alarms.memoryPercent", "At most 99", ""),
    ({"alarms": {"replicationLagSeconds": 0}}, "alarms.replicationLagSeconds", "At least 1", ""),
    ({"alarms": {"slack": {"channel": "#ops"}}}, "alarms.slack.channel", "no such key", ""),
    (
        {"alarms": {"slack": {"workspaceId": "T0123456789", "channelId": "ops"}}},
        "alarms.slack.channelId",
        "C and 8 to 12",
        "",
    ),
    ({"alarms": {"email": ["a@b.example", "a@b.example"]}}, "alarms.email[1]", "twice", "Remove one"),
    # what production demands
    ({"snapshots": {"retentionDays": 3}}, "snapshots.retentionDays", "kept long enough", "retentionDays: 7"),
    ({"snapshots": {"retentionDays": 0}}, "snapshots.retentionDays", "kept long enough", "retentionDays: 7"),
    ({"snapshots": {"final": False}}, "snapshots.final", "leaves a snapshot", "remove snapshots.final"),
    (SINGLE | {"multiAz": False}, "multiAz", "several zones", "remove multiAz"),
    (SINGLE | {"nodeType": "cache.t4g.medium"}, "nodeType", "under lasting load", "m7g or r7g"),
    ({"parameters": {"reserved-memory-percent": 5}}, "parameters.reserved-memory-percent", "20 to 30 %", "20 to 30"),
    ({"logs": {"slowLog": False}}, "logs.slowLog", "delivers its slow log", "remove slowLog"),
]

# (what is wrong in the application, the key that is named, words of the rule, words of the remedy)
WRONG_APPLICATION: list[tuple[dict[str, Any], str, str, str]] = [
    ({"cacheKeys": None, "cacheChannels": "a"}, "cacheChannels", "names the keys", 'cacheKeys: "chat:*"'),
    ({"cacheKeys": None, "cacheAuthentication": "iam"}, "cacheAuthentication", "names the keys", "or remove this"),
    ({"cacheKeys": ""}, "cacheKeys[0]", "at least one character", "chat:*"),
    ({"cacheKeys": "chat: *"}, "cacheKeys[0]", "no space", "Remove the space"),
    ({"cacheKeys": "~chat:*"}, "cacheKeys[0]", "Dolmen's to write", "chat:*"),
    ({"cacheCommands": ["keys"]}, "cacheCommands[0]", "role or sort", ""),
    ({"cacheAuthentication": "token"}, "cacheAuthentication", "password or iam", ""),
    ({"cacheLogins": ["iam"]}, "cacheLogins", "told to log in with password", "Add password"),
    ({"cacheAuthentication": "iam", "cacheLogins": ["password"]}, "cacheLogins", "no such login", "Add iam"),
    ({"credentials": {"generation": 3, "active": 1}}, "credentials.generation", "may not run ahead", "generation: 2"),
    ({"cacheAccessString": "on ~chat:* resetchannels +@read -keys"}, "cacheKeys", "say it again", "Remove cacheKeys"),
]
_ON = "on ~chat:* resetchannels"
WRONG_STRINGS: list[tuple[str, str, str]] = [
    ("~chat:* resetchannels +@all -@dangerous", "Without `on`", "Begin with on"),
    (f"{_ON} +@all -@dangerous -config", "runs CONFIG for nobody", "Remove -config"),
    (f"{_ON} +@all -@dangerous +bgsave", "runs BGSAVE for nobody", "Remove +bgsave"),
    (f"{_ON} +@all -@dangerous +debug|sleep", "runs DEBUG for nobody", "Remove"),
    (f"{_ON} -@dangerous +@all", "from left to right", "Put +@all first: +@all -@dangerous"),
    ("on -@dangerous ~* resetchannels allcommands", "undoes what stands before it", "+@all -@dangerous"),
    (f"{_ON} +@all", "FLUSHALL, FLUSHDB", "-@dangerous"),
    (f"{_ON} +@read", "lets the user run KEYS", "-@dangerous"),
    (f"{_ON} +@all -@admin", "FLUSHALL, FLUSHDB, KEYS", "-@dangerous"),
    (f"{_ON} +@all -@dangrous", "no category @dangrous", "Did you mean @dangerous"),
    (f"{_ON} -@all +gett", "no command GETT", "Did you mean get"),
    (f"{_ON} -@all +client|lst", "no subcommand lst", "client|list"),
    (f"{_ON} -@all +get >password123456789", "no password inside", "by generation"),
    (f"{_ON} -@all +get nopass", "no password inside", "by generation"),
    (f"reset {_ON} -@all +get", "no `reset`", "Remove it"),
    ("on ~chat:* +@all -@dangerous", "Nothing is said of channels", "resetchannels"),
    ("on ~* ~chat:* resetchannels -@all +get", "every further key pattern is refused", "Remove ~*"),
    (f"{_ON} -@all get", "`get` is no rule", "+get"),
    (f"{_ON} -@all (~x +get", "never closed", "parenthesis"),
    (f"{_ON} -@all +get", "send CLUSTER SLOTS (ioredis, redis-py", "+cluster|slots +cluster|info"),
    (f"{_ON} +@all -@dangerous -@connection", "PING (Lettuce, redis-py)", "at its end: +command +ping"),
    ("   ", "this one is empty", "on ~app"),
]


def changed(section: str, change: dict[str, Any]) -> dict[str, Any]:
    values = copy.deepcopy(values_of("production"))
    target = values[CACHE] if section == CACHE else values["dolmen:applications"]["chat-app"]
    for key, value in change.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = value
    return values


def found(values: dict[str, Any], key: str) -> list[Problem]:
    return [problem for problem in problems_of(values) if key_text(problem.path) == key]


def check(values: dict[str, Any], key: str, rule: str, remedy: str) -> None:
    problems = problems_of(values)
    named = [problem for problem in problems if key_text(problem.path) == key]
    assert named, f"nothing is said at {key}; said: {[(key_text(p.path), p.rule) for p in problems]}"
    told = [problem for problem in named if rule in problem.rule and remedy in problem.remedy]
    assert told, f"{[(p.rule, p.remedy) for p in named]} tells neither {rule!r} nor {remedy!r}"
    assert all(p.line for p in told), "a person could not find the place"
    assert all(p.rule.endswith((".", "?")) for p in told), "a rule is a whole sentence"


@pytest.mark.parametrize(("change", "key", "rule", "remedy"), WRONG)
def test_a_wrong_cache_is_refused_with_rule_and_remedy(
    change: dict[str, Any], key: str, rule: str, remedy: str
) -> None:
    check(changed(CACHE, change), f"{CACHE}.{key}", rule, remedy)


@pytest.mark.parametrize(("change", "key", "rule", "remedy"), WRONG_APPLICATION)
def test_a_wrong_application_is_refused(change: dict[str, Any], key: str, rule: str, remedy: str) -> None:
    check(changed(APP, change), f"{APP}.{key}", rule, remedy)


@pytest.mark.parametrize(("text", "rule", "remedy"), WRONG_STRINGS)
def test_a_wrong_access_string_is_refused(text: str, rule: str, remedy: str) -> None:
    values = changed(APP, {"cacheKeys": None, "cacheAccessString": text})
    check(values, f"{APP}.cacheAccessString", rule, remedy)


def test_there_are_more_than_forty_wrong_configurations() -> None:
    assert len(WRONG) + len(WRONG_APPLICATION) + len(WRONG_STRINGS) > 100


def test_a_cache_without_cluster_mode_needs_nothing_of_a_cluster_client() -> None:
    values = copy.deepcopy(values_of("staging"))
    application = values["dolmen:applications"]["chat-app"]
    application.pop("cacheKeys")
    application["cacheAccessString"] = f"{_ON} -@all +get"
    assert not problems_of(values), "a string that is enough for a plain client is refused"


def test_a_password_inside_an_access_string_is_never_printed() -> None:
    values = changed(APP, {"cacheKeys": None, "cacheAccessString": f"{_ON} >hunter2hunter2hunter2"})
    assert "hunter2" not in str([(p.value, p.rule, p.remedy) for p in problems_of(values)])


def test_subnets_lie_in_two_zones() -> None:
    values = changed(CACHE, {})
    values["dolmen:network"]["subnetZones"] = ["ap-northeast-2a"] * 3
    check(values, "dolmen:network.subnetZones", "one availability zone", "another zone")
    values = changed(CACHE, {})
    values["dolmen:network"]["privateSubnetIds"] = values["dolmen:network"]["privateSubnetIds"][:1]
    values["dolmen:network"].pop("subnetZones", None)
    check(values, "dolmen:network.privateSubnetIds", "At least 2", "")


def test_keys_of_two_applications_may_not_meet_unless_it_is_written() -> None:
    values = changed(CACHE, {})
    other = copy.deepcopy(values["dolmen:applications"]["chat-app"])
    other |= {"database": "metrics", "cacheKeys": "chat:metrics:*"}
    values["dolmen:applications"]["metrics"] = other
    check(values, "dolmen:applications.metrics.cacheKeys", "belongs to chat-app", "cacheSharesKeysWith: [chat-app]")
    other["cacheSharesKeysWith"] = ["chat-ap"]
    check(values, "dolmen:applications.metrics.cacheSharesKeysWith[0]", "another application", "Did you mean chat-app")
    other["cacheSharesKeysWith"] = ["chat-app"]
    assert not problems_of(values)
    other.pop("cacheKeys")
    other |= {"cacheAccessString": "on ~chat:1 resetchannels -@all +get", "cacheSharesKeysWith": []}
    check(values, "dolmen:applications.metrics.cacheAccessString", "belongs to chat-app", "prefix of its own")


@pytest.mark.parametrize("name", ["default", "exporter", "operations"])
def test_no_application_takes_a_login_of_the_platform(name: str) -> None:
    values = changed(CACHE, {})
    values["dolmen:applications"][name] = values["dolmen:applications"].pop("chat-app")
    check(values, f"dolmen:applications.{name}", "of the platform's own", "another name")


@pytest.mark.parametrize(("change", "key", "_rule", "_remedy"), WRONG)
def test_one_mistake_is_told_once(change: dict[str, Any], key: str, _rule: str, _remedy: str) -> None:
    named = [(key_text(problem.path), problem.rule) for problem in problems_of(changed(CACHE, change))]
    assert len(named) == len(set(named)), "a person would look for a second mistake"


def test_long_names_of_platform_and_application_still_make_a_user_id() -> None:
    values = changed(CACHE, {})
    values["dolmen:name"] = "a-rather-long-name-x"
    values["dolmen:applications"]["another-long-name-here"] = values["dolmen:applications"].pop("chat-app")
    assert not problems_of(values)


def test_other_mistakes_are_named_where_a_part_is_wrong_in_itself() -> None:
    values = changed(CACHE, {"clusterMode": {"shard": 2}, "version": 9.0, "nodeType": "cache.r7g.lrge"})
    values[CACHE] |= {"snapshots": {"retentionDays": 40}, "alarms": {"cpuPercent": 100}}
    named = {key_text(problem.path).removeprefix(f"{CACHE}.") for problem in problems_of(values)}
    assert named >= {"clusterMode.shard", "version", "nodeType", "snapshots.retentionDays", "alarms.cpuPercent"}, (
        "a person would mend one mistake after the other"
    )


def test_a_user_group_holds_a_hundred_users() -> None:
    values = changed(CACHE, {})
    application = values["dolmen:applications"]["chat-app"]
    values["dolmen:applications"] = {
        f"app{n}": {**application, "database": f"db{n}", "cacheKeys": f"app{n}:*"} for n in range(98)
    }
    check(values, "dolmen:applications", "holds 100 users", "two platforms")
