"""Which findings a change brings, keeps and removes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from dolmen.review.report.findings import Finding, FindingKind
from dolmen.review.report.model import StackReview


class Baseline(StrEnum):
    """The state of a finding relative to the base, in SARIF's words.

    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (3.27.24, `baselineState`)
    """

    NEW = "new"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    """Of the same resource and policy, with another message."""
    ABSENT = "absent"
    """Only the base has it."""


def against(base: Iterable[Finding], head: Iterable[Finding]) -> Iterator[tuple[Finding, Baseline]]:
    """The head's findings in their order, then the base's that are gone.

    What is accepted now and was not before, or the other way round, or binds less, is no longer the same.
    """
    left = list(base)
    found: list[tuple[Finding, Baseline | None]] = []
    for finding in head:
        same = next((one for one in left if _said(one) == _said(finding)), None)
        if same is not None:
            left.remove(same)
        found.append((finding, Baseline.UNCHANGED if same is not None else None))
    for finding, state in found:
        akin = None if state else next((one for one in left if _key(one) == _key(finding)), None)
        if akin is not None:
            left.remove(akin)
        yield finding, state or (Baseline.NEW if akin is None else Baseline.UPDATED)
    yield from ((finding, Baseline.ABSENT) for finding in left)


def states(stack: StackReview) -> list[tuple[Finding, Baseline | None]]:
    """Everything that was found in a stack, with `None` where nobody knows whether the base has it, too."""
    other = [(one, _marked(one)) for one in stack.findings if one.kind is not FindingKind.POLICY]
    if stack.base_findings is None:
        return [*((one, None) for one in stack.broken), *other]
    return [*against(stack.base_findings, stack.broken), *other]


def _marked(finding: Finding) -> Baseline | None:
    if finding.in_base is None:
        return None
    return Baseline.UNCHANGED if finding.in_base else Baseline.NEW


def _said(finding: Finding) -> tuple[object, ...]:
    return (*_key(finding), finding.message, finding.enforcement, finding.acceptance)


def _key(finding: Finding) -> tuple[str, str]:
    """Without the stack's name, which a URN begins with: a renamed stack keeps its findings."""
    return finding.id, (finding.urn or "").partition("::")[2]
