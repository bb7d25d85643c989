"""Who is told when the cache is in trouble."""

import json
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .alarm_plan import NODE_ID, Alarm, Limits, Watched, alarms, member_suffixes
from .key_policies import Identity, caller_identity, topic_key_policy, topic_policy

_READ_ALARMS = "CloudWatchReadOnlyAccess"


class CacheAlarmsArgs(TypedDict):
    platform: str
    """Prefix of alarm and topic names."""
    replication_group_id: pulumi.Input[str]
    """The group to watch; its members' ids begin with it."""
    node_type: str
    """Connection limit and vCPUs follow from it."""
    cluster_mode: bool
    """Members are numbered by shard in cluster mode."""
    shards: NotRequired[int]
    """Shards in cluster mode. Default 1."""
    replicas: int
    """Replicas of each shard."""
    durability: str
    """`sync`, `async` or `snapshots`."""
    memory_percent: NotRequired[int]
    """Default 80."""
    connections_percent: NotRequired[int]
    """Of the node's limit. Default 80."""
    cpu_percent: NotRequired[int]
    """Of the core that runs commands. Default 90."""
    replication_lag_seconds: NotRequired[int]
    """Default 10."""
    topic_arn: NotRequired[pulumi.Input[str]]
    """A topic that takes every alarm; no topic, key or subscription is made then."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """A key whose policy lets CloudWatch alarms use it, for the topics. Default: a key of their own."""
    email: NotRequired[list[str]]
    """Addresses that get every alarm."""
    slack_workspace_id: NotRequired[str]
    """With `slack_channel_id`: a Slack channel that gets every alarm, through Amazon Q Developer in chat applications."""
    slack_channel_id: NotRequired[str]
    """The channel's id."""
    pager_duty_key: NotRequired[pulumi.Input[str]]
    """Key of a PagerDuty "Amazon CloudWatch" integration, which gets severe alarms only. Secret."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of alarms, topics and key."""


