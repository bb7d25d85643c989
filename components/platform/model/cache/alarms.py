"""Whom to tell when the cache is in trouble, and from when on it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from dolmen.stackfile import Problem

from ....cache import alarm_plan
from ....cache.alarm_topics import PAGER_DUTY_HOSTS
from ....cache.alarms import LONGEST_LAG_SECONDS
from ..base import Section, for_editors
from ..key import KeyChoice
from ..secret_value import CACHE_PAGER_DUTY_KEY, SecretValue

Percent = Annotated[int, for_editors(minimum=1, maximum=99)]


class SlackChannel(Section):
    """A channel reached through Amazon Q Developer in chat applications (AWS Chatbot), authorized once in the console."""

    workspace_id: str
    """The Slack workspace: T and 8 to 12 letters and digits."""
    channel_id: str
    """The channel: C and 8 to 12 letters and digits, at the end of the channel's link."""


class PagerDutyIntegration(Section):
    """An "Amazon CloudWatch" integration of a PagerDuty service. `{}` is enough."""

    key: SecretValue = SecretValue(config=CACHE_PAGER_DUTY_KEY)
    """The integration's key. Default: the secret key `dolmen:cachePagerDutyKey`."""
    region: Annotated[str, for_editors(enum=list(PAGER_DUTY_HOSTS))] | None = None
    """Where the PagerDuty account is: US or EU. Default: US."""


class Alarms(Section):
    """CloudWatch alarms, one for each node and metric."""

    topic_arn: str | None = None
    """A topic that exists and takes every alarm. Default: the platform makes two encrypted topics, warnings and severe."""
    encryption_key: KeyChoice | None = None
    """A key for the topics, whose policy lets CloudWatch alarms use it. Default: the cache's created key, or one of their
    own."""
    email: tuple[str, ...] = ()
    """Addresses that get every alarm. Each must confirm once."""
    slack: SlackChannel | None = None
    """A Slack channel that gets every alarm."""
    pager_duty: PagerDutyIntegration | None = None
    """Page someone, for severe alarms only."""
    memory_percent: Percent = alarm_plan.MEMORY_PERCENT
    """Share of the memory for keys, above which to warn."""
    connections_percent: Percent = alarm_plan.CONNECTIONS_PERCENT
    """Share of the node's connection limit, above which to warn."""
    cpu_percent: Percent = alarm_plan.CPU_PERCENT
    """Share of the one core that runs commands, above which to warn."""
    replication_lag_seconds: Annotated[int, for_editors(minimum=1, maximum=LONGEST_LAG_SECONDS)] = (
        alarm_plan.REPLICATION_LAG_SECONDS
    )
    """How far a replica may fall behind."""
    refused_attempts: Annotated[int, for_editors(minimum=0)] = alarm_plan.REFUSED_ATTEMPTS
    """Logins, commands, keys or channels refused within five minutes, above which to warn. Each has an alarm."""

    def problems(self) -> Iterator[Problem]:
        if self.topic_arn is None:
            if not self.email and self.slack is None and self.pager_duty is None:
                yield Problem(
                    (),
                    "An alarm tells somebody; these tell nobody.",
                    "Name email, slack, pagerDuty or a topicArn, or remove alarms.",
                )
            return
        for key, given in (
            ("encryptionKey", self.encryption_key),
            ("email", self.email),
            ("slack", self.slack),
            ("pagerDuty", self.pager_duty),
        ):
            if given:
                yield Problem(
                    (key,),
                    "A given topic has its own subscribers; Dolmen adds none to a topic that it does not own."
                    if key != "encryptionKey"
                    else "A given topic has its own key.",
                    f"Remove {key}, or remove topicArn and let Dolmen make the topics.",
                )
