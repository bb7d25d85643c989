"""`--fail-on`: what a review stops for."""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.review.diff.changes import ResourceChange
from dolmen.review.effects.harm import Harm, harms
from dolmen.review.report.model import Environment, Review, Status

_WORDS = {
    Harm.DATA_LOSS: "data is lost or at stake",
    Harm.DOWNTIME: "clients cannot work for longer than a failover takes",
    Harm.REPLACEMENT: "it is replaced",
    Harm.UNKNOWN: "what happens is not known",
    Harm.FAILURE: "it cannot be applied as it is meant",
}


def reasons(report: Review, asked: set[Harm], *, policy: bool) -> Iterator[str]:
    """One sentence for everything that closes the gate."""
    closing = {*asked, Harm.FAILURE}
    for environment in report.environments:
        if environment.status is Status.FAILED:
            yield f"{environment.name}: the program cannot be evaluated."
        if environment.status is Status.UNCOMPARED and Harm.UNKNOWN in asked:
            yield f"{environment.name}: the base cannot be evaluated, so nothing is compared."
        for change in environment.managed:
            for harm in sorted(_open(environment, change) & closing):
                yield f"{environment.name}: {change.short_type} {change.name}: {_WORDS[harm]} ({harm.value})."
        if policy:
            for finding in environment.broken:
                if finding.stops:
                    yield f"{environment.name}: {finding.title} (policy {finding.id})."


def _open(environment: Environment, change: ResourceChange) -> frozenset[Harm]:
    accepted = {entry.what for urn, entry in environment.accepted if urn == change.urn}
    return harms(change.effects) - accepted
