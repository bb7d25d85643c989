"""CloudWatch: log groups and alarms."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import statements
from .framework.policy import Settings, resource_policy, setting, words
from .framework.resources import Resource
from .framework.tables import components, table
from .resource_types import COMPOSITE_ALARM, LOG_GROUP, LOG_RESOURCE_POLICY, METRIC_ALARM


@resource_policy("logs-retention", LOG_GROUP, severity="low", enforcement="production")
@setting("minimumDays", "Days that logs are kept at least.", {"development": 7, "staging": 14, "production": 30})
@words(
    title="Logs are kept for a time that somebody decided.",
    rationale="For ever costs more every month; a few days are over before an incident is understood.",
    remedy="Set retentionInDays: 30 or more.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
)
def retention(group: Resource, settings: Settings) -> Iterator[str]:
    days = group.number("retentionInDays", default=0)
    minimum = settings.number("minimumDays", group)
    if days == 0:
        yield "retentionInDays is absent: nobody decided how long logs are kept, and they are kept for ever."
    elif days is not None and days < minimum:
        yield f"Logs are kept for {days:g} days: at least {minimum:g} here."


@resource_policy("logs-own-key", LOG_GROUP, severity="low", enforcement="advice-in-production")
@words(
    title="Production logs are encrypted with a key of yours.",
    rationale="Slow logs hold keys and arguments of commands.",
    remedy="Give kmsKeyId, of a key whose policy lets CloudWatch Logs use it.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
)
def own_key(group: Resource, settings: Settings) -> Iterator[str]:
    if not group.given("kmsKeyId"):
        yield "kmsKeyId is absent: a key that AWS owns encrypts it, which nobody here can disable or audit."


@resource_policy("logs-no-public-policy", LOG_RESOURCE_POLICY, severity="critical", enforcement="always")
@words(
    title="No policy of logs lets everybody in.",
    rationale="Whoever writes can drown the logs.",
    remedy="Name the service, with a condition on aws:SourceAccount or aws:SourceArn.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html",
)
def no_public_policy(policy: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(policy, "policyDocument"):
        if statement.public():
            yield "It lets everybody in."


@resource_policy("alarm-actions", METRIC_ALARM, COMPOSITE_ALARM, severity="high", enforcement="beyond-development")
@words(
    title="An alarm tells somebody.",
    rationale="An alarm without actions turns red in a console that nobody looks at.",
    remedy="Give alarmActions, and leave actionsEnabled on.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
)
def actions(alarm: Resource, settings: Settings) -> Iterator[str]:
    if alarm.flag("actionsEnabled", default=True) is False:
        yield "actionsEnabled is off: nobody is told."
    elif not alarm.given("alarmActions"):
        yield "alarmActions is empty: nobody is told."


@resource_policy("alarm-threshold", METRIC_ALARM, severity="low", enforcement="advice")
@words(
    title="An alarm comes in time.",
    rationale="A percentage above 95 is reached when nothing can be done any more.",
    remedy="Lower threshold.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
)
def threshold(alarm: Resource, settings: Settings) -> Iterator[str]:
    if alarm.known("namespace") != "AWS/ElastiCache":
        return
    facts = table("alarms")
    bad = {*components()["cacheMetricsBadWhenHigh"], *facts["alsoBadWhenHigh"]}
    name, comparison, value = alarm.known("metricName"), alarm.known("comparisonOperator"), alarm.number("threshold")
    highest = facts["highestThresholds"].get(name)
    if comparison.startswith("LessThan") and name in bad:
        yield f"It fires while {name} is low, and is silent when it rises."
    if highest and comparison.startswith("GreaterThan") and value is not None and value > highest:
        yield f"{name} above {value:g} is too late: at most {highest:g}."
