"""Alarms: the right metric with the right dimensions for every member, to topics that only alarms may write to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dolmen.engine.plan import Plan, Secret, Unknown
from tests.components.cache.programs import alarms_plan, of_type, one

BOTH_DIMENSIONS = {
    "RejectedConnections",
    "DurabilityLag",
    "DurabilityBufferExceededErrorCount",
    "TrafficManagementActive",
}


def metrics(plan: Plan) -> set[str]:
    return {str(r.inputs["metricName"]) for r in of_type(plan, ":MetricAlarm")}


def test_every_member_is_watched_by_the_id_that_aws_gives_it() -> None:
    clustered = {r.inputs["dimensions"]["CacheClusterId"] for r in of_type(alarms_plan(), ":MetricAlarm")}
    assert clustered == {f"chat-prod-cache-{shard}-{node}" for shard in ("0001", "0002") for node in ("001", "002")}
    plain = alarms_plan(cluster_mode=False, replicas=2, durability="snapshots")
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
    assert "ReplicationLag" not in metrics(alarms_plan(replicas=0, durability="snapshots"))
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


def test_topics_are_encrypted_with_a_key_that_lets_alarms_publish() -> None:
    plan = alarms_plan(email=["ops@company.com"])
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


def test_a_given_key_or_topic_is_used_and_none_is_made() -> None:
    assert not of_type(alarms_plan(kms_key_arn="arn:aws:kms:eu-west-1:123456789012:key/1"), ":kms/key:Key")
    plan = alarms_plan(topic_arn="arn:aws:sns:eu-west-1:123456789012:ops")
    assert {r.type for r in plan if r.custom} == {"aws:cloudwatch/metricAlarm:MetricAlarm"}
    for alarm in of_type(plan, ":MetricAlarm"):
        assert alarm.inputs["alarmActions"] == ["arn:aws:sns:eu-west-1:123456789012:ops"]


def test_pagerduty_gets_severe_alarms_only_and_its_key_is_never_shown() -> None:
    def program_arguments() -> dict[str, Any]:
        import pulumi

        return {"pager_duty_key": pulumi.Output.secret("k" * 32)}

    from tests.components.cache.programs import plan_of

    def program() -> None:
        from components.cache.alarms import CacheAlarms

        arguments: Any = {
            "platform": "chat-prod",
            "replication_group_id": "chat-prod-cache",
            "node_type": "cache.r7g.large",
            "cluster_mode": False,
            "replicas": 1,
            "durability": "snapshots",
            "email": ["ops@company.com"],
            **program_arguments(),
        }
        CacheAlarms("alarms", arguments)

    plan = plan_of(program)
    subscriptions = of_type(plan, ":TopicSubscription")
    paging = [s for s in subscriptions if s.inputs["protocol"] == "https"]
    assert [s.name for s in paging] == ["alarms-severe-pagerduty"]
    assert isinstance(paging[0].inputs["endpoint"], Secret), "the integration key would be printed"
    assert paging[0].inputs["endpointAutoConfirms"] is True
    assert sorted(s.name for s in subscriptions if s.inputs["protocol"] == "email") == [
        "alarms-severe-ops@company.com",
        "alarms-warnings-ops@company.com",
    ]


def test_slack_may_look_at_metrics_and_nothing_else() -> None:
    plan = alarms_plan(slack_workspace_id="T0123456789", slack_channel_id="C0123456789")
    channel = one(plan, ":SlackChannelConfiguration")
    assert [str(arn).rsplit("/", 1)[-1] for arn in channel.inputs["guardrailPolicyArns"]] == [
        "CloudWatchReadOnlyAccess"
    ]
    assert len(channel.inputs["snsTopicArns"]) == 2
    trust = json.loads(one(plan, ":Role").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "chatbot.amazonaws.com"}


def test_names_are_unique() -> None:
    names = [r.inputs["name"] for r in of_type(alarms_plan(shards=3, replicas=2), ":MetricAlarm")]
    assert len(names) == len(set(names))
