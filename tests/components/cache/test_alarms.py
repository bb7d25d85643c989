"""Alarms: the right metric with the right dimensions for every member, to topics that only alarms may write to."""

from __future__ import annotations

import json
import re

import pytest

from components.cache import tables
from components.cache.alarm_plan import Watched, alarms
from components.cache.key_policies import topic_policy
from components.identity import Identity
from dolmen.engine.plan import Plan, Secret, Unknown
from tests.components.cache.programs import (
    KEY,
    SEVERE,
    WARNINGS,
    alarms_plan,
    group_plan,
    of_type,
    one,
    plan_of,
    topics_plan,
)

BOTH_DIMENSIONS = {
    "RejectedConnections",
    "DurabilityLag",
    "DurabilityBufferExceededErrorCount",
    "TrafficManagementActive",
    "ChannelAuthorizationFailures",
}


def metrics(plan: Plan) -> set[str]:
    return {str(r.inputs["metricName"]) for r in of_type(plan, ":MetricAlarm")}


def test_every_member_is_watched_by_the_id_that_aws_gives_it() -> None:
    clustered = {r.inputs["dimensions"]["CacheClusterId"] for r in of_type(alarms_plan(), ":MetricAlarm")}
    assert clustered == {f"chat-prod-cache-{shard}-{node}" for shard in ("0001", "0002") for node in ("001", "002")}
    plain = alarms_plan(cluster_mode=False, shards=1, replicas=2, durability="snapshots")
    assert {r.inputs["dimensions"]["CacheClusterId"] for r in of_type(plain, ":MetricAlarm")} == {
        "chat-prod-cache-001",
        "chat-prod-cache-002",
        "chat-prod-cache-003",
    }


def test_metrics_that_want_both_dimensions_have_both_and_others_one() -> None:
    for alarm in of_type(alarms_plan(), ":MetricAlarm"):
        dimensions = set(alarm.inputs["dimensions"])
        wanted = (
            {"CacheClusterId", "CacheNodeId"} if alarm.inputs["metricName"] in BOTH_DIMENSIONS else {"CacheClusterId"}
        )
        assert dimensions == wanted, f"{alarm.name} would never see a data point"


@pytest.mark.parametrize(
    ("node_type", "metric", "threshold"),
    [
        ("cache.r7g.large", "CPUUtilization", 45),
        ("cache.t4g.micro", "CPUUtilization", 45),
        ("cache.r7g.xlarge", "EngineCPUUtilization", 90),
        ("cache.m7g.16xlarge", "EngineCPUUtilization", 90),
    ],
)
def test_cpu_is_watched_by_the_metric_that_is_right_for_the_vcpus(
    node_type: str, metric: str, threshold: float
) -> None:
    plan = alarms_plan(node_type=node_type, durability="snapshots")
    watched = {r.inputs["metricName"]: r.inputs["threshold"] for r in of_type(plan, ":MetricAlarm")}
    assert {name for name in watched if "CPU" in name} == {metric}
    assert watched[metric] == threshold


def test_the_connection_alarm_follows_the_nodes_own_limit() -> None:
    def limit(node_type: str) -> float:
        plan = alarms_plan(node_type=node_type, durability="snapshots")
        return next(
            r.inputs["threshold"] for r in of_type(plan, ":MetricAlarm") if r.inputs["metricName"] == "CurrConnections"
        )

    assert limit("cache.r7g.large") == 52000
    assert limit("cache.t4g.micro") == 16000


def test_what_does_not_exist_is_not_watched() -> None:
    assert "ReplicationLag" not in metrics(alarms_plan(replicas=0, multi_az=False, durability="snapshots"))
    assert not {"DurabilityLag", "TrafficManagementActive"} & metrics(alarms_plan(durability="snapshots"))
    assert "DurabilityLag" not in metrics(alarms_plan(durability="sync")), "it is always 0 with synchronous writes"
    assert {"DurabilityLag", "DurabilityBufferExceededErrorCount"} <= metrics(alarms_plan(durability="async"))


