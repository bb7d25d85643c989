"""SNS: topics, their policies and subscriptions."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import Statement, statements
from .framework.resources import Resource
from .framework.rule import Settings, resource_rule
from .types import SNS_SUBSCRIPTION, SNS_TOPIC, SNS_TOPIC_POLICY


@resource_rule("sns-encrypted", SNS_TOPIC)
def encrypted(topic: Resource, settings: Settings) -> Iterator[str]:
    if not topic.given("kmsMasterKeyId"):
        yield "kmsMasterKeyId is absent: alarms wait for delivery without a key that can be audited."


@resource_rule("sns-own-key", SNS_TOPIC)
def own_key(topic: Resource, settings: Settings) -> Iterator[str]:
    if topic.peek("kmsMasterKeyId").rpartition(":")[2] == "alias/aws/sns":
        yield "alias/aws/sns lets no CloudWatch alarm use it: the alarm is lost without an error."


@resource_rule("sns-no-public-policy", SNS_TOPIC, SNS_TOPIC_POLICY)
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


@resource_rule("sns-tls", SNS_TOPIC_POLICY)
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


@resource_rule("sns-https-subscription", SNS_SUBSCRIPTION)
def https_subscription(subscription: Resource, settings: Settings) -> Iterator[str]:
    if subscription.known("protocol").lower() == "http" or subscription.known("endpoint").lower().startswith("http:"):
        yield "Alarms, and the key in the address, cross the internet in the clear."
