"""Who is told when the cache is in trouble."""

import re
from collections.abc import Iterator, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .. import names
from ..arguments import Problem, check, given_or, known, one_of
from ..identity import Identity, caller_identity
from ..keys import SHORTEST_DELETION_WINDOW_DAYS, EncryptionKey, EncryptionKeyArgs, kms_key_problems
from ..outputs import register
from .key_policies import chat_trust, topic_key_policy, topic_policy

_READ_ALARMS = "CloudWatchReadOnlyAccess"
PAGER_DUTY_HOSTS = {"US": "events.pagerduty.com", "EU": "events.eu.pagerduty.com"}
"""Region → where its events go. https://support.pagerduty.com/main/docs/service-regions"""
DEFAULT_PAGER_DUTY_REGION = "US"
_SLACK_IDS = {
    "slack_workspace_id": (r"T[A-Z0-9]{8,12}", "A Slack workspace's id is T and 8 to 12 capital letters and digits."),
    "slack_channel_id": (r"[CG][A-Z0-9]{8,12}", "A Slack channel's id is C and 8 to 12 capital letters and digits."),
}


class CacheAlarmTopicsArgs(TypedDict):
    platform: str
    """Prefix of the topics' names, which are unique in an account and region."""
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """A key whose policy lets CloudWatch alarms use it. Default: a key that is made for the topics."""
    email: NotRequired[Sequence[str] | None]
    """Addresses that get every alarm. Each must confirm once."""
    slack_workspace_id: NotRequired[str | None]
    """With `slack_channel_id`: a Slack channel that gets every alarm, through Amazon Q Developer in chat applications."""
    slack_channel_id: NotRequired[str | None]
    """The channel's id."""
    pager_duty_key: NotRequired[pulumi.Input[str] | None]
    """Key of a PagerDuty "Amazon CloudWatch" integration, which gets severe alarms only. Secret."""
    pager_duty_region: NotRequired[str | None]
    """Where the PagerDuty account is: `US` or `EU`. Default: `US`."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of topics, key and role."""


def problems(args: CacheAlarmTopicsArgs) -> Iterator[Problem]:
    """What SNS and Slack would refuse; nothing about what is not known yet."""
    yield from kms_key_problems(known(args.get("kms_key_arn")), None, ("kms_key_arn",))
    addresses = known(args.get("email")) or ()
    for index, address in enumerate(addresses):
        if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", address):
            yield Problem(
                ("email", index), "This is not an e-mail address.", "Write an address such as ops@example.com."
            )
        if address in addresses[:index]:
            yield Problem(("email", index), "This entry stands in the list twice.", "Remove one of the two.")
    for argument, (form, rule) in _SLACK_IDS.items():
        given = known(args.get(argument))
        if isinstance(given, str) and not re.fullmatch(form, given):
            yield Problem((argument,), rule, "Copy it from the channel's link: app.slack.com/client/T…/C….")
    yield from one_of(("pager_duty_region",), known(args.get("pager_duty_region")), tuple(PAGER_DUTY_HOSTS))
    missing = [argument for argument in _SLACK_IDS if args.get(argument) is None]
    if len(missing) == 1:
        yield Problem((missing[0],), "A Slack channel is named by workspace and channel.", "Give both, or none.")


