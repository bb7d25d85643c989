"""Alerts of the project: what is watched, how bad it is, who is told."""

from collections.abc import Sequence

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from .. import names
from ..arguments import check, given_or, plain, plain_list
from ..outputs import register
from . import tables
from .alert_arguments import DEFAULT_MATCHER_OPERATOR, DEFAULT_SEVERITY, AtlasAlert, AtlasAlertMatcher, AtlasAlertsArgs
from .alert_limits import SEVERE, default_units, problems


class AtlasAlerts(pulumi.ComponentResource):
    """One alert configuration for each definition, all with the same receivers.

    Metric alerts watch every host of the project: Atlas has no matcher for a cluster's name there, only for hosts and
    replica sets. Receivers stand in a fixed order, those of which there is one at most first, so that another e-mail
    address changes no other receiver's place. Another receiver makes the alerts anew, each new one first."""

    alert_names: pulumi.Output[Sequence[str]]
    """The alerts' names, sorted."""

    def __init__(self, name: str, args: AtlasAlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasAlertsArgs, problems(args))
        super().__init__("dolmen:index:AtlasAlerts", name, {}, opts)
        for key, alert in plain("alerts", args["alerts"]).items():
            severity = given_or(alert.get("severity"), DEFAULT_SEVERITY)
            metric, threshold = alert.get("metric"), _threshold(alert)
            mongodbatlas.AlertConfiguration(
                names.keyed(name, key),
                project_id=args["project_id"],
                event_type=given_or(alert.get("event"), tables.metric_event()),
                enabled=True,
                severity_override=severity,
                matchers=[_matcher(matcher) for matcher in plain_list("matchers", alert.get("matchers"))],
                notifications=_receivers(args, severe=severity in SEVERE),
                metric_threshold_config=None
                if metric is None or threshold is None
                else {**threshold, "metric_name": metric, "mode": "AVERAGE"},
                threshold_config=threshold if metric is None else None,
                # Atlas cannot turn a receiver into one of another kind. The provider tells the engine which property
                # changes and not where in it, so a path below `notifications` would match nothing.
                opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["notifications"]),
            )
        self.alert_names = pulumi.Output.from_input(sorted(args["alerts"]))
        register(self)


def _threshold(alert: AtlasAlert) -> mongodbatlas.AlertConfigurationThresholdConfigArgsDict | None:
    """What the alert's value is compared with; `None` for an event that happens or not."""
    value, operator = alert.get("above"), "GREATER_THAN"
    if value is None:
        value, operator = alert.get("below"), "LESS_THAN"
    if value is None:
        return None
    return {"operator": operator, "threshold": value, "units": given_or(alert.get("units"), default_units(alert))}


def _matcher(matcher: AtlasAlertMatcher) -> mongodbatlas.AlertConfigurationMatcherArgsDict:
    return {
        "field_name": matcher["field"],
        "operator": given_or(matcher.get("operator"), DEFAULT_MATCHER_OPERATOR),
        "value": matcher["value"],
    }


def _receivers(args: AtlasAlertsArgs, *, severe: bool) -> list[mongodbatlas.AlertConfigurationNotificationArgsDict]:
    """Each at once and then hourly; PagerDuty repeats by its own rules, and takes no interval."""
    receivers: list[mongodbatlas.AlertConfigurationNotificationArgsDict] = []
    pager_duty, channel, token = (
        args.get("pager_duty_service_key"),
        args.get("slack_channel"),
        args.get("slack_token"),
    )
    if severe and pager_duty is not None:
        key = pulumi.Output.secret(pager_duty)
        receivers.append({"type_name": "PAGER_DUTY", "service_key": key, "delay_min": 0})
    if channel is not None and token is not None:
        receivers.append(
            {
                "type_name": "SLACK",
                "channel_name": f"#{channel.removeprefix('#')}",
                "api_token": pulumi.Output.secret(token),
                "delay_min": 0,
                "interval_min": 60,
            }
        )
    addresses = sorted(given_or(args.get("email"), []), key=str.lower)
    receivers.extend(
        {"type_name": "EMAIL", "email_address": address, "delay_min": 0, "interval_min": 60} for address in addresses
    )
    return receivers