class CacheAlarms(pulumi.ComponentResource):
    """One alarm for each member and metric, and two encrypted topics for them: `warnings`, and `severe`, which pages.

    Alarms are set on every member and not on the group alone: one hot shard or one lagging replica is lost in an
    average, and after a failover the roles change places.
    """

    warnings_topic_arn: pulumi.Output[str]
    """Where warnings go."""
    severe_topic_arn: pulumi.Output[str]
    """Where severe alarms go; the same as `warnings_topic_arn` where a topic was given."""
    alarm_names: pulumi.Output[list[str]]
    """Every alarm."""

    def __init__(self, name: str, args: CacheAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:CacheAlarms", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        if "topic_arn" in args:
            self.warnings_topic_arn = self.severe_topic_arn = pulumi.Output.from_input(args["topic_arn"])
        else:
            self.warnings_topic_arn, self.severe_topic_arn = _topics(self, name, args, child)
        watched = Watched(
            node_type=args["node_type"],
            cluster_mode=args["cluster_mode"],
            shards=int(args.get("shards", 1)),
            replicas=int(args["replicas"]),
            durability=args["durability"],
        )
        made = [
            _metric_alarm(name, args, suffix, alarm, self._topic_of(alarm), child)
            for suffix in member_suffixes(watched)
            for alarm in alarms(watched, _limits(args))
        ]
        self.alarm_names = pulumi.Output.all(*(alarm.name for alarm in made))
        self.register_outputs(
            {
                "warningsTopicArn": self.warnings_topic_arn,
                "severeTopicArn": self.severe_topic_arn,
                "alarmNames": self.alarm_names,
            }
        )

    def _topic_of(self, alarm: Alarm) -> pulumi.Output[str]:
        return self.severe_topic_arn if alarm.severe else self.warnings_topic_arn


def _limits(args: CacheAlarmsArgs) -> Limits:
    usual = Limits()
    return Limits(
        memory_percent=int(args.get("memory_percent", usual.memory_percent)),
        connections_percent=int(args.get("connections_percent", usual.connections_percent)),
        cpu_percent=int(args.get("cpu_percent", usual.cpu_percent)),
        replication_lag_seconds=int(args.get("replication_lag_seconds", usual.replication_lag_seconds)),
    )


def _metric_alarm(
    name: str,
    args: CacheAlarmsArgs,
    suffix: str,
    alarm: Alarm,
    topic: pulumi.Output[str],
    child: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    dimensions: dict[str, pulumi.Input[str]] = {
        "CacheClusterId": pulumi.Output.concat(args["replication_group_id"], "-", suffix)
    }
    if alarm.per_node:
        dimensions["CacheNodeId"] = NODE_ID
    return aws.cloudwatch.MetricAlarm(
        f"{name}-{suffix}-{alarm.key}",
        name=f"{args['platform']}-cache-{suffix}-{alarm.key}",
        alarm_description=alarm.description,
        namespace="AWS/ElastiCache",
        metric_name=alarm.metric,
        dimensions=dimensions,
        statistic=alarm.statistic,
        comparison_operator=alarm.comparison,
        threshold=alarm.threshold,
        period=alarm.period,
        evaluation_periods=alarm.evaluate,
        datapoints_to_alarm=alarm.breach,
        treat_missing_data=alarm.missing_data,
        alarm_actions=[topic],
        ok_actions=[topic],
        tags=args.get("tags"),
        opts=child,
    )


def _topics(
    component: CacheAlarms, name: str, args: CacheAlarmsArgs, child: pulumi.ResourceOptions
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    identity = caller_identity(component)
    key_arn = args.get("kms_key_arn") or _topic_key(name, args, identity, child).arn
    warnings = _topic(name, "warnings", args, key_arn, identity, child)
    severe = _topic(name, "severe", args, key_arn, identity, child)
    for address in args.get("email", []):
        for kind, topic in (("warnings", warnings), ("severe", severe)):
            aws.sns.TopicSubscription(
                f"{name}-{kind}-{address}", topic=topic.arn, protocol="email", endpoint=address, opts=child
            )
    if "pager_duty_key" in args:
        aws.sns.TopicSubscription(
            f"{name}-severe-pagerduty",
            topic=severe.arn,
            protocol="https",
            endpoint=_pager_duty_endpoint(args["pager_duty_key"]),
            endpoint_auto_confirms=True,
            opts=child,
        )
    if "slack_channel_id" in args:
        _slack(name, args, [warnings.arn, severe.arn], identity, child)
    return warnings.arn, severe.arn


def _pager_duty_endpoint(key: pulumi.Input[str]) -> pulumi.Output[str]:
    """Source: https://support.pagerduty.com/main/docs/amazon-cloudwatch-integration-guide"""
    return pulumi.Output.secret(pulumi.Output.concat("https://events.pagerduty.com/integration/", key, "/enqueue"))


def _topic_key(
    name: str, args: CacheAlarmsArgs, identity: pulumi.Output[Identity], child: pulumi.ResourceOptions
) -> aws.kms.Key:
    return aws.kms.Key(
        f"{name}-key",
        description=f"Alarm topics of the cache of {args['platform']}",
        deletion_window_in_days=7,  # messages are delivered at once: nothing is lost with this key
        enable_key_rotation=True,
        policy=identity.apply(topic_key_policy),
        tags=args.get("tags"),
        opts=child,
    )


def _topic(
    name: str,
    kind: str,
    args: CacheAlarmsArgs,
    key_arn: pulumi.Input[str],
    identity: pulumi.Output[Identity],
    child: pulumi.ResourceOptions,
) -> aws.sns.Topic:
    topic = aws.sns.Topic(
        f"{name}-{kind}",
        name=f"{args['platform']}-cache-{kind}",
        kms_master_key_id=key_arn,
        tags=args.get("tags"),
        opts=child,
    )
    aws.sns.TopicPolicy(
        f"{name}-{kind}-policy",
        arn=topic.arn,
        policy=pulumi.Output.all(identity, topic.arn).apply(lambda found: topic_policy(found[0], str(found[1]))),
        opts=child,
    )
    return topic


def _slack(
    name: str,
    args: CacheAlarmsArgs,
    topics: list[pulumi.Output[str]],
    identity: pulumi.Output[Identity],
    child: pulumi.ResourceOptions,
) -> None:
    """The channel may look at metrics and nothing else: without a guardrail its role's limit would be an administrator's.

    Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
    """
    read_only = identity.apply(lambda who: f"arn:{who.partition}:iam::aws:policy/{_READ_ALARMS}")
    role = aws.iam.Role(
        f"{name}-slack-role",
        description=f"Shows alarms of the cache of {args['platform']} in Slack",
        assume_role_policy=identity.apply(_chat_trust),
        tags=args.get("tags"),
        opts=child,
    )
    attachment = aws.iam.RolePolicyAttachment(f"{name}-slack-reads", role=role.name, policy_arn=read_only, opts=child)
    aws.chatbot.SlackChannelConfiguration(
        f"{name}-slack",
        configuration_name=f"{args['platform']}-cache-alarms",
        slack_team_id=args.get("slack_workspace_id", ""),
        slack_channel_id=args.get("slack_channel_id", ""),
        iam_role_arn=role.arn,
        guardrail_policy_arns=[read_only],
        sns_topic_arns=topics,
        logging_level="ERROR",
        tags=args.get("tags"),
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[attachment])),
    )


def _chat_trust(identity: Identity) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "chatbot.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": identity.account}},
                }
            ],
        }
    )
