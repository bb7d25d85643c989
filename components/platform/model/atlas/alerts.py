"""Who is told what, and when."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from dolmen.stackfile import Problem

from ....atlas import catalogue
from ..base import Section, broken


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        raise broken("This is not an e-mail address.", "Write such as ops@company.com.")
    return value


def _channel(value: str) -> str:
    if not re.fullmatch(r"#?[^\s#A-Z,.]{1,80}", value):
        raise broken(
            "A Slack channel's name has up to 80 lower-case letters, digits, hyphens and underscores.",
            'Quote it, since # begins a comment: "#alerts".',
        )
    return value


def _alert_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", value) or len(value) > 40:
        raise broken(
            "An alert's name has lower-case letters, digits and single hyphens, and at most 40 characters.",
            "Write a name such as page-faults.",
        )
    return value


def _event(value: str) -> str:
    events = catalogue.alert_events()
    if value not in events:
        near = difflib.get_close_matches(value.upper(), events, n=1)
        raise broken(
            "Atlas has no such event for a cluster's project.", f"Did you mean {near[0]}?" if near else _CATALOGUE
        )
    return value


def _metric(value: str) -> str:
    metrics = catalogue.alert_metrics()
    if value not in metrics:
        near = difflib.get_close_matches(value.upper(), metrics, n=1)
        raise broken("Atlas has no such metric of a host.", f"Did you mean {near[0]}?" if near else _CATALOGUE)
    return value


_CATALOGUE = "The names stand in components/atlas/data/alerts.json, such as NORMALIZED_SYSTEM_CPU_USER."
AlertName = Annotated[str, AfterValidator(_alert_name)]


class Slack(Section):
    """A channel in Slack; the token is the secret key `dolmen:slackToken`."""

    channel: Annotated[str, AfterValidator(_channel)]
    """The channel's name, in quotes: "#alerts"."""


class PagerDuty(Section):
    """A service in PagerDuty, for severe alerts only; its key is the secret key `dolmen:pagerDutyServiceKey`."""


class Thresholds(Section):
    """Where the alerts that every platform has begin."""

    cpu_percent: Annotated[int, Field(ge=1, le=99)] = 80
    """CPU in use by the operating system's users, per core, in percent."""
    connections_percent: Annotated[int, Field(ge=1, le=99)] = 80
    """Open connections, in percent of the instance size's limit."""
    storage_percent: Annotated[int, Field(ge=1, le=99)] = 80
    """Disk in use, in percent."""
    replication_lag_seconds: Annotated[int, Field(ge=1, le=86_400)] = 10
    """How far a secondary is behind its primary."""
    oplog_window_hours: Annotated[int, Field(ge=1, le=720)] = 24
    """How far back the oplog reaches, at least."""
    snapshot_behind_hours: Annotated[int, Field(ge=1, le=720)] = 24
    """How late a snapshot may be."""


class Matcher(Section):
    """Restricts an alert to some hosts or replica sets."""

    field: str
    """What is compared: HOSTNAME, REPLICA_SET_NAME …; which ones there are depends on the event."""
    operator: Literal["EQUALS", "CONTAINS", "STARTS_WITH", "ENDS_WITH", "NOT_EQUALS", "NOT_CONTAINS", "REGEX"] = (
        "EQUALS"
    )
    """How it is compared."""
    value: Annotated[str, Field(min_length=1)]
    """With what."""


