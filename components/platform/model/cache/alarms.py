"""Whom to tell when the cache is in trouble, and from when on it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from dolmen.stackfile import Problem

from ..base import Section
from .values import Email, TopicArn


class SlackChannel(Section):
    """A channel reached through Amazon Q Developer in chat applications (AWS Chatbot), authorized once in the console."""

    workspace_id: Annotated[str, Field(pattern=r"^T[A-Z0-9]{8,12}$")]
    """The Slack workspace: T and 8 to 12 letters and digits."""
    channel_id: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{8,12}$")]
    """The channel: C and 8 to 12 letters and digits, at the end of the channel's link."""


class PagerDuty(Section):
    """An "Amazon CloudWatch" integration of a PagerDuty service. Its key is the secret `dolmen:cachePagerDutyKey`."""


class Alarms(Section):
    """CloudWatch alarms, one for each node and metric."""

    topic_arn: TopicArn | None = None
    """A topic that exists and takes every alarm. Default: the platform makes two encrypted topics, warnings and severe."""
    email: tuple[Email, ...] = ()
    """Addresses that get every alarm. Each must confirm once."""
    slack: SlackChannel | None = None
    """A Slack channel that gets every alarm."""
    pager_duty: PagerDuty | None = None
    """Page someone, for severe alarms only."""
    memory_percent: Annotated[int, Field(ge=1, le=99)] = 80
    """Share of the memory for keys, above which to warn."""
    connections_percent: Annotated[int, Field(ge=1, le=99)] = 80
    """Share of the node's connection limit, above which to warn."""
    cpu_percent: Annotated[int, Field(ge=1, le=99)] = 90
    """Share of the one core that runs commands, above which to warn."""
    replication_lag_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    """How far a replica may fall behind."""

    def problems(self) -> Iterator[Problem]:
        if self.topic_arn is None:
            return
        for key, given in (("email", self.email), ("slack", self.slack), ("pagerDuty", self.pager_duty)):
            if given:
                yield Problem(
                    (key,),
                    "A given topic has its own subscribers; Dolmen adds none to a topic that it does not own.",
                    f"Remove {key}, or remove topicArn and let Dolmen make the topics.",
                )
