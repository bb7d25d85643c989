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
from .alert_receivers import pager_duty_integration, receivers


class AtlasAlerts(pulumi.ComponentResource):
    """One alert configuration for each definition, all with the same receivers.

    Metric alerts watch every host of the project: Atlas has no matcher for a cluster's name there, only for hosts and
    replica sets. Another receiver makes the alerts anew, each new one first."""

    alert_names: pulumi.Output[Sequence[str]]
    """The alerts' names, sorted."""

    def __init__(self, name: str, args: AtlasAlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasAlertsArgs, problems(args))
        super().__init__("dolmen:index:AtlasAlerts", name, {}, opts)
        integration = pager_duty_integration(names.below(name, "pagerduty"), args, self)
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
                notifications=receivers(args, severe=severity in SEVERE, pager_duty_integration=integration),
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
