"""Findings by stack, from either document: what SARIF and JUnit list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dolmen.engine.plan import Failure
from dolmen.engine.urns import STACK_TYPE
from dolmen.review.effects.model import EffectKind
from dolmen.review.report.baseline import Baseline, against
from dolmen.review.report.findings import Finding, FindingKind, Severity
from dolmen.review.report.model import Review, StackReview
from dolmen.review.report.plans import Plans


@dataclass(frozen=True, slots=True)
class StackFindings:
    """What was found in one stack; without a name, what belongs to none."""

    stack: str
    findings: tuple[tuple[Finding, Baseline | None], ...] = ()
    """`None`: nobody knows whether the base has it, too."""
    stack_file: str = ""
    failure: Failure | None = None


def of_plans(plans: Plans) -> list[StackFindings]:
    return [
        StackFindings(
            stack.plan.stack,
            tuple((_attributed(finding), None) for finding in stack.findings),
            stack.plan.stack_file or "",
            stack.plan.failure,
        )
        for stack in plans.stacks
    ]


def _state(finding: Finding) -> Baseline | None:
    if finding.in_base is None:
        return None
    return Baseline.UNCHANGED if finding.in_base else Baseline.NEW


def of_review(review: Review) -> list[StackFindings]:
    return list(_of_review(review))


def _attributed(finding: Finding) -> Finding:
    """What a program says, as its own words also where a message stands without its title."""
    if not finding.id.startswith("program-log-"):
        return finding
    return replace(finding, message=f"{finding.title}: {finding.message}")


def _of_effects(stack: StackReview) -> Iterator[Finding]:
    """What the change does that no check finds: protections that go, and what the stack file hides."""
    for change in stack.managed:
        for effect in change.effects:
            if effect.kind is not EffectKind.PROTECTION_REMOVED and change.type != STACK_TYPE:
                continue
            lost = effect.kind is EffectKind.PROTECTION_REMOVED
            cause = change.causes[0].position if change.causes else None
            yield Finding(
                "protection-removed" if lost else "effect-not-known",
                "A protection is removed" if lost else "What happens is not known",
                effect.why,
                Severity.HIGH,
                kind=FindingKind.CHANGE,
                urn=change.urn,
                remedy=effect.safe_path,
                source=effect.source.reference if effect.source else "",
                position=cause or change.subject.source,
            )


def _of_review(review: Review) -> Iterator[StackFindings]:
    for stack in review.stacks:
        other = tuple((_attributed(one), _state(one)) for one in stack.findings if one.kind is not FindingKind.POLICY)
        judged = (
            tuple(against(stack.base_findings, stack.broken))
            if stack.base_findings is not None
            else tuple((one, None) for one in stack.broken)
        )
        said = tuple((one, Baseline.NEW) for one in _of_effects(stack))
        yield StackFindings(stack.name, (*judged, *other, *said), stack.stack_file, stack.failure)
    if review.findings:
        yield StackFindings("", tuple((finding, None) for finding in review.findings))
