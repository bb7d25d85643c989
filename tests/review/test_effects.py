"""What a change does, judged by what is known of its type."""

from __future__ import annotations

from typing import Any

import pytest

from dolmen.engine.plan import Options, Unknown
from dolmen.knowledge.effects import Data
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.compare import compare
from dolmen.review.effects.harm import Harm, harms
from dolmen.review.effects.judge import JUDGE
from dolmen.review.effects.model import Effect, EffectKind
from tests.review.plans import (
    ACCESS,
    CACHE,
    CLUSTER,
    ENDPOINT,
    SECRET,
    USER,
    cache_inputs,
    cluster_inputs,
    plan,
    resource,
)

Kind = EffectKind


def change_of(token: str, old: dict[str, Any], new: dict[str, Any], **options: Any) -> ResourceChange:
    base = plan(resource(token, "it", old, options=Options(**options)))
    head = plan(resource(token, "it", new, options=Options(**options)))
    found = compare(base, head, JUDGE)
    assert found, f"the change of {token} was not seen"
    return found[0]


def worst(token: str, old: dict[str, Any], new: dict[str, Any]) -> Effect:
    effect = change_of(token, old, new).worst
    assert effect is not None
    return effect


def cache(**change: Any) -> Effect:
    return worst(CACHE, cache_inputs(), cache_inputs(**change))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"engineVersion": "9.1"}, Kind.IN_PLACE_FAILOVER),
        ({"engineVersion": "8.2"}, Kind.REPLACE_DELETE_FIRST),
        ({"engineVersion": "10.0"}, Kind.IN_PLACE_FAILOVER),
        ({"engineVersion": Unknown()}, Kind.FAILS_AT_PREVIEW),
        ({"engine": "redis"}, Kind.REPLACE_DELETE_FIRST),
        ({"nodeType": "cache.m7g.large"}, Kind.IN_PLACE_FAILOVER),
        ({"nodeType": "cache.m7g.large", "applyImmediately": False}, Kind.MAINTENANCE_WINDOW),
        ({"durability": "sync"}, Kind.REPLACE_DELETE_FIRST),
        ({"numNodeGroups": 2}, Kind.ROLLING),
        ({"preferredCacheClusterAzs": ["a"]}, Kind.DOES_NOTHING),
        ({"multiAzEnabled": True}, Kind.FAILS_AT_PREVIEW),
        ({"aPropertyOfTomorrow": 1}, Kind.UNKNOWN),
    ],
)
def test_a_change_of_the_cache_has_the_effect_that_aws_documents(change: dict[str, Any], kind: EffectKind) -> None:
    assert cache(**change).kind is kind


def test_redis_becomes_valkey_only_together_with_its_version() -> None:
    redis = cache_inputs(engine="redis", engineVersion="7.1")
    assert worst(CACHE, redis, {**redis, "engine": "valkey"}).kind is Kind.FAILS_AT_APPLY
    assert worst(CACHE, redis, {**redis, "engine": "valkey", "engineVersion": "8.0"}).kind is Kind.IN_PLACE_FAILOVER


def test_encryption_in_transit_is_switched_in_place_only_from_7_0_5_on() -> None:
    for version, kind in (("6.2", Kind.REPLACE_DELETE_FIRST), ("7.0", Kind.IN_PLACE), ("9.0", Kind.IN_PLACE)):
        old = cache_inputs(engineVersion=version, transitEncryptionEnabled=False)
        new = {**old, "transitEncryptionEnabled": True, "transitEncryptionMode": "preferred"}
        assert worst(CACHE, old, new).kind is kind, version


@pytest.mark.parametrize("mode", [None, "required"])
def test_encryption_in_transit_without_the_mode_preferred_fails(mode: str | None) -> None:
    old = cache_inputs(transitEncryptionEnabled=False)
    new = {**old, "transitEncryptionEnabled": True, "transitEncryptionMode": mode}
    assert worst(CACHE, old, new).kind is Kind.FAILS_AT_APPLY, "AWS refuses what the report calls harmless"


def test_an_unknown_engine_is_judged_by_the_worst_that_it_can_be() -> None:
    change = change_of(CACHE, cache_inputs(), cache_inputs(engine=Unknown()))
    assert change.operation is Operation.UPDATE, "the real preview shows an update, and the gate compares with it"
    effect = change.worst
    assert effect and effect.kind is Kind.REPLACE_DELETE_FIRST, "at apply the cache goes, and nobody was told"
    assert effect.data is Data.LOST and not effect.certain, "what nobody knows must not look safe"


