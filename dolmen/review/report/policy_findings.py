"""What a project's policy pack says of a plan, each finding with the line that a reader has to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dolmen.engine.plan import Note, Plan, Resource
from dolmen.review.diff.cause import Leaves, origin
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.policies import reports
from dolmen.review.report.findings import Finding

NOT_JUDGED = "not-judged"
"""The kind of a note that every plan has: its subject alone says enough."""


@dataclass(frozen=True, slots=True)
class PolicyFindings:
    """What a project's policy pack says of one stack."""

    findings: tuple[Finding, ...] = ()
    policies: int = 0
    """How many policies ran."""
    notes: tuple[Note, ...] = ()
    """What could not be judged."""


def policy_findings(plan: Plan | None, leaves: Leaves | None, changes: Sequence[ResourceChange] = ()) -> PolicyFindings:
    """Findings of a plan with their places: the line of the stack file where one of the `leaves` is meant."""
    if plan is None or not plan.findings:
        return PolicyFindings()
    report = reports(plan.findings)
    resources, changed = plan.by_urn(), {change.urn: change for change in changes}
    number = len(report.not_judged)
    checks = f"{number} policy check{'' if number == 1 else 's'}"
    return PolicyFindings(
        tuple(
            _placed(finding, resources.get(finding.urn or ""), leaves, changed.get(finding.urn or ""))
            for finding in report.findings
        ),
        report.policies,
        (Note(NOT_JUDGED, checks, "of values that are known after apply"),) if number else (),
    )


def _placed(
    finding: Finding, resource: Resource | None, leaves: Leaves | None, change: ResourceChange | None
) -> Finding:
    registered = finding.position or (resource.source if resource else None)
    place = origin(finding.message, resource, leaves, change)
    return replace(finding, position=place or registered, registered=registered if place else None)
