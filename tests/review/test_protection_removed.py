"""What guarded the platform and guards it no longer is an effect of its own, which a gate stops for."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dolmen.engine.plan import Options, Plan, Resource, Secret, Unknown
from dolmen.knowledge.effects import Data
from dolmen.review.effects.harm import Harm, harms
from dolmen.review.effects.model import EffectKind
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.formats import names, text
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Review, Side
from dolmen.review.report.words import verdict
from dolmen.stackfile import Acceptance
from tests.review.plans import CACHE, CLUSTER, SECRET, cache_inputs, cluster_inputs, plan, resource, urn

RDS = "aws:rds/instance:Instance"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
TOPIC = "aws:sns/topic:Topic"
TABLE = "aws:dynamodb/table:Table"
BUCKET = "aws:s3/bucketVersioning:BucketVersioning"
KEY = "aws:kms/key:Key"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
NOBODYS = "acme:index:Database"


def compared(base: Plan, head: Plan) -> Review:
    return review([stack_review(Pair(base, head))], Side("head"), Side("base"))


def of(token: str, old: dict[str, Any], new: dict[str, Any]) -> Review:
    return compared(plan(resource(token, "it", old)), plan(resource(token, "it", new)))


def lost(report: Review) -> list[str]:
    return [
        effect.protection
        for change in report.stacks[0].managed
        for effect in change.effects
        if effect.kind is EffectKind.PROTECTION_REMOVED
    ]


def stops(report: Review) -> bool:
    return bool(reasons(report, {FailOn.PROTECTION}))


SCHEDULED = {
    "clusterName": "shop",
    "policyItemDaily": {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7},
}

WEAKER: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (CLUSTER, cluster_inputs(), cluster_inputs(terminationProtectionEnabled=False)),
    (CLUSTER, cluster_inputs(), cluster_inputs(backupEnabled=False)),
    (CLUSTER, cluster_inputs(), cluster_inputs(pitEnabled=False)),
    (CLUSTER, cluster_inputs(retainBackupsEnabled=True), cluster_inputs(retainBackupsEnabled=False)),
    (CLUSTER, cluster_inputs(encryptionAtRestProvider="AWS"), cluster_inputs(encryptionAtRestProvider="NONE")),
    (CACHE, cache_inputs(automaticFailoverEnabled=True), cache_inputs(automaticFailoverEnabled=False)),
    (CACHE, cache_inputs(snapshotRetentionLimit=7), cache_inputs(snapshotRetentionLimit=1)),
    (CACHE, cache_inputs(finalSnapshotIdentifier="last"), cache_inputs()),
    (CACHE, cache_inputs(transitEncryptionEnabled=True), cache_inputs(transitEncryptionEnabled=False)),
    (CACHE, cache_inputs(replicasPerNodeGroup=2), cache_inputs(replicasPerNodeGroup=1)),
    (CACHE, cache_inputs(logDeliveryConfigurations=[{"logType": "a"}, {"logType": "b"}]), cache_inputs(logDeliveryConfigurations=[{"logType": "a"}])),
    (SECRET, {"name": "s", "recoveryWindowInDays": 30}, {"name": "s", "recoveryWindowInDays": 0}),
    (SECRET, {"name": "s"}, {"name": "s", "recoveryWindowInDays": 7}),
    (KEY, {"enableKeyRotation": True}, {"enableKeyRotation": False}),
    (KEY, {"deletionWindowInDays": 30}, {"deletionWindowInDays": 7}),
    (RDS, {"deletionProtection": True}, {"deletionProtection": False}),
    (RDS, {"deletionProtection": True}, {}),
    (RDS, {"skipFinalSnapshot": False}, {"skipFinalSnapshot": True}),
    (RDS, {"backupRetentionPeriod": 14}, {"backupRetentionPeriod": 0}),
    (RDS, {"multiAz": True}, {"multiAz": False}),
    (TABLE, {"pointInTimeRecovery": {"enabled": True}}, {}),
    (BUCKET, {"versioningConfiguration": {"status": "Enabled"}}, {"versioningConfiguration": {"status": "Suspended"}}),
    ("aws:s3/bucket:Bucket", {"bucket": "b"}, {"bucket": "b", "forceDestroy": True}),
    (ALARM, {"alarmActions": ["a", "b"]}, {"alarmActions": ["a"]}),
    (ALARM, {"alarmActions": ["a"]}, {"alarmActions": []}),
    (ALARM, {"alarmActions": ["a"]}, {"alarmActions": ["a"], "actionsEnabled": False}),
    (ALARM, {"comparisonOperator": "GreaterThanThreshold", "threshold": 80}, {"comparisonOperator": "GreaterThanThreshold", "threshold": 10_000}),
    (ALERT, {"enabled": True}, {"enabled": False}),
    (ALERT, {"notifications": [{"typeName": "EMAIL"}, {"typeName": "SLACK"}]}, {"notifications": [{"typeName": "EMAIL"}]}),
    (SCHEDULE, {**SCHEDULED, "policyItemWeeklies": [{"retentionValue": 4}]}, SCHEDULED),
    (SCHEDULE, SCHEDULED, {"clusterName": "shop", "policyItemDaily": {**SCHEDULED["policyItemDaily"], "retentionValue": 2}}),
    (ROTATION, {"rotationRules": {"automaticallyAfterDays": 30}}, {"rotationRules": {"automaticallyAfterDays": 900}}),
    ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 0}, {"retentionInDays": 1}),
    (NOBODYS, {"deletionProtection": True}, {"deletionProtection": False}),
    (NOBODYS, {"logRetentionDays": 90}, {"logRetentionDays": 1}),
    (NOBODYS, {"versioning": {"enabled": True}}, {"versioning": {"enabled": False}}),
    (NOBODYS, {"storageEncrypted": True}, {"storageEncrypted": False}),
    (NOBODYS, {"settings": {"backupConfiguration": {"enabled": True}}}, {"settings": {"backupConfiguration": {"enabled": False}}}),
    (NOBODYS, {"availabilityType": "REGIONAL"}, {"availabilityType": "ZONAL"}),
    (NOBODYS, {"parameters": [{"name": "require_secure_transport", "value": "ON"}]}, {"parameters": [{"name": "require_secure_transport", "value": "OFF"}]}),
    (NOBODYS, {"mfaConfiguration": "ON"}, {"mfaConfiguration": "OPTIONAL"}),
    (NOBODYS, {"minTlsVersion": "1.2"}, {"minTlsVersion": "1.0"}),
    (NOBODYS, {"recipients": ["a", "b"]}, {"recipients": ["b"]}),
]  # fmt: skip


@pytest.mark.parametrize(("token", "old", "new"), WEAKER)
def test_a_weaker_value_is_a_protection_that_goes(token: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    report = of(token, old, new)
    assert lost(report), f"a reviewer does not see what guards {token} no longer: {old} → {new}"
    assert stops(report), "the gate that was asked to keep protections lets one go"


@pytest.mark.parametrize(("token", "old", "new"), WEAKER)
def test_the_same_value_the_other_way_round_strengthens_and_is_no_harm(
    token: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert lost(of(token, new, old)) == [], "who protects more than before is stopped for it"


OPTIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"protect": True}, {}),
    ({"protect": True}, {"protect": False}),
    ({"retain_on_delete": True}, {}),
    ({}, {"deleted_with": urn(CACHE, "other")}),
    ({}, {"delete_before_replace": True}),
    ({}, {"ignore_changes": ("terminationProtectionEnabled",)}),
    ({}, {"ignore_changes": ("*",)}),
    ({"hooks": {"beforeDelete": ("ask",)}}, {}),
]


@pytest.mark.parametrize(("old", "new"), OPTIONS)
def test_an_option_of_pulumi_that_guarded_is_a_protection_that_goes(old: dict[str, Any], new: dict[str, Any]) -> None:
    base, head = (plan(resource(CLUSTER, "db", cluster_inputs(), options=Options(**one))) for one in (old, new))
    report = compared(base, head)
    assert lost(report) and stops(report), f"{old} → {new} passes as nothing"
    assert not stops(compared(head, base)), "who adds a guard is stopped for it"


def test_an_option_counts_beside_a_change_and_beside_a_replacement() -> None:
    guarded = Options(protect=True)
    for more in ({"engineVersion": "9.1"}, {"engineVersion": "8.0"}):
        base = plan(resource(CACHE, "cache", cache_inputs(), options=guarded))
        report = compared(base, plan(resource(CACHE, "cache", cache_inputs(**more))))
        assert stops(report), f"the guard goes unnoticed beside {more}"


@pytest.mark.parametrize("hidden", [Secret("x"), Unknown()])
def test_a_value_that_nobody_can_see_may_be_a_weaker_one(hidden: object) -> None:
    for token, old in ((RDS, {"deletionProtection": True}), (CACHE, cache_inputs(automaticFailoverEnabled=True))):
        path = "deletionProtection" if token == RDS else "automaticFailoverEnabled"
        report = of(token, old, {**old, path: hidden})
        assert stops(report), "wrapping the value in a secret opens the gate"


def test_what_the_provider_keeps_is_not_gone() -> None:
    inputs = cluster_inputs()
    del inputs["terminationProtectionEnabled"]
    assert lost(of(CLUSTER, cluster_inputs(), inputs)) == [], "the provider keeps what the program no longer says"


def test_a_guard_by_its_name_alone_is_at_worst() -> None:
    report = of(NOBODYS, {"deletionProtection": True}, {"deletionProtection": False})
    (effect,) = (one for one in report.stacks[0].managed[0].effects if one.protection)
    assert not effect.certain, "a name is no proof"


def alarm(**more: Any) -> Resource:
    inputs = {"metricName": "CPU", "dimensions": {"CacheClusterId": "shop-001"}, "alarmActions": ["x"], **more}
    return resource(ALARM, "cpu", inputs)


CACHED = resource(CACHE, "cache", cache_inputs())


def test_a_deleted_alarm_is_a_protection_that_goes() -> None:
    report = compared(plan(CACHED, alarm()), plan(CACHED))
    assert lost(report) == ["an alarm"] and stops(report)


def test_an_alarm_that_goes_with_what_it_watched_is_no_news() -> None:
    report = compared(plan(CACHED, alarm()), plan())
    assert lost(report) == [], "the deletion of the cache is buried under its alarms"


def test_an_alarm_that_another_one_stands_in_for_is_not_gone() -> None:
    renamed = resource(ALARM, "processor", {**alarm().inputs, "name": "processor"})
    assert lost(compared(plan(CACHED, alarm()), plan(CACHED, renamed))) == []
    deaf = resource(ALARM, "processor", {**alarm().inputs, "name": "processor", "alarmActions": []})
    assert lost(compared(plan(CACHED, alarm()), plan(CACHED, deaf))), (
        "an alarm that tells nobody stands in for one that does"
    )


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (SCHEDULE, {"clusterName": "shop"}),
        (ALERT, {"eventType": "HOST_DOWN", "enabled": True}),
        (ROTATION, {"secretId": "s"}),
        ("mongodbatlas:index/auditing:Auditing", {"projectId": "p", "enabled": True}),
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {"bucket": "b"}),
        ("aws:backup/plan:Plan", {"name": "daily"}),
        ("aws:sns/topicSubscription:TopicSubscription", {"endpoint": "ops@example.com"}),
        ("gcp:monitoring/alertPolicy:AlertPolicy", {}),
        ("azure-native:dataprotection:BackupPolicy", {}),
    ],
)
def test_a_deleted_guard_of_any_kind_is_a_protection_that_goes(token: str, inputs: dict[str, Any]) -> None:
    other = resource(CLUSTER, "db", cluster_inputs(name="other"))
    report = compared(plan(other, resource(token, "guard", inputs)), plan(other))
    assert lost(report) and stops(report), f"{token} is deleted, and nobody is told what it guarded"


def test_a_backup_schedule_goes_quietly_with_its_cluster_alone() -> None:
    project = resource("mongodbatlas:index/project:Project", "p", {"name": "p"})
    cluster = resource(CLUSTER, "db", {**cluster_inputs(), "projectId": Unknown()}, takes={"projectId": [project.urn]})
    schedule = resource(
        SCHEDULE, "db", {"clusterName": "shop", "projectId": Unknown()},
        takes={"clusterName": [cluster.urn], "projectId": [project.urn]},
    )  # fmt: skip
    assert lost(compared(plan(project, cluster, schedule), plan(project))) == []
    assert lost(compared(plan(project, cluster, schedule), plan(project, cluster))) == ["backups"]


@pytest.mark.parametrize("after", ["staging", "development", "something", None])
def test_a_lower_tier_is_the_first_thing_that_is_said(after: str | None) -> None:
    made = resource(CLUSTER, "db", cluster_inputs(), options=Options(protect=True))
    base = plan(made, config={"shop:tier": "production"})
    bare = resource(CLUSTER, "db", cluster_inputs(terminationProtectionEnabled=False))
    head = plan(bare, config={"shop:tier": after} if after else {})
    report = compared(base, head)
    assert "tier" in verdict(report) and "production" in verdict(report), (
        "the headline hides that the rules are switched off"
    )
    assert stops(report)
    assert not lost(compared(head, base)), "a higher tier is no harm"


def test_what_goes_stands_in_every_format() -> None:
    report = of(CACHE, cache_inputs(automaticFailoverEnabled=True), cache_inputs(automaticFailoverEnabled=False))
    for form in names():
        assert "automatic failover" in " ".join(text(report, form).split()), (
            f"{form} does not say what guards no longer"
        )
    assert "protection removed" in verdict(report)


def test_a_lost_protection_is_said_beside_a_worse_effect() -> None:
    base = plan(resource(CACHE, "cache", cache_inputs()), alarm())
    report = compared(base, plan(resource(CACHE, "cache", cache_inputs(engineVersion="8.0"))))
    assert harms(report.stacks[0].managed[0].effects) >= {Harm.DATA_LOSS}
    assert "protection removed" in verdict(report), "one harm hides another"


def test_what_is_lost_by_a_shorter_retention_is_data_at_risk_too() -> None:
    report = of(CACHE, cache_inputs(snapshotRetentionLimit=7), cache_inputs(snapshotRetentionLimit=0))
    assert {effect.data for effect in report.stacks[0].managed[0].effects} >= {Data.AT_RISK}


NAMES = [
    "backupEnabled", "notifications", "alarmActions", "deletionProtection", "retentionInDays", "versioning", "multiAz",
    "policyItemDaily", "replicationSpecs", "logDeliveryConfigurations", "threshold", "comparisonOperator", "enabled",
]  # fmt: skip
scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 500), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["true", "Enabled", "TLS1_2", "x", "", "03:00-04:00"]), st.just(Unknown()), st.builds(Secret, st.sampled_from(["a", "b", None])))  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([*NAMES, "retentionValue", "status"]), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([CLUSTER, CACHE, RDS, ALARM, ALERT, SCHEDULE, SECRET, NOBODYS]),
    st.dictionaries(st.sampled_from(NAMES), values, max_size=4),
    st.dictionaries(st.sampled_from(NAMES), values, max_size=4),
)
def test_any_values_are_judged_without_an_error(token: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    report = of(token, old, new)
    assert lost(report) == [] or stops(report), "what is said to be removed does not close the gate"


def test_what_goes_on_purpose_is_accepted_on_record() -> None:
    entry = Acceptance("protection", "prod", "it", "agreed with the team", datetime.date(2027, 1, 1))
    base, head = (plan(resource(RDS, "it", {"deletionProtection": one})) for one in (True, False))
    made = [stack_review(Pair(base, head))]
    report = review(made, Side("head"), Side("base"), acceptances=[entry], today=datetime.date(2026, 11, 30))
    assert not stops(report), "nobody could ever switch a protection off"
    assert reasons(report, {FailOn.UNKNOWN}), "the acceptance counts for more than it says"