class CustomAlert(Section):
    """An alert of your own: on a metric of the hosts, or on an event."""

    metric: Annotated[str, AfterValidator(_metric)] | None = None
    """A metric of the hosts, with `above` or `below`."""
    event: Annotated[str, AfterValidator(_event)] | None = None
    """An event; some have a threshold, with `above` or `below`."""
    above: float | None = None
    """Alert above this value."""
    below: float | None = None
    """Alert below this value."""
    units: str | None = None
    """Units of the value. Default: RAW, SECONDS, GIGABYTES or COUNT, as the metric has it; HOURS for an event."""
    severity: Literal["INFO", "WARNING", "ERROR", "CRITICAL"] = "WARNING"
    """ERROR and CRITICAL are severe: they reach PagerDuty."""
    matchers: tuple[Matcher, ...] = ()
    """Restrictions, all of which must hold."""

    @property
    def resolved_units(self) -> str | None:
        if self.units is not None:
            return self.units
        if self.metric is not None:
            return catalogue.alert_metrics()[self.metric].default_unit
        units = catalogue.alert_events()[self.event].units if self.event else ()
        return "HOURS" if "HOURS" in units else (units[0] if units else None)

    def problems(self) -> Iterator[Problem]:
        if (self.metric is None) == (self.event is None):
            yield Problem(
                (), "An alert watches a metric or an event: exactly one.", "Write metric: … with above: …, or event: …."
            )
            return
        if self.above is not None and self.below is not None:
            yield Problem(("below",), "An alert has one threshold: above or below.", "Remove one of the two.")
        yield from self._threshold_problems()
        yield from self._matcher_problems()

    def _threshold_problems(self) -> Iterator[Problem]:
        threshold = self.above is not None or self.below is not None
        if self.metric is not None:
            known, needed, operator = catalogue.alert_metrics()[self.metric].units, True, None
        else:
            event = catalogue.alert_events()[self.event or ""]
            known, needed, operator = event.units, event.operator is not None, event.operator
        subject = self.metric or self.event
        if needed and not threshold:
            yield Problem((), f"{subject} needs a threshold.", "Write above: <number> or below: <number>.")
        if not needed and (threshold or self.units):
            yield Problem((), f"{subject} has no threshold: it happens or not.", "Remove above, below and units.")
        if operator == "GREATER_THAN" and self.below is not None:
            yield Problem(("below",), f"Atlas compares {subject} upwards only.", "Write above.")
        if operator == "LESS_THAN" and self.above is not None:
            yield Problem(("above",), f"Atlas compares {subject} downwards only.", "Write below.")
        if needed and self.units is not None and self.units not in known:
            yield Problem(
                ("units",), f"{subject} is measured in {', '.join(known)}.", f"Write {known[0]}, or remove units."
            )

    def _matcher_problems(self) -> Iterator[Problem]:
        if self.metric is not None:
            fields = catalogue.alert_metrics()[self.metric].matcher_fields
        else:
            fields = catalogue.alert_events()[self.event or ""].matcher_fields
        for index, matcher in enumerate(self.matchers):
            if matcher.field not in fields:
                yield Problem(
                    ("matchers", index, "field"),
                    f"An alert on {self.metric or self.event} cannot be restricted by this field"
                    + (f"; it knows {', '.join(fields)}." if fields else ": it has no matchers."),
                    f"Write one of {', '.join(fields)}." if fields else "Remove the matchers.",
                )


class Alerts(Section):
    """Alerts on CPU, connections, disk, replication lag and failed backups, and in production also on a missing
    primary, a short oplog window, a host that is down and a late snapshot."""

    email: tuple[Annotated[str, AfterValidator(_email)], ...] = ()
    """Addresses that are told of every alert."""
    slack: Slack | None = None
    """A channel that is told of every alert."""
    pager_duty: PagerDuty | None = None
    """Woken by severe alerts only. `{}` is enough."""
    thresholds: Thresholds = Thresholds()
    """Where the alerts begin."""
    custom: Mapping[AlertName, CustomAlert] = {}
    """Alerts of your own, by name."""

    def problems(self) -> Iterator[Problem]:
        if not self.email and self.slack is None:
            yield Problem(
                (),
                "Alerts need somebody who reads all of them: PagerDuty takes severe ones only."
                if self.pager_duty is not None
                else "Alerts need a receiver.",
                "Write email: [ops@company.com] or slack: {channel: …}.",
            )
        for index, address in enumerate(self.email):
            if address.lower() in (other.lower() for other in self.email[:index]):
                yield Problem(("email", index), "This address stands in the list twice.", "Remove one of the two.")
