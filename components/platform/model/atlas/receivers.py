"""Services that are told of Atlas's alerts."""

from __future__ import annotations

from typing import Annotated

from ....atlas import alert_receivers
from ..base import Section, for_editors
from ..secret_value import PAGER_DUTY_KEY, SLACK_TOKEN, SecretValue


class Slack(Section):
    """A channel in Slack."""

    channel: str
    """The channel's name, in quotes: "#alerts"."""
    token: SecretValue = SecretValue(config=SLACK_TOKEN)
    """The token of the Slack application. Default: the secret key `dolmen:slackToken`."""


class PagerDuty(Section):
    """A service in PagerDuty, for severe alerts only. `{}` is enough."""

    key: SecretValue = SecretValue(config=PAGER_DUTY_KEY)
    """The integration key of the service. Default: the secret key `dolmen:pagerDutyServiceKey`."""
    region: Annotated[str, for_editors(enum=list(alert_receivers.PAGER_DUTY_REGIONS))] | None = None
    """Where the PagerDuty account is: US or EU. Default: US."""


class Opsgenie(Section):
    """An integration in Opsgenie, for severe alerts only."""

    key: SecretValue
    """The integration's key."""
    region: Annotated[str, for_editors(enum=list(alert_receivers.OPSGENIE_REGIONS))] | None = None
    """Where the Opsgenie account is: US or EU. Default: US."""


class Datadog(Section):
    """An organization of Datadog."""

    key: SecretValue
    """An API key of the organization."""
    region: Annotated[str, for_editors(enum=list(alert_receivers.DATADOG_REGIONS))] | None = None
    """Its site: US, EU, US3, US5, AP1 or US1_FED. Default: US."""


class MicrosoftTeams(Section):
    """A channel in Microsoft Teams."""

    url: SecretValue
    """The address of the channel's incoming webhook, which is a secret: whoever has it writes to the channel."""


class Webhook(Section):
    """An address of yours."""

    url: SecretValue
    """The address, which begins with https://."""
    secret: SecretValue | None = None
    """With what Atlas signs what it sends. Default: it is not signed."""
