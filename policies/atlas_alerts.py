"""Atlas: alerts, and who is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .atlas_cluster import shared
from .atlas_project import unwatched
from .framework.policy import Settings, resource_policy, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .framework.values import UNKNOWN, View
from .resource_types import ATLAS_ALERT, ATLAS_CLUSTERS, ATLAS_PROJECT

SECONDS = {"NANOSECONDS": 1e-9, "MILLISECONDS": 1e-3, "SECONDS": 1, "MINUTES": 60, "HOURS": 3600, "DAYS": 86_400}
NEEDED = {
    "EMAIL": ("emailAddress",),
    "SMS": ("mobileNumber",),
    "SLACK": ("channelName",),
    "USER": ("username",),
    "TEAM": ("teamId",),
}
"""What a notification needs to reach anybody; keys of services may also be the project's own."""


def routed(alert: Resource) -> bool:
    return alert.raw("notifications") is UNKNOWN or any(_reaches(one) for one in alert.views("notifications"))


def _reaches(notification: View) -> bool:
    kind = notification.known("typeName")
    if kind in ("GROUP", "ORG"):
        return any(notification.flag(way, default=False) is not False for way in ("emailEnabled", "smsEnabled"))
    return bool(kind) and all(notification.given(key) for key in NEEDED.get(kind, ()))


def enabled(alert: Resource) -> bool:
    """Off unless switched on."""
    return alert.flag("enabled", default=False) is not False


def watches(alert: Resource) -> tuple[str, str]:
    """Event and metric."""
    metric = alert.view("metricThresholdConfig")
    return alert.known("eventType"), metric.known("metricName") if metric else ""


@resource_policy("atlas-alert-enabled", ATLAS_ALERT, severity="medium", enforcement="beyond-development")
@words(
    title="An alert is on.",
    rationale="An alert that is left off looks like one in every list.",
    remedy="Set enabled: true.",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/alertconfiguration/",
)
def alert_enabled(alert: Resource, settings: Settings) -> Iterator[str]:
    if not enabled(alert):
        yield "enabled is not on: the alert never fires."


@resource_policy("atlas-alert-routed", ATLAS_ALERT, severity="high", enforcement="beyond-development")
@words(
    title="An alert reaches somebody.",
    rationale="An alert without a receiver is silent.",
    remedy="Give notifications with an address, a channel or a service's key.",
    source="https://www.mongodb.com/docs/atlas/configure-alerts/",
)
def alert_routed(alert: Resource, settings: Settings) -> Iterator[str]:
    if not routed(alert):
        yield "Its notifications reach nobody."


@resource_policy("atlas-alert-threshold", ATLAS_ALERT, severity="low", enforcement="advice")
@words(
    title="An alert comes in time.",
    rationale="A percentage above 95 is reached when nothing can be done any more.",
    remedy="Lower threshold.",
    source="https://www.mongodb.com/docs/atlas/reference/alert-conditions/",
)
def alert_threshold(alert: Resource, settings: Settings) -> Iterator[str]:
    limits, longest = table("alarms")["highestAlerts"], table("alarms")["longestDelay"]
    for notification in alert.views("notifications"):
        delay = notification.number("delayMin", default=0)
        if delay is not None and delay > longest:
            yield f"A receiver is told after {delay:g} minutes: at most {longest}."
    metric = alert.view("metricThresholdConfig")
    name = metric.known("metricName") if metric else ""
    if metric is None or name not in limits:
        return
    if metric.known("operator") == "LESS_THAN":
        yield f"It fires while {name} is low, and is silent when it rises."
    if metric.known("operator") != "GREATER_THAN" or (value := metric.number("threshold")) is None:
        return
    scale = SECONDS.get(metric.known("units"), 1) if "units" in limits[name] else 1
    if value * scale > limits[name]["highest"]:
        yield f"{name} above {value:g} is too late: at most {limits[name]['highest']}."


@stack_policy("atlas-alert-coverage", severity="high", enforcement="from-staging-growing")
@words(
    title="A cluster's CPU, connections, disk, lag and backups are watched.",
    rationale="A cluster that is full or behind says so in metrics only.",
    remedy="Make the alerts (AtlasAlerts); in a stack file, alerts: { email: [ops@company.com] }.",
    source="https://www.mongodb.com/docs/atlas/reference/alert-conditions/",
)
def alert_coverage(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """Where the project has no alert at all, `atlas-default-alerts` says so."""
    silent = [project for project in stack.of(ATLAS_PROJECT) if unwatched(stack, project)]
    for cluster in stack.of(*ATLAS_CLUSTERS):
        if shared(cluster) or any(stack.points_at(cluster, "projectId", project) for project in silent):
            continue
        watched = [watches(alert) for alert in _alerts_of(stack, cluster)]
        backups = cluster.flag("backupEnabled", default=False) or cluster.flag("cloudBackup", default=False)
        missing = [
            row["subject"]
            for row in table("alarms")["atlasAlerts"]
            if cluster.tier in row["tiers"] and (backups or not row.get("backup")) and not _covered(row, watched)
        ]
        if missing:
            yield cluster, f"No alert that reaches anybody watches: {', '.join(missing)}."


def _alerts_of(stack: Stack, cluster: Resource) -> list[Resource]:
    """The project's alerts, without those that are restricted to another cluster."""
    project = stack.identity(cluster, "projectId")
    return [
        alert
        for alert in stack.of(ATLAS_ALERT)
        if stack.identity(alert, "projectId") == project
        and enabled(alert)
        and routed(alert)
        and not _narrowed(alert, cluster)
    ]


def _narrowed(alert: Resource, cluster: Resource) -> bool:
    """Whether it watches less than the cluster: another one, or some of the hosts."""
    for matcher in alert.views("matchers"):
        value = matcher.text("value")
        same = matcher.known("operator") == "EQUALS" and value in (cluster.known("name"), UNKNOWN)
        if matcher.known("fieldName") != "CLUSTER_NAME" or not same:
            return True
    return False


def _covered(row: Mapping[str, Any], watched: list[tuple[str, str]]) -> bool:
    return any(
        metric in row.get("metrics", ()) if metric else event in row.get("events", ()) for event, metric in watched
    )
