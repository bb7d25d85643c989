"""What providers refuse of a plan, as findings: each with its property, its line, and whether the base has it too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dolmen.engine.plan import Plan
from dolmen.knowledge.provider_schema import type_schema
from dolmen.review.diff.cause import Leaves, origin
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.refusals.model import Moment, Refusal, RefusalKind
from dolmen.review.refusals.observe import RefusalReport, reported
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity

PROVIDER_REFUSES = "provider-refuses"
REFUSES_LATER = "provider-refuses-later"
PROVIDER_IGNORES = "provider-ignores"
OUTPUT_AS_TEXT = "output-as-text"
_OUTPUTS = "https://www.pulumi.com/docs/iac/concepts/inputs-outputs/"


@dataclass(frozen=True, slots=True)
class RefusedInputs:
    """What providers refuse of one stack, and of how many resources their schemas are known."""

    findings: tuple[Finding, ...] = ()
    """Each of them makes the deployment fail, or deploys something that is not meant."""
    ignored: tuple[Finding, ...] = ()
    """What the provider reads over; it stops nothing."""
    known: int = 0
    unknown: tuple[tuple[str, int], ...] = ()
    """(type, how many resources) of which nothing is known."""

    @property
    def refused(self) -> tuple[Finding, ...]:
        """What fails the preview."""
        return tuple(one for one in self.findings if one.id == PROVIDER_REFUSES)

    @property
    def later(self) -> tuple[Finding, ...]:
        """What passes the preview and fails the apply."""
        return tuple(one for one in self.findings if one.id == REFUSES_LATER)

    @property
    def resources(self) -> int:
        return self.known + sum(number for _, number in self.unknown)


def refused_inputs(
    plan: Plan | None,
    leaves: Leaves | None,
    changes: Sequence[ResourceChange] = (),
    base: Plan | None = None,
) -> RefusedInputs:
    """Findings of a plan; with a base that was asked, too, those that it has already say so."""
    report = reported(plan.findings) if plan is not None else None
    if plan is None or report is None:
        return RefusedInputs()
    before = reported(base.findings) if base is not None else None
    findings = tuple(_findings(plan, report, leaves, changes, base))
    findings = findings if before is None else _marked(findings, before)
    return RefusedInputs(
        tuple(one for one in findings if one.stops),
        tuple(one for one in findings if not one.stops),
        report.known,
        report.unknown,
    )


def _findings(
    plan: Plan, report: RefusalReport, leaves: Leaves | None, changes: Sequence[ResourceChange], base: Plan | None
) -> Iterator[Finding]:
    resources = plan.by_urn()
    changed = {change.urn: change for change in changes} if report.refused else {}
    for urn, refusal in report.refused:
        if refusal.moment is Moment.CREATION and base is not None and not _created(changed.get(urn)):
            continue
        resource = resources.get(urn)
        registered = refusal.position or (resource.source if resource else None)
        place = origin(refusal.path.rpartition(".")[2], resource, leaves, changed.get(urn))
        finding = _finding(urn, refusal)
        yield replace(finding, position=place or registered, registered=registered if place else None)


def _created(change: ResourceChange | None) -> bool:
    return change is not None and change.operation in (Operation.CREATE, Operation.REPLACE)


_TITLES = {
    PROVIDER_REFUSES: "The provider refuses this",
    REFUSES_LATER: "Fails at apply: the provider refuses this once it is known",
    PROVIDER_IGNORES: "The provider ignores this",
    OUTPUT_AS_TEXT: "The text of an output is taken before its value is known",
}


def _id(refusal: Refusal) -> str:
    if refusal.kind is RefusalKind.OUTPUT_AS_TEXT:
        return OUTPUT_AS_TEXT
    if refusal.kind is RefusalKind.IGNORED:
        return PROVIDER_IGNORES
    return REFUSES_LATER if refusal.moment is Moment.APPLY else PROVIDER_REFUSES


def _finding(urn: str, refusal: Refusal) -> Finding:
    id = _id(refusal)
    lost = id == PROVIDER_IGNORES
    return Finding(
        id=id,
        title=_TITLES[id],
        message=refusal.message,
        severity=Severity.MEDIUM if lost else Severity.HIGH,
        enforcement=Enforcement.ADVISORY if lost else Enforcement.MANDATORY,
        kind=FindingKind.PROVIDER,
        urn=urn,
        remedy=refusal.remedy,
        source=_OUTPUTS if id == OUTPUT_AS_TEXT else _source(urn),
        path=refusal.path,
        reason=refusal.kind.value,
    )


def _source(urn: str) -> str:
    schema = type_schema(urn.split("::")[2].rsplit("$", 1)[-1])
    return f"{schema.source}, {schema.date}" if schema else ""


def _marked(findings: Iterable[Finding], base: RefusalReport) -> tuple[Finding, ...]:
    known = {(_below_stack(urn), refusal.message) for urn, refusal in base.refused}
    return tuple(replace(one, in_base=(_below_stack(one.urn or ""), one.message) in known) for one in findings)


def _below_stack(urn: str) -> str:
    """The URN without its stack's name: a renamed stack has the same resources."""
    return urn.split("::", 1)[-1]