def test_the_guides_alarms_are_there_with_the_guides_thresholds() -> None:
    rows = {
        r.inputs["metricName"]: (r.inputs["comparisonOperator"], r.inputs["threshold"])
        for r in of_type(alarms_plan(), ":MetricAlarm")
    }
    above, from_ = "GreaterThanThreshold", "GreaterThanOrEqualToThreshold"
    assert rows["DatabaseMemoryUsagePercentage"] == (above, 80)
    assert rows["CurrConnections"] == (above, 65000 * 0.8)
    assert rows["Evictions"] == (above, 0)
    assert rows["ReplicationLag"] == (above, 10)
    assert rows["MemoryFragmentationRatio"] == (from_, 1.5)
    assert rows["RejectedConnections"] == (above, 0)
    assert "SwapUsage" in rows


def test_silence_is_read_on_purpose() -> None:
    read = {r.inputs["metricName"]: r.inputs["treatMissingData"] for r in of_type(alarms_plan(), ":MetricAlarm")}
    assert read["CPUUtilization"] == "breaching", "a node that is gone would raise no alarm at all"
    assert read["ReplicationLag"] == "notBreaching", "the primary never reports it, and would be in alarm for ever"
    assert read["Evictions"] == "notBreaching"
    assert set(read.values()) <= {"breaching", "notBreaching", "missing"}


def test_silence_is_no_trouble_only_where_aws_does_not_report_each_minute() -> None:
    for row in tables.alarm_rows():
        where = f"{row['key']} on {row['metric']}"
        if row["reported"] == "always":
            assert row["missingData"] in ("breaching", "missing"), f"{where} stays green for a node that says nothing"
        else:
            assert row["missingData"] == "notBreaching", f"{where} cannot stay green: silence is normal there"
        assert len(row["silence"].split()) > 10, f"{where}: a reviewer could not tell why"
    assert any(row["missingData"] == "breaching" for row in tables.alarm_rows()), "a node that is gone raises no alarm"


def test_an_alarm_watches_a_metric_that_aws_describes_and_publishes_so() -> None:
    published = tables.published_metrics()
    for row in tables.alarm_rows():
        assert re.fullmatch(r"https://docs\.aws\.amazon\.com/\S+\.html", row["source"]), "a reviewer could not check it"
        assert row["dimensions"] in published[row["metric"]], f"{row['key']} would never see a data point"