@pytest.mark.parametrize(
    ("change", "kind", "data"),
    [
        ({"backupEnabled": False}, Kind.IN_PLACE, Data.AT_RISK),
        ({"pitEnabled": False}, Kind.IN_PLACE, Data.AT_RISK),
        ({"mongoDbMajorVersion": "7.0"}, Kind.FAILS_AT_APPLY, Data.KEPT),
        ({"mongoDbMajorVersion": "9.0"}, Kind.ROLLING, Data.KEPT),
        ({"name": "other"}, Kind.REPLACE_CREATE_FIRST, Data.LOST),
        ({"projectId": "60ff"}, Kind.REPLACE_CREATE_FIRST, Data.LOST),
        ({"clusterType": "SHARDED"}, Kind.ROLLING, Data.KEPT),
        ({"deleteOnCreateTimeout": True}, Kind.FAILS_AT_PREVIEW, Data.KEPT),
        ({"terminationProtectionEnabled": False}, Kind.PROTECTION_REMOVED, Data.KEPT),
        ({"paused": True}, Kind.IN_PLACE, Data.KEPT),
    ],
)
def test_a_change_of_the_cluster_has_the_effect_that_atlas_shows(
    change: dict[str, Any], kind: EffectKind, data: Data
) -> None:
    old = cluster_inputs(mongoDbMajorVersion="8.0")
    effect = worst(CLUSTER, old, {**old, **change})
    assert (effect.kind, effect.data) == (kind, data)


def over(*regions: tuple[str, int]) -> dict[str, Any]:
    """A cluster over regions: name and electable nodes, in the order of priority."""
    inputs = cluster_inputs()
    configs = [
        {
            "providerName": "AWS",
            "regionName": name,
            "priority": 7 - place,
            "electableSpecs": {"instanceSize": "M20", "nodeCount": nodes},
        }
        for place, (name, nodes) in enumerate(regions)
    ]
    return {**inputs, "replicationSpecs": [{"regionConfigs": configs}]}


SEOUL, TOKYO = "AP_NORTHEAST_2", "AP_NORTHEAST_1"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (over((SEOUL, 3)), over((SEOUL, 3), (TOKYO, 2)), "Nodes in another region are built"),
        (over((SEOUL, 3), (TOKYO, 2)), over((SEOUL, 3)), "The region's nodes go"),
        (over((SEOUL, 3), (TOKYO, 2)), over((SEOUL, 2), (TOKYO, 3)), "Nodes are removed"),
        (over((SEOUL, 3), (TOKYO, 2)), over((TOKYO, 2), (SEOUL, 3)), "Another region may be preferred for the primary"),
    ],
)
def test_a_change_of_regions_is_told_region_by_region(old: dict[str, Any], new: dict[str, Any], why: str) -> None:
    effects = change_of(CLUSTER, old, new).effects
    assert any(why in effect.why for effect in effects), [effect.why for effect in effects]
    assert {effect.data for effect in effects} == {Data.KEPT}
    assert {effect.kind for effect in effects} <= {Kind.ROLLING, Kind.IN_PLACE, Kind.PROTECTION_REMOVED}
    assert not any("moves the primary" in effect.why for effect in effects), "a region that stays is not another one"


def test_a_size_that_autoscaling_owns_does_nothing() -> None:
    def inputs(size: str) -> dict[str, Any]:
        found = cluster_inputs(size, useEffectiveFields=True)
        found["replicationSpecs"][0]["regionConfigs"][0]["autoScaling"] = {"computeEnabled": True}
        return found

    assert worst(CLUSTER, inputs("M20"), inputs("M30")).kind is Kind.DOES_NOTHING


def test_a_renamed_user_is_replaced_and_another_authentication_database_fails() -> None:
    old = {"projectId": "5f00", "username": "a", "authDatabaseName": "admin"}
    assert worst(USER, old, {**old, "username": "b"}).kind is Kind.REPLACE_CREATE_FIRST
    assert worst(USER, old, {**old, "authDatabaseName": "$external"}).kind is Kind.FAILS_AT_APPLY


def test_even_a_comment_replaces_an_entry_of_the_access_list() -> None:
    effect = worst(ACCESS, {"cidrBlock": "10.0.0.0/8", "comment": "a"}, {"cidrBlock": "10.0.0.0/8", "comment": "b"})
    assert effect.kind is Kind.REPLACE_CREATE_FIRST and effect.downtime != (0, 0)


def test_a_schedule_for_another_cluster_is_written_to_the_old_one() -> None:
    effect = worst(
        "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule", {"clusterName": "a"}, {"clusterName": "b"}
    )
    assert effect.kind is Kind.WRONG_OBJECT and Harm.FAILURE in harms([effect])


def test_another_region_replaces_what_stands_in_a_region_and_nothing_else() -> None:
    def both(token: str) -> bool:
        old, new = (plan(resource(token, "it", {"name": "x"}), region=region) for region in ("us-east-1", "eu-west-1"))
        return bool(compare(old, new, JUDGE))

    assert both(SECRET), "pulumi-aws fills in the region, so another one replaces the secret"
    assert not both("aws:iam/role:Role"), "roles belong to no region"


def test_a_type_that_nobody_described_is_unknown_and_never_safe() -> None:
    effect = worst("aws:rds/instance:Instance", {"allocatedStorage": 1}, {"allocatedStorage": 2})
    assert effect.kind is Kind.UNKNOWN and Harm.UNKNOWN in harms([effect])


