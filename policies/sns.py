"""SNS: topics, their policies and subscriptions."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import Statement, statements
from .framework.policy import Settings, resource_policy, stack_policy, words
from .framework.resources import Resource, Stack
from .resource_types import COMPOSITE_ALARM, METRIC_ALARM, SNS_SUBSCRIPTION, SNS_TOPIC, SNS_TOPIC_POLICY

CHATS = (
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
)


@resource_policy("sns-encrypted", SNS_TOPIC, severity="medium", enforcement="beyond-development")
@words(
    title="A topic is encrypted.",
    rationale="Alarms name hosts, addresses and accounts.",
    remedy="Give kmsMasterKeyId.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
)
def encrypted(topic: Resource, settings: Settings) -> Iterator[str]:
    if not topic.given("kmsMasterKeyId"):
        yield "kmsMasterKeyId is absent: alarms wait for delivery without a key that can be audited."


@resource_policy("sns-own-key", SNS_TOPIC, severity="high", enforcement="always")
@words(
    title="A topic's key lets alarms use it.",
    rationale="The policy of alias/aws/sns lets no CloudWatch alarm use it, and the alarm is lost without an error.",
    remedy="Give a key of your own whose policy lets cloudwatch.amazonaws.com use it.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
)
def own_key(topic: Resource, settings: Settings) -> Iterator[str]:
    if topic.peek("kmsMasterKeyId").rpartition(":")[2] == "alias/aws/sns":
        yield "alias/aws/sns lets no CloudWatch alarm use it: the alarm is lost without an error."


@resource_policy("sns-no-public-policy", SNS_TOPIC, SNS_TOPIC_POLICY, severity="critical", enforcement="always")
@words(
    title="No topic's policy lets everybody in.",
    rationale="Whoever publishes can fake alarms or drown them; whoever subscribes reads them.",
    remedy="Name principals, and a condition on aws:SourceAccount or aws:SourceArn for services.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
)
def no_public_policy(topic: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(topic, "policy"):
        if statement.public():
            yield "Its policy lets everybody in."
        elif (
            statement.allows
            and not statement.restricted()
            and any(kind == "Service" for kind, _ in statement.principals)
        ):
            yield "A service may publish for any account: no condition names this one."


@resource_policy("sns-tls", SNS_TOPIC_POLICY, severity="low", enforcement="advice")
@words(
    title="A topic refuses requests without TLS.",
    rationale="Messages would cross the network in the clear.",
    remedy='Add a Deny statement with "Bool": {"aws:SecureTransport": "false"}.',
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
)
def tls(policy: Resource, settings: Settings) -> Iterator[str]:
    found = statements(policy, "policy")
    if found and not any(_refuses_plaintext(statement) for statement in found):
        yield "Nothing refuses requests without TLS."


def _refuses_plaintext(statement: Statement) -> bool:
    return (
        not statement.allows
        and statement.anybody()
        and any(
            key == "aws:securetransport" and "false" in [value.lower() for value in values]
            for _, key, values in statement.conditions
        )
    )


@stack_policy("sns-subscribed", severity="high", enforcement="from-staging-growing")
@words(
    title="Somebody hears the alarms that a topic carries.",
    rationale="An alarm that publishes to a topic without subscribers is silent.",
    remedy="Give the topic a subscription, such as an e-mail address.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html",
)
def subscribed(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """Only topics that alarms of this program publish to: others may have subscribers elsewhere."""
    for topic in stack.of(SNS_TOPIC):
        used = any(topic.urn in alarm.depends("alarmActions") for alarm in stack.of(METRIC_ALARM, COMPOSITE_ALARM))
        heard = any(topic.urn in one.depends("topic") for one in stack.of(SNS_SUBSCRIPTION)) or any(
            topic.urn in one.depends("snsTopicArns") for one in stack.of(*CHATS)
        )
        if used and not heard:
            yield topic, "Alarms publish to it, and nobody has subscribed."


@resource_policy("sns-https-subscription", SNS_SUBSCRIPTION, severity="high", enforcement="always")
@words(
    title="Subscriptions use https.",
    rationale="Alarms, and the key in the address, would cross the internet in the clear.",
    remedy="Use protocol https.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html",
)
def https_subscription(subscription: Resource, settings: Settings) -> Iterator[str]:
    if subscription.known("protocol").lower() == "http" or subscription.known("endpoint").lower().startswith("http:"):
        yield "Alarms, and the key in the address, cross the internet in the clear."
