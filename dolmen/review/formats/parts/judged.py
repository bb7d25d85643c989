"""Findings by stack, from either document: what SARIF and JUnit list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dolmen.engine.plan import Failure
from dolmen.review.formats.parts.clean import one_line, short
from dolmen.review.report.altered import LONGEST_REASON, TITLE
from dolmen.review.report.baseline import Baseline, states
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.review.report.model import Review
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
            tuple((finding, None) for finding in stack.findings),
            stack.plan.stack_file or "",
            stack.plan.failure,
        )
        for stack in plans.stacks
    ]


def of_review(review: Review) -> list[StackFindings]:
    return list(_of_review(review))


def _of_review(review: Review) -> Iterator[StackFindings]:
    for stack in review.stacks:
        yield StackFindings(stack.name, tuple(states(stack)), stack.stack_file, stack.failure)
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
        quote = f" Its author writes: “{short(one.quote, LONGEST_REASON)}”" if one.quote else ""
        yield Finding(
            "alters-judgement", TITLE, one_line(f"{one.text}{quote}"), kind=FindingKind.ALTERED, position=one.position
        )