class CacheAlarmTopics(pulumi.ComponentResource):
    """Two encrypted topics, `warnings`, and `severe`, which pages, with those who are told.

    The alarms themselves belong to the cache that they watch: `CacheReplicationGroup.alarms` takes the topics' ARNs. An
    e-mail subscription is named by a digest of its address, which no name may show.
    """

    warnings_topic_arn: pulumi.Output[str]
    """Where warnings go."""
    severe_topic_arn: pulumi.Output[str]
    """Where severe alarms go."""

    def __init__(self, name: str, args: CacheAlarmTopicsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, CacheAlarmTopicsArgs, problems(args))
        super().__init__("dolmen:index:CacheAlarmTopics", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        identity = caller_identity(self)
        key_arn = args.get("kms_key_arn") or _topic_key(name, args, identity, child).key_arn
        self.warnings_topic_arn = _topic(name, "warnings", args, key_arn, identity, child)
        self.severe_topic_arn = _topic(name, "severe", args, key_arn, identity, child)
        if (pager_duty_key := args.get("pager_duty_key")) is not None:
            aws.sns.TopicSubscription(
                names.keyed(name, "severe-pagerduty"),
                topic=self.severe_topic_arn,
                protocol="https",
                endpoint=_pager_duty_endpoint(pager_duty_key, args.get("pager_duty_region")),
                endpoint_auto_confirms=True,
                opts=child,
            )
        if args.get("slack_channel_id") is not None:
            _slack(name, args, [self.warnings_topic_arn, self.severe_topic_arn], identity, child)
        register(self)


def _pager_duty_endpoint(key: pulumi.Input[str], region: str | None) -> pulumi.Output[str]:
    """Source: https://support.pagerduty.com/main/docs/amazon-cloudwatch-integration-guide"""
    host = PAGER_DUTY_HOSTS[given_or(region, DEFAULT_PAGER_DUTY_REGION)]
    return pulumi.Output.secret(pulumi.Output.concat(f"https://{host}/integration/", key, "/enqueue"))


def _topic_key(
    name: str, args: CacheAlarmTopicsArgs, identity: pulumi.Output[Identity], child: pulumi.ResourceOptions
) -> EncryptionKey:
    key: EncryptionKeyArgs = {
        "alias": names.key_alias(args["platform"], "cache", "alarms"),
        "description": f"Alarm topics of the cache of {args['platform']}",
        "policy": identity.apply(topic_key_policy),
        "deletion_window_days": SHORTEST_DELETION_WINDOW_DAYS,  # messages are delivered at once: nothing is lost with it
        "protect_data": False,
    }
    if (tags := args.get("tags")) is not None:
        key["tags"] = tags
    return EncryptionKey(names.below(name, "key"), key, child)


def _topic(
    name: str,
    severity: str,
    args: CacheAlarmTopicsArgs,
    key_arn: pulumi.Input[str],
    identity: pulumi.Output[Identity],
    child: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    topic_name = names.keyed(name, severity)
    topic = aws.sns.Topic(
        topic_name,
        name=names.cache_alarm_topic(args["platform"], severity),
        kms_master_key_id=key_arn,
        tags=args.get("tags"),
        opts=child,
    )
    aws.sns.TopicPolicy(
        topic_name,
        arn=topic.arn,
        policy=pulumi.Output.all(identity, topic.arn).apply(lambda found: topic_policy(found[0], str(found[1]))),
        opts=child,
    )
    for address in args.get("email") or ():
        aws.sns.TopicSubscription(
            names.keyed(topic_name, names.digest(address)),
            topic=topic.arn,
            protocol="email",
            endpoint=address,
            opts=child,
        )
    return topic.arn


def _slack(
    name: str,
    args: CacheAlarmTopicsArgs,
    topics: list[pulumi.Output[str]],
    identity: pulumi.Output[Identity],
    child: pulumi.ResourceOptions,
) -> None:
    """The channel may look at metrics and nothing else: without a guardrail its role's limit would be an administrator's.

    Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
    """
    name, platform, tags = names.below(name, "slack"), args["platform"], args.get("tags")
    read_only = identity.apply(lambda who: f"arn:{who.partition}:iam::aws:policy/{_READ_ALARMS}")
    role = aws.iam.Role(
        name,
        description=f"Shows alarms of the cache of {platform} in Slack",
        assume_role_policy=identity.apply(chat_trust),
        tags=tags,
        opts=child,
    )
    attachment = aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=read_only, opts=child)
    aws.chatbot.SlackChannelConfiguration(
        name,
        configuration_name=names.cache_alarm_channel(platform),
        slack_team_id=args.get("slack_workspace_id", ""),
        slack_channel_id=args.get("slack_channel_id", ""),
        iam_role_arn=role.arn,
        guardrail_policy_arns=[read_only],
        sns_topic_arns=topics,
        logging_level="ERROR",
        tags=tags,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[attachment])),
    )
