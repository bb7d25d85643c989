"""What Atlas refuses of alerts, and alerts that nobody would hear."""

import re
from collections.abc import Iterator

from ..arguments import Place, Problem, closest, known, one_of, plain, plain_list
from . import tables
from .alert_arguments import AtlasAlert, AtlasAlertMatcher, AtlasAlertsArgs
from .alert_receivers import pages, reads_all, receiver_problems

SEVERE = ("ERROR", "CRITICAL")
LONGEST_NAME = 40
_NAMES = "The names stand in components/atlas/data/alerts.json, such as NORMALIZED_SYSTEM_CPU_USER."


def problems(args: AtlasAlertsArgs) -> Iterator[Problem]:
    """What Atlas would refuse of alerts and receivers, and alerts without a receiver."""
    yield from receiver_problems(args)
    alerts = plain("alerts", known(args.get("alerts")))
    if not reads_all(args):
        paged = pages(args)
        if not paged or any(known(alert.get("severity")) not in SEVERE for alert in alerts.values()):
            yield Problem(
                (),
                "Alerts need somebody who reads all of them: PagerDuty and Opsgenie take severe ones only."
                if paged
                else "Alerts need a receiver.",
                "Write email: [ops@company.com], or name a channel of Slack.",
            )
    for name, alert in alerts.items():
        yield from _alert_problems(("alerts", name), name, alert)


def default_units(alert: AtlasAlert) -> str:
    """The units of a threshold that names none."""
    watched = _watched(alert)
    return "RAW" if watched is None else watched.default_unit


def _alert_problems(place: Place, name: str, alert: AtlasAlert) -> Iterator[Problem]:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > LONGEST_NAME:
        yield Problem(
            place,
            "An alert's name has lower-case letters, digits and single hyphens, and at most 40 characters.",
            "Write a name such as page-faults.",
        )
    yield from one_of((*place, "severity"), known(alert.get("severity")), tables.severities())
    subjects = [known(alert.get(key)) for key in ("metric", "event") if alert.get(key) is not None]
    if None in subjects:
        return
    if len(subjects) != 1:
        yield Problem(
            place, "An alert watches a metric or an event: exactly one.", "Write metric: … with above: …, or event: …."
        )
        return
    subject, watched = str(subjects[0]), _watched(alert)
    if watched is None:
        metric = alert.get("metric") is not None
        near = closest(subject, tables.alert_metrics() if metric else tables.alert_events())
        yield Problem(
            (*place, "metric" if metric else "event"),
            "Atlas has no such metric of a host." if metric else "Atlas has no such event for a cluster's project.",
            f"Did you mean {near}?" if near else _NAMES,
        )
        return
    yield from _threshold_problems(place, alert, watched)
    for index, matcher in enumerate(plain_list("matchers", known(alert.get("matchers")))):
        yield from _matcher_problems((*place, "matchers", index), matcher, watched)


def _watched(alert: AtlasAlert) -> tables.AlertSubject | None:
    metric, event = known(alert.get("metric")) or "", known(alert.get("event")) or ""
    return tables.alert_metrics().get(metric) or tables.alert_events().get(event)


def _threshold_problems(place: Place, alert: AtlasAlert, watched: tables.AlertSubject) -> Iterator[Problem]:
    above, below = alert.get("above") is not None, alert.get("below") is not None
    units = known(alert.get("units"))
    needed, operator = watched.threshold, watched.operator
    if above and below:
        yield Problem((*place, "below"), "An alert has one threshold: above or below.", "Remove one of the two.")
    if needed and not (above or below):
        yield Problem(place, f"{watched.name} needs a threshold.", "Write above: <number> or below: <number>.")
    if not needed and (above or below or units is not None):
        yield Problem(place, f"{watched.name} has no threshold: it happens or not.", "Remove above, below and units.")
    if operator == "GREATER_THAN" and below:
        yield Problem((*place, "below"), f"Atlas compares {watched.name} upwards only.", "Write above.")
    if operator == "LESS_THAN" and above:
        yield Problem((*place, "above"), f"Atlas compares {watched.name} downwards only.", "Write below.")
    if needed and units is not None and units not in watched.units:
        yield Problem(
            (*place, "units"),
            f"{watched.name} is measured in {', '.join(watched.units)}.",
            f"Write {watched.units[0]}, or remove units.",
        )


def _matcher_problems(place: Place, matcher: AtlasAlertMatcher, watched: tables.AlertSubject) -> Iterator[Problem]:
    yield from one_of((*place, "operator"), known(matcher.get("operator")), tables.matcher_operators())
    if known(matcher.get("value")) == "":
        yield Problem(
            (*place, "value"), "At least 1 characters are needed here.", "Write what the field is compared with."
        )
    field, fields = known(matcher.get("field")), watched.matcher_fields
    if field is not None and field not in fields:
        yield Problem(
            (*place, "field"),
            f"An alert on {watched.name} cannot be restricted by this field"
            + (f"; it knows {', '.join(fields)}." if fields else ": it has no matchers."),
            f"Write one of {', '.join(fields)}." if fields else "Remove the matchers.",
        )