def test_a_deleted_cluster_says_what_is_lost() -> None:
    def deleted(**inputs: Any) -> Effect:
        base = plan(resource(CLUSTER, "it", cluster_inputs(**inputs)))
        effect = compare(base, plan(), JUDGE)[0].worst
        assert effect is not None
        return effect

    assert deleted().kind is Kind.FAILS_AT_APPLY, "termination protection refuses the deletion"
    kept = deleted(terminationProtectionEnabled=False, retainBackupsEnabled=True)
    gone = deleted(terminationProtectionEnabled=False)
    assert kept.data is Data.LOST and "snapshots stay" in kept.why
    assert gone.data is Data.LOST and "snapshots with it" in gone.why


def test_a_retained_object_keeps_its_name_so_the_new_one_cannot_be_made() -> None:
    change = change_of(CACHE, cache_inputs(), cache_inputs(engineVersion="8.0"), retain_on_delete=True)
    assert Kind.FAILS_AT_APPLY in {effect.kind for effect in change.effects}


def test_an_endpoint_in_another_region_is_replaced_with_an_outage() -> None:
    effect = worst(
        ENDPOINT, {"region": "US_EAST_1", "providerName": "AWS"}, {"region": "EU_WEST_1", "providerName": "AWS"}
    )
    assert effect.replaces and effect.downtime is not None and effect.downtime[1] > 60


@pytest.mark.parametrize("protection", ["backupEnabled", "pitEnabled", "terminationProtectionEnabled"])
def test_a_protection_that_is_left_out_stays_on_and_a_reviewer_reads_how_to_turn_it_off(protection: str) -> None:
    change = change_of(CLUSTER, {**cluster_inputs(), protection: True}, {**cluster_inputs(), protection: None})
    assert change.operation is Operation.SAME, (
        "the preview shows nothing, so an announced change would alarm for nothing"
    )
    (effect,) = change.effects
    assert effect.kind is Kind.KEEPS_OLD_VALUE and not harms([effect])
    assert "false" in effect.why, "whoever left it out to switch it off must learn that it stays on"


def test_a_nested_value_that_is_left_out_stays_beside_one_that_changes() -> None:
    def inputs(size: str, **disk: int) -> dict[str, Any]:
        found = cluster_inputs(size)
        found["replicationSpecs"][0]["regionConfigs"][0]["electableSpecs"] |= disk
        return found

    effects = change_of(CLUSTER, inputs("M20", diskSizeGb=80), inputs("M30")).effects
    assert [effect.kind for effect in effects] == [Kind.ROLLING, Kind.KEEPS_OLD_VALUE], (
        "the disk stays as large as it is"
    )


def test_a_default_that_is_left_out_is_judged_as_a_change_to_it() -> None:
    token = "aws:kms/key:Key"
    assert worst(token, {"keyUsage": "SIGN_VERIFY"}, {}).replaces, "the key goes back to encrypting, as another key"
    assert worst(token, {"keyUsage": "ENCRYPT_DECRYPT"}, {}).kind is Kind.SAME


def test_a_name_that_the_program_gives_up_is_made_up_anew() -> None:
    old = {"name": "chat/database"}
    change = change_of(SECRET, old, {})
    assert change.operation is Operation.REPLACE, "the secret goes, and with it every reader's ARN"
    assert not change.delete_first, "another name can stand beside the old one"


def test_a_type_without_a_file_is_replaced_as_its_schema_says() -> None:
    token = "aws:kms/grant:Grant"
    change = change_of(
        token,
        {"name": "a", "keyId": "k", "operations": ["Decrypt"]},
        {"name": "a", "keyId": "other", "operations": ["Decrypt"]},
    )
    assert change.operation is Operation.REPLACE and change.delete_first, (
        "two grants of one name cannot stand side by side"
    )
    assert change.effects[0].data is Data.UNKNOWN, "nobody wrote what is lost with a grant"


@pytest.mark.parametrize(("written", "replaced"), [("notifications[*].typeName", False), ("notifications", True)])
def test_a_framework_type_is_not_replaced_for_a_path_below_a_property(written: str, replaced: bool) -> None:
    inputs = {"projectId": "64b0f0f0f0f0f0f0f0f0f0f0", "eventType": "NO_PRIMARY"}
    before, after = ({**inputs, "notifications": [{"typeName": kind}]} for kind in ("EMAIL", "ORG"))
    alert = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
    change = change_of(alert, before, after, replace_on_changes=(written,))
    assert (change.operation is Operation.REPLACE) is replaced, (
        "the provider says only that notifications change, so the engine updates in place and Atlas refuses it"
    )


def test_replace_on_changes_forces_nothing_where_the_provider_sees_no_difference() -> None:
    inputs = cache_inputs(securityGroupIds=["sg-1", "sg-2"])
    turned = {**inputs, "securityGroupIds": ["sg-2", "sg-1"]}
    change = change_of(CACHE, inputs, turned, replace_on_changes=("securityGroupIds",))
    assert change.operation is Operation.SAME, "the engine replaces for what the provider reports, and for nothing else"
