"""The replication group and what belongs to it, as the engine would register it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.cache.programs import GROUP, KEY, SINGLE, group_plan, of_type, one


def inputs(**changes: Any) -> dict[str, Any]:
    return dict(one(group_plan(**changes), ":ReplicationGroup").inputs)


def test_tls_is_required_data_is_encrypted_and_no_token_is_set() -> None:
    given = inputs()
    assert given["transitEncryptionEnabled"] is True and given["transitEncryptionMode"] == "required"
    assert given["atRestEncryptionEnabled"] is True
    assert given["userGroupIds"] == ["chat-prod-cache"]
    assert not [key for key in given if key.lower().startswith("authtoken")], (
        "moving from a token to users locks clients out"
    )


def test_only_the_clients_groups_may_connect_and_the_cache_connects_nowhere() -> None:
    plan = group_plan(client_security_group_ids={"a": "sg-a", "b": "sg-b"})
    rules = of_type(plan, ":SecurityGroupIngressRule")
    assert {rule.inputs["referencedSecurityGroupId"] for rule in rules} == {"sg-a", "sg-b"}
    for rule in rules:
        assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) == (6379, 6379, "tcp")
        assert not {"cidrIpv4", "cidrIpv6", "prefixListId"} & set(rule.inputs), "an address range would be let in"
    assert not of_type(plan, ":SecurityGroupEgressRule")
    assert not {"ingress", "egress"} & set(one(plan, ":SecurityGroup").inputs)


def test_one_client_less_leaves_the_others_rules_alone() -> None:
    names = {
        r.name
        for r in of_type(group_plan(client_security_group_ids={"a": "sg-a", "b": "sg-b"}), ":SecurityGroupIngressRule")
    }
    fewer = {r.name for r in of_type(group_plan(client_security_group_ids={"b": "sg-b"}), ":SecurityGroupIngressRule")}
    assert fewer < names, "a client's rule was renamed, and its connections interrupted"


def test_an_upgrade_makes_the_new_parameter_group_before_the_old_one_goes() -> None:
    old = one(group_plan(version="8.2", durability="snapshots"), ":ParameterGroup")
    new = one(group_plan(version="9.0"), ":ParameterGroup")
    assert old.inputs["family"] == "valkey8" and new.inputs["family"] == "valkey9"
    assert old.urn != new.urn, "a replacement under one name would delete the group that the cache still uses"
    assert old.inputs["name"] != new.inputs["name"]
    minor = one(group_plan(version="9.1"), ":ParameterGroup")
    assert minor.urn == new.urn and minor.inputs == new.inputs, "a minor upgrade needs no new group"


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [
        ("valkey", "7.2", "valkey7"),
        ("valkey", "8.1", "valkey8"),
        ("valkey", "9.0", "valkey9"),
        ("redis", "7.1", "redis7"),
    ],
)
def test_engine_and_family_fit(engine: str, version: str, family: str) -> None:
    plan = group_plan(**SINGLE | {"engine": engine, "version": version})
    assert one(plan, ":ParameterGroup").inputs["family"] == family
    assert one(plan, ":ReplicationGroup").inputs["engine"] == engine


def test_the_guides_parameters_are_the_default_and_the_callers_come_first() -> None:
    def of(**changes: Any) -> dict[str, str]:
        return {row["name"]: row["value"] for row in one(group_plan(**changes), ":ParameterGroup").inputs["parameters"]}

    usual = of()
    assert usual["maxmemory-policy"] == "allkeys-lru" and usual["maxmemory-samples"] == "5"
    assert usual["timeout"] == "300" and usual["tcp-keepalive"] == "300"
    assert usual["slowlog-log-slower-than"] == "10000" and usual["slowlog-max-len"] == "128"
    assert 70 <= 100 - int(usual["reserved-memory-percent"]) <= 80, "the guide gives keys 70 to 80 % of the memory"
    assert usual["cluster-enabled"] == "yes", "a custom group does not fit a cluster-mode cache without it"
    assert of(parameters={"maxmemory-policy": "noeviction"})["maxmemory-policy"] == "noeviction"
    assert "cluster-enabled" not in of(**SINGLE)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"clusterMode": "enabled", "numNodeGroups": 2, "replicasPerNodeGroup": 1, "durability": "async"}),
        ({"durability": "sync"}, {"durability": "sync", "multiAzEnabled": True, "automaticFailoverEnabled": True}),
        ({"durability": "snapshots"}, {"durability": None}),
        ({"version": "8.2", "durability": "snapshots"}, {"durability": None}),
        ({"engine": "redis", "version": "7.1", "durability": "snapshots"}, {"durability": None}),
        (
            SINGLE,
            {"clusterMode": "disabled", "numCacheClusters": 1, "automaticFailoverEnabled": False, "durability": None},
        ),
        (SINGLE | {"replicas": 2, "multi_az": True}, {"numCacheClusters": 3, "automaticFailoverEnabled": True}),
        (
            {"node_type": "cache.r6gd.xlarge", "durability": "snapshots"},
            {"dataTieringEnabled": True, "durability": None},
        ),
        (SINGLE | {"replicas": 1}, {"multiAzEnabled": False, "automaticFailoverEnabled": True}),
    ],
)
def test_topology_and_durability_are_said_as_aws_wants_them(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    given = inputs(**changes)
    assert {key: given.get(key) for key in expected} == expected
    assert not ("numCacheClusters" in given and "numNodeGroups" in given), "the provider refuses both"


def test_what_holds_data_is_protected_where_asked_and_only_there() -> None:
    kept = one(group_plan(), ":ReplicationGroup")
    assert kept.options.protect is True and kept.options.retain_on_delete is True
    free = one(group_plan(protect_data=False), ":ReplicationGroup")
    assert not free.options.protect and not free.options.retain_on_delete
    assert kept.inputs["finalSnapshotIdentifier"] == "chat-prod-cache-final"
    assert "finalSnapshotIdentifier" not in inputs(final_snapshot=False)


def test_logs_go_to_groups_of_their_own_with_retention_and_key() -> None:
    plan = group_plan(log_kms_key_arn=KEY)
    groups = {r.name: r for r in of_type(plan, ":LogGroup")}
    assert len(groups) == 2
    for group in groups.values():
        assert group.inputs["retentionInDays"] == 30
        assert str(group.inputs["kmsKeyId"]).startswith("arn:aws:kms")
    deliveries = one(plan, ":ReplicationGroup").inputs["logDeliveryConfigurations"]
    assert [d["logType"] for d in deliveries] == ["slow-log", "engine-log"]
    assert "logDeliveryConfigurations" not in inputs(slow_log=False, engine_log=False) or not of_type(
        group_plan(slow_log=False, engine_log=False), ":LogGroup"
    )


def test_memory_and_connections_come_from_the_node_type() -> None:
    plan = group_plan()
    outputs = next(r for r in plan if r.type == "dolmen:index:CacheReplicationGroup").outputs or {}
    assert outputs["connectionLimit"] == 65000
    assert outputs["usableMemoryBytes"] == 2 * (14037181030 * 75 // 100), "two shards"
    assert outputs["tls"] is True and outputs["clusterMode"] is True and outputs["port"] == 6379


def test_the_component_refuses_what_aws_would_and_names_everything() -> None:
    from dolmen.engine import evaluate_program

    def program() -> None:
        from components.cache.replication_group import CacheReplicationGroup

        wrong: Any = GROUP | {
            "version": "8.0",
            "parameters": {"save": "900 1"},
            "snapshot_window": "17:30-18:30",
            "private_subnet_ids": ["subnet-1", "subnet-1"],
        }
        CacheReplicationGroup("cache", wrong)

    failure = evaluate_program(program).failure
    assert failure
    for word in ("durability", "parameters.save", "snapshot_window", "private_subnet_ids"):
        assert word in failure.message, f"{word} is not named: a person would have to try once for each mistake"


def test_everything_belongs_to_the_component_and_no_option_of_the_caller_leaks() -> None:
    plan = group_plan()
    component = next(r for r in plan if r.type == "dolmen:index:CacheReplicationGroup")
    children = [r for r in plan if r.custom]
    assert children and all(child.parent == component.urn for child in children)
    assert [r.name for r in children if r.options.protect] == ["cache"]
