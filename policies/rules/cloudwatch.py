"""CloudWatch: log groups and alarms."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import statements
from .framework.resources import Resource
from .framework.rule import Settings, resource_rule
from .types import COMPOSITE_ALARM, LOG_GROUP, LOG_RESOURCE_POLICY, METRIC_ALARM


@resource_rule("logs-retention", LOG_GROUP)
def retention(group: Resource, settings: Settings) -> Iterator[str]:
    days = group.number("retentionInDays", default=0)
    minimum = settings.number("minimumDays", group)
    if days == 0:
        yield "retentionInDays is absent: nobody decided how long logs are kept, and they are kept for ever."
    elif days is not None and days < minimum:
        yield f"Logs are kept for {days:g} days: at least {minimum:g} here."


@resource_rule("logs-own-key", LOG_GROUP)
def own_key(group: Resource, settings: Settings) -> Iterator[str]:
    if not group.given("kmsKeyId"):
        yield "kmsKeyId is absent: a key that AWS owns encrypts it, which nobody here can disable or audit."


@resource_rule("logs-no-public-policy", LOG_RESOURCE_POLICY)
def no_public_policy(policy: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(policy, "policyDocument"):
        if statement.public():
            yield "It lets everybody in."


@resource_rule("alarm-actions", METRIC_ALARM, COMPOSITE_ALARM)
def actions(alarm: Resource, settings: Settings) -> Iterator[str]:
    if alarm.flag("actionsEnabled", default=True) is False:
        yield "actionsEnabled is off: nobody is told."
    elif not alarm.given("alarmActions"):
        yield "alarmActions is empty: nobody is told."


@resource_rule("alarm-threshold", METRIC_ALARM)
def threshold(alarm: Resource, settings: Settings) -> Iterator[str]:
    """A threshold that is reached only when it is too late, or never."""
    if alarm.known("namespace") != "AWS/ElastiCache":
        return
    table = settings.tables("alarms")
    highest = table["highestThresholds"].get(alarm.known("metricName"))
    value = alarm.number("threshold")
    upwards = alarm.known("comparisonOperator").startswith("GreaterThan")
    if alarm.known("comparisonOperator").startswith("LessThan") and alarm.known("metricName") in table["badWhenHigh"]:
        yield f"It fires while {alarm.known('metricName')} is low, and is silent when it rises."
    if highest and upwards and value is not None and value > highest:
        yield f"{alarm.known('metricName')} above {value:g} is too late: at most {highest:g}."
