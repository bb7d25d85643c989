"""Who is told what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from ....atlas import tables
from ....atlas.standing_alerts import THRESHOLDS
from ..base import Section, for_editors
from .receivers import Datadog, MicrosoftTeams, Opsgenie, PagerDuty, Slack, Webhook


def _limits(word: str) -> Any:
    return for_editors(minimum=THRESHOLDS[word].smallest, maximum=THRESHOLDS[word].largest)


class Thresholds(Section):
    """Where the alerts that every platform has begin."""

    cpu_percent: Annotated[int, _limits("cpu_percent")] | None = None
    """CPU in use by the operating system's users, per core, in percent. Default 80."""
    connections_percent: Annotated[int, _limits("connections_percent")] | None = None
    """Open connections, in percent of the instance size's limit. Default 80."""
    storage_percent: Annotated[int, _limits("storage_percent")] | None = None
    """Disk in use, in percent. Default 80."""
    replication_lag_seconds: Annotated[int, _limits("replication_lag_seconds")] | None = None
    """How far a secondary is behind its primary. Default 10."""
    oplog_window_hours: Annotated[int, _limits("oplog_window_hours")] | None = None
    """How far back the oplog reaches, at least. Default 24."""
    snapshot_behind_hours: Annotated[int, _limits("snapshot_behind_hours")] | None = None
    """How late a snapshot may be. Default 24."""


class Matcher(Section):
    """Restricts an alert to some hosts or replica sets."""

    field: str
    """What is compared: HOSTNAME, REPLICA_SET_NAME …; which ones there are depends on the event."""
    operator: Annotated[str, for_editors(enum=list(tables.matcher_operators()))] | None = None
    """How it is compared. Default: EQUALS."""
    value: str
    """With what."""


class CustomAlert(Section):
    """An alert of your own: on a metric of the hosts, or on an event."""

    metric: str | None = None
    """A metric of the hosts, with `above` or `below`."""
    event: str | None = None
    """An event; some have a threshold, with `above` or `below`."""
    above: float | None = None
    """Alert above this value."""
    below: float | None = None
    """Alert below this value."""
    units: str | None = None
    """Units of the value. Default: RAW, SECONDS, GIGABYTES or COUNT, as the metric has it; HOURS for an event."""
    severity: Annotated[str, for_editors(enum=list(tables.severities()))] | None = None
    """ERROR and CRITICAL are severe: they reach PagerDuty. Default: WARNING."""
    matchers: tuple[Matcher, ...] = ()
    """Restrictions, all of which must hold."""


class Alerts(Section):
    """Alerts on CPU, connections, disk, replication lag and failed backups, and in production also on a missing
    primary, a short oplog window, a host that is down and a late snapshot."""

    email: tuple[str, ...] = ()
    """Addresses that are told of every alert."""
    slack: Slack | None = None
    """A channel that is told of every alert."""
    pager_duty: PagerDuty | None = None
    """Woken by severe alerts only. `{}` is enough."""
    opsgenie: Opsgenie | None = None
    """Woken by severe alerts only."""
    datadog: Datadog | None = None
    """An organization of Datadog that is told of every alert."""
    microsoft_teams: MicrosoftTeams | None = None
    """A channel in Microsoft Teams that is told of every alert."""
    webhook: Webhook | None = None
    """An address that is sent every alert."""
    thresholds: Thresholds = Thresholds()
    """Where the alerts begin."""
    custom: Mapping[str, CustomAlert] = {}
    """Alerts of your own, by name."""
