"""When the cache is in trouble: one alarm for each member and metric."""

import re
from collections.abc import Iterator
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .. import names
from ..arguments import Problem, between, given_or, known
from .alarm_plan import (
    CONNECTIONS_PERCENT,
    CPU_PERCENT,
    MEMORY_PERCENT,
    NODE_ID,
    REFUSED_ATTEMPTS,
    REPLICATION_LAG_SECONDS,
    Limits,
    Watched,
    alarms,
    comes_and_goes,
    member_suffixes,
    threshold,
)

LONGEST_LAG_SECONDS = 3600


class CacheAlarmSettings(TypedDict):
    """From when on somebody is told, and through which topics."""

    warnings_topic_arn: pulumi.Input[str]
    """Where warnings go: `CacheAlarmTopics.warnings_topic_arn`, or a topic of yours."""
    severe_topic_arn: pulumi.Input[str]
    """Where severe alarms go: `CacheAlarmTopics.severe_topic_arn`, or a topic of yours."""
    memory_percent: NotRequired[int | None]
    """Share of the memory for keys, above which to tell: 1 to 99. Default: 80."""
    connections_percent: NotRequired[int | None]
    """Share of the node's connection limit, above which to tell: 1 to 99. Default: 80."""
    cpu_percent: NotRequired[int | None]
    """Share of the one core that runs commands, above which to tell: 1 to 99. Default: 90."""
    replication_lag_seconds: NotRequired[int | None]
    """How far a replica may fall behind: 1 to 3600 seconds. Default: 10."""
    refused_attempts: NotRequired[int | None]
    """Logins, commands, keys or channels refused within five minutes, above which to tell: 0 or more. Default: 10."""


def alarm_problems(settings: CacheAlarmSettings) -> Iterator[Problem]:
    """What CloudWatch would refuse, and limits that would never or always be passed."""
    for argument in ("warnings_topic_arn", "severe_topic_arn"):
        topic = known(settings.get(argument))
        if topic is not None and not re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}", topic):
            yield Problem((argument,), "A topic is named by its ARN.", "Write arn:aws:sns:<region>:<account>:<name>.")
    for argument in ("memory_percent", "connections_percent", "cpu_percent"):
        yield from between((argument,), known(settings.get(argument)), 1, 99)
    lag = known(settings.get("replication_lag_seconds"))
    yield from between(("replication_lag_seconds",), lag, 1, LONGEST_LAG_SECONDS)
    yield from between(("refused_attempts",), known(settings.get("refused_attempts")), 0)


def member_alarms(
    name: str,
    replication_group_id: str,
    made: pulumi.Output[str],
    watched: Watched,
    settings: CacheAlarmSettings,
    tags: pulumi.Input[dict[str, pulumi.Input[str]]] | None,
    child: pulumi.ResourceOptions,
) -> list[aws.cloudwatch.MetricAlarm]:
    """Sets every alarm on every member, and not on the group alone: one hot shard or one lagging replica is lost in an
    average, and after a failover the roles change places. `made` is the group's id once the group exists, so that no
    alarm is raised by a cache that is still being made."""
    limits = Limits(
        memory_percent=int(given_or(settings.get("memory_percent"), MEMORY_PERCENT)),
        connections_percent=int(given_or(settings.get("connections_percent"), CONNECTIONS_PERCENT)),
        cpu_percent=int(given_or(settings.get("cpu_percent"), CPU_PERCENT)),
        replication_lag_seconds=int(given_or(settings.get("replication_lag_seconds"), REPLICATION_LAG_SECONDS)),
        refused_attempts=int(given_or(settings.get("refused_attempts"), REFUSED_ATTEMPTS)),
    )
    rows = tuple(alarms(watched))
    found: list[aws.cloudwatch.MetricAlarm] = []
    for member in member_suffixes(watched):
        dimensions: dict[str, pulumi.Input[str]] = {"CacheClusterId": pulumi.Output.concat(made, "-", member)}
        for row in rows:
            topic = settings["severe_topic_arn"] if row["severity"] == "severe" else settings["warnings_topic_arn"]
            alarm = aws.cloudwatch.MetricAlarm(
                names.keyed(name, f"{member}-{row['key']}"),
                name=names.cache_alarm(replication_group_id, member, row["key"]),
                alarm_description=row["description"],
                namespace="AWS/ElastiCache",
                metric_name=row["metric"],
                dimensions={**dimensions, "CacheNodeId": NODE_ID} if row["dimensions"] == "node" else dimensions,
                statistic=row["statistic"],
                comparison_operator=row["comparison"],
                threshold=threshold(row, watched.node_type, limits),
                period=row["period"],
                evaluation_periods=row["evaluate"],
                datapoints_to_alarm=row["breach"],
                treat_missing_data="notBreaching" if comes_and_goes(watched, member) else row["missingData"],
                alarm_actions=[topic],
                ok_actions=[topic],
                tags=tags,
                opts=child,
            )
            found.append(alarm)
    return found