def test_every_kind_of_refusal_that_aws_suggests_an_alarm_for_has_one() -> None:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html"""
    suggested = {
        f"{what}Failures"
        for what in ("Authentication", *(f"{of}Authorization" for of in ("Command", "Key", "Channel")))
    }
    told = {r.inputs["metricName"]: r for r in of_type(alarms_plan({"refused_attempts": 3}), ":MetricAlarm")}
    assert suggested <= set(told), "somebody who tries what a login can do is not noticed"
    for metric in suggested:
        assert told[metric].inputs["alarmActions"] == [WARNINGS]
        assert told[metric].inputs["threshold"] == 3, "the setting has no effect"


def test_warnings_and_severe_alarms_have_a_topic_each() -> None:
    told = {r.inputs["metricName"]: r.inputs["alarmActions"] for r in of_type(alarms_plan(), ":MetricAlarm")}
    assert told["Evictions"] == [WARNINGS]
    assert told["RejectedConnections"] == [SEVERE], "nobody would be paged"


def test_an_alarms_name_does_not_move_with_the_node_type() -> None:
    """From every node type to every other: the names are the same for all of them, so no resize renames one."""
    for durability in ("snapshots", "async", "sync"):
        for replicas in (0, 1):
            keys = {
                tuple(sorted(row["key"] for row in alarms(Watched(node, True, 1, replicas, durability))))
                for node in tables.node_types()
            }
            assert len(keys) == 1, "a resize deletes an alarm and makes another: its history and its silence are lost"


def test_a_resize_changes_the_alarm_in_place() -> None:
    small, large = (alarms_plan(node_type=f"cache.r7g.{size}") for size in ("large", "xlarge"))
    before, after = ({r.urn: r.inputs["name"] for r in of_type(plan, ":MetricAlarm")} for plan in (small, large))
    assert before == after, "an alarm is made anew, and nobody is told meanwhile"


def test_a_cache_has_alarms_only_where_somebody_is_told() -> None:
    assert not of_type(group_plan(), ":MetricAlarm")


def test_an_alarm_waits_for_the_cache() -> None:
    plan = alarms_plan()
    cache = one(plan, ":ReplicationGroup")
    for alarm in of_type(plan, ":MetricAlarm"):
        assert cache.urn in alarm.property_dependencies["dimensions"], "it would ring while the cache is being made"


def test_topics_are_encrypted_with_a_key_that_lets_alarms_publish() -> None:
    plan = topics_plan(email=["ops@company.com"])
    for topic in of_type(plan, ":Topic"):
        assert isinstance(topic.inputs["kmsMasterKeyId"], Unknown | str), topic.name
        assert topic.inputs["kmsMasterKeyId"] != "alias/aws/sns", (
            "CloudWatch may not use AWS's own key: alarms would be lost"
        )
    policy = json.loads(one(plan, ":kms/key:Key").inputs["policy"])
    services = {
        s["Principal"].get("Service"): set(s["Action"]) for s in policy["Statement"] if isinstance(s["Principal"], dict)
    }
    assert {"kms:Decrypt", "kms:GenerateDataKey*"} <= services["cloudwatch.amazonaws.com"]
    assert one(plan, ":kms/key:Key").inputs["enableKeyRotation"] is True


def test_a_given_key_is_used_and_none_is_made() -> None:
    plan = topics_plan(kms_key_arn=KEY)
    assert not of_type(plan, ":kms/key:Key")
    assert {topic.inputs["kmsMasterKeyId"] for topic in of_type(plan, ":Topic")} == {KEY}


def test_only_alarms_of_the_account_publish_and_nobody_without_tls() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:severe"
    allow, deny = json.loads(topic_policy(Identity("123456789012", "aws", "eu-west-1"), topic))["Statement"]
    assert allow["Principal"] == {"Service": "cloudwatch.amazonaws.com"} and allow["Resource"] == topic
    assert allow["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}, "any account could page us"
    assert deny["Effect"] == "Deny" and deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_pagerduty_gets_severe_alarms_only_and_its_key_is_never_shown() -> None:
    def program() -> None:
        import pulumi

        from components.cache import CacheAlarmTopics

        key = pulumi.Output.secret("k" * 32)
        CacheAlarmTopics("alarms", {"platform": "chat-prod", "email": ["ops@company.com"], "pager_duty_key": key})

    subscriptions = of_type(plan_of(program), ":TopicSubscription")
    paging = [s for s in subscriptions if s.inputs["protocol"] == "https"]
    assert [s.name for s in paging] == ["alarms-severe-pagerduty"]
    assert isinstance(paging[0].inputs["endpoint"], Secret), "the integration key would be printed"
    assert paging[0].inputs["endpointAutoConfirms"] is True


def test_an_address_gets_every_alarm_and_stands_in_no_name() -> None:
    plan = topics_plan(email=["ops@company.com", "second@company.com"])
    subscriptions = [s for s in of_type(plan, ":TopicSubscription") if s.inputs["protocol"] == "email"]
    assert sorted(s.inputs["endpoint"] for s in subscriptions) == sorted(["ops@company.com", "second@company.com"] * 2)
    assert len({s.urn for s in subscriptions}) == 4
    assert not any("company" in resource.urn or "ops" in resource.urn for resource in plan), (
        "a person's address would stand in the state's names, in logs and in reviews"
    )
    fewer = {s.urn for s in of_type(topics_plan(email=["second@company.com"]), ":TopicSubscription")}
    assert fewer < {s.urn for s in subscriptions}, "one address less asks everybody else to confirm again"


def test_slack_may_look_at_metrics_and_nothing_else() -> None:
    plan = topics_plan(slack_workspace_id="T0123456789", slack_channel_id="C0123456789")
    channel = one(plan, ":SlackChannelConfiguration")
    assert [str(arn).rsplit("/", 1)[-1] for arn in channel.inputs["guardrailPolicyArns"]] == [
        "CloudWatchReadOnlyAccess"
    ]
    assert len(channel.inputs["snsTopicArns"]) == 2
    trust = json.loads(one(plan, ":Role").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "chatbot.amazonaws.com"}


def test_names_are_unique() -> None:
    names = [r.inputs["name"] for r in of_type(alarms_plan(shards=3, replicas=2), ":MetricAlarm")]
    assert len(names) == len(set(names)) > 0
