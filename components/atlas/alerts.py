"""Alerts of the project: what is watched, how bad it is, who is told."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

SEVERE = ("ERROR", "CRITICAL")
METRIC_EVENT = "OUTSIDE_METRIC_THRESHOLD"


class AlertMatcher(TypedDict):
    field: str
    """What is compared, such as `HOSTNAME`; which fields there are depends on the event."""
    operator: str
    """`EQUALS`, `CONTAINS`, `STARTS_WITH`, `ENDS_WITH`, their negations, or `REGEX`."""
    value: str
    """With what."""


class AlertDefinition(TypedDict):
    name: str
    """Names the alert's resource; unique in the list."""
    severity: str
    """`INFO`, `WARNING`, `ERROR` or `CRITICAL`; the last two reach PagerDuty."""
    event: NotRequired[str]
    """The event that is watched. Exactly one of this and `metric`."""
    metric: NotRequired[str]
    """The metric of hosts that is watched."""
    operator: NotRequired[str]
    """`GREATER_THAN` or `LESS_THAN`, with a threshold."""
    threshold: NotRequired[float]
    """The value that it is compared with."""
    units: NotRequired[str]
    """The units of the threshold."""
    matchers: NotRequired[list[AlertMatcher]]
    """Restrictions, all of which must hold."""


class AtlasAlertsArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    alerts: list[AlertDefinition]
    """What is watched."""
    email_addresses: NotRequired[list[str]]
    """Told of every alert."""
    slack_channel: NotRequired[str]
    """Told of every alert; needs `slack_token`."""
    slack_token: NotRequired[pulumi.Input[str]]
    """The token of the Slack application; kept secret."""
    pager_duty_service_key: NotRequired[pulumi.Input[str]]
    """The key of the PagerDuty service that severe alerts wake; kept secret."""


class AtlasAlerts(pulumi.ComponentResource):
    """One alert configuration for each definition, all with the same receivers.

    Metric alerts watch every host of the project: Atlas has no matcher for a cluster's name there, only for hosts and
    replica sets. Receivers stand in a fixed order, those of which there is one at most first, so that another e-mail
    address changes no other receiver's place."""

    alert_names: pulumi.Output[Sequence[str]]
    """The alerts' names, sorted."""

    def __init__(self, name: str, args: AtlasAlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasAlerts", name, {}, opts)
        if ("slack_channel" in args) != ("slack_token" in args):
            raise ValueError(f"{name}: give both slack_channel and slack_token, or neither.")
        for alert in args["alerts"]:
            if ("event" in alert) == ("metric" in alert):
                raise ValueError(f"{name}: alert {alert['name']} watches an event or a metric, exactly one.")
            receivers = _receivers(args, severe=alert["severity"] in SEVERE)
            if not receivers:
                raise ValueError(f"{name}: nobody is told of {alert['name']}: give e-mail addresses or Slack.")
            mongodbatlas.AlertConfiguration(
                f"{name}-{alert['name']}",
                project_id=args["project_id"],
                event_type=alert.get("event", METRIC_EVENT),
                enabled=True,
                severity_override=alert["severity"],
                matchers=[
                    {"field_name": matcher["field"], "operator": matcher["operator"], "value": matcher["value"]}
                    for matcher in alert.get("matchers", [])
                ],
                notifications=receivers,
                **_threshold(alert),
                # Atlas cannot turn a receiver into one of another kind.
                opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["notifications[*].typeName"]),
            )
        self.alert_names = pulumi.Output.from_input(sorted(alert["name"] for alert in args["alerts"]))
        self.register_outputs({"alertNames": self.alert_names})


def _threshold(alert: AlertDefinition) -> Mapping[str, Any]:
    if "threshold" not in alert:
        return {}
    compared = {
        "operator": alert.get("operator", "GREATER_THAN"),
        "threshold": alert["threshold"],
        "units": alert.get("units", "RAW"),
    }
    if "metric" in alert:
        return {"metric_threshold_config": {**compared, "metric_name": alert["metric"], "mode": "AVERAGE"}}
    return {"threshold_config": compared}


def _receivers(args: AtlasAlertsArgs, *, severe: bool) -> list[mongodbatlas.AlertConfigurationNotificationArgsDict]:
    """Each at once and then hourly; PagerDuty repeats by its own rules, and takes no interval."""
    receivers: list[mongodbatlas.AlertConfigurationNotificationArgsDict] = []
    if "slack_channel" in args and "slack_token" in args:
        receivers.append(
            {
                "type_name": "SLACK",
                "channel_name": args["slack_channel"],
                "api_token": pulumi.Output.secret(args["slack_token"]),
                "delay_min": 0,
                "interval_min": 60,
            }
        )
    addresses = sorted(args.get("email_addresses", []), key=str.lower)
    receivers.extend(
        {"type_name": "EMAIL", "email_address": address, "delay_min": 0, "interval_min": 60} for address in addresses
    )
    if severe and "pager_duty_service_key" in args:
        receivers.insert(
            0,
            {
                "type_name": "PAGER_DUTY",
                "service_key": pulumi.Output.secret(args["pager_duty_service_key"]),
                "delay_min": 0,
            },
        )
    return receivers
