"""What alerts are asked for, and what they have where nothing is said."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

DEFAULT_SEVERITY = "WARNING"
DEFAULT_MATCHER_OPERATOR = "EQUALS"


class AtlasAlertMatcher(TypedDict):
    field: str
    """What is compared, such as `HOSTNAME`; which fields there are depends on the event."""
    operator: NotRequired[str | None]
    """`EQUALS`, `CONTAINS`, `STARTS_WITH`, `ENDS_WITH`, `NOT_EQUALS`, `NOT_CONTAINS` or `REGEX`. Default: `EQUALS`."""
    value: str
    """With what."""


class AtlasAlert(TypedDict):
    metric: NotRequired[str | None]
    """The metric of hosts that is watched, with `above` or `below`. Exactly one of this and `event`."""
    event: NotRequired[str | None]
    """The event that is watched; some have a threshold, with `above` or `below`."""
    above: NotRequired[float | None]
    """Alert above this value."""
    below: NotRequired[float | None]
    """Alert below this value."""
    units: NotRequired[str | None]
    """Units of the value. Default: RAW, SECONDS, GIGABYTES or COUNT, as the metric has it; HOURS for an event."""
    severity: NotRequired[str | None]
    """`INFO`, `WARNING`, `ERROR` or `CRITICAL`; the last two are severe, and reach PagerDuty. Default: `WARNING`."""
    matchers: NotRequired[Sequence[pulumi.Input[AtlasAlertMatcher]] | None]
    """Restrictions, all of which must hold. Default: none."""


class AtlasAlertsArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    alerts: Mapping[str, pulumi.Input[AtlasAlert]]
    """What is watched, by the alert's name."""
    email: NotRequired[Sequence[str] | None]
    """Addresses that are told of every alert."""
    slack_channel: NotRequired[str | None]
    """The channel that is told of every alert; needs `slack_token`."""
    slack_token: NotRequired[pulumi.Input[str] | None]
    """The token of the Slack application; kept secret."""
    pager_duty_service_key: NotRequired[pulumi.Input[str] | None]
    """The key of the PagerDuty service that severe alerts wake; kept secret."""
    pager_duty_region: NotRequired[str | None]
    """Where the PagerDuty account is: `US` or `EU`, which needs an integration of the whole project. Default: `US`."""
    opsgenie_api_key: NotRequired[pulumi.Input[str] | None]
    """The key of the Opsgenie integration that severe alerts wake; kept secret."""
    opsgenie_region: NotRequired[str | None]
    """Where the Opsgenie account is: `US` or `EU`. Default: `US`."""
    datadog_api_key: NotRequired[pulumi.Input[str] | None]
    """The key of the Datadog organization that is told of every alert; kept secret."""
    datadog_region: NotRequired[str | None]
    """Datadog's site: `US`, `EU`, `US3`, `US5`, `AP1` or `US1_FED`. Default: `US`."""
    microsoft_teams_webhook_url: NotRequired[pulumi.Input[str] | None]
    """The address of the Microsoft Teams channel that is told of every alert; kept secret."""
    webhook_url: NotRequired[pulumi.Input[str] | None]
    """An address that is sent every alert; kept secret, since it often holds a token."""
    webhook_secret: NotRequired[pulumi.Input[str] | None]
    """With what Atlas signs what it sends to `webhook_url`; kept secret. Default: it is not signed."""
