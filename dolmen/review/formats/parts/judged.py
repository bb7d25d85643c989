"""Findings by stack, from either document: what SARIF and JUnit list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dolmen.engine.plan import Failure
from dolmen.engine.urns import STACK_TYPE
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.formats.parts.clean import one_line, short
from dolmen.review.report.access_words import access_findings
from dolmen.review.report.altered import SHOWN_OF_A_REASON, TITLE
from dolmen.review.report.baseline import Baseline, states
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
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
    shared = [StackFindings("", tuple((finding, None) for finding in plans.findings))] if plans.findings else []
    return shared + [
        StackFindings(
            stack.plan.stack,
            tuple((_attributed(finding), None) for finding in stack.findings),
            stack.plan.stack_file or "",
            stack.plan.failure,
        )
        for stack in plans.stacks
    ]


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
            if effect.replaces and effect.documented:
                yield _documented(change, effect)
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


def _documented(change: ResourceChange, effect: Effect) -> Finding:
    """Tells a replacement that only the SDK's documentation announces."""
    return Finding(
        "replacement-documented",
        "The SDK's documentation says that the resource is replaced",
        f"{effect.why} ({effect.source.reference if effect.source else ''})",
        Severity.MEDIUM,
        kind=FindingKind.CHANGE,
        urn=change.urn,
        position=change.causes[0].position if change.causes else change.subject.source,
    )


def _of_review(review: Review) -> Iterator[StackFindings]:
    for stack in review.stacks:
        found = ((_attributed(one), state) for one, state in states(stack))
        said = tuple((one, Baseline.NEW) for one in (*_of_effects(stack), *access_findings(stack.access)))
        yield StackFindings(stack.name, (*found, *said), stack.stack_file, stack.failure)
    of_none = [*_of_trust(review), *review.findings]
    if of_none:
        yield StackFindings("", tuple((finding, None) for finding in of_none))


def _of_trust(review: Review) -> Iterator[Finding]:
    """What was not compared, and what the change does to that by which it is judged."""
    for sentence in review.not_compared:
        yield Finding(
            "not-compared",
            "Something was not compared, or cannot be relied on",
            one_line(sentence),
            Severity.HIGH,
            Enforcement.MANDATORY,
            FindingKind.BASE,
        )
    for one in review.altered:
        quote = f" Its author writes: “{short(one.quote, SHOWN_OF_A_REASON)}”" if one.quote else ""
        yield Finding(
            "alters-judgement", TITLE, one_line(f"{one.text}{quote}"), kind=FindingKind.ALTERED, position=one.position
        )
