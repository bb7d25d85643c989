"""`--fail-on`: what a plan or a review stops for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dolmen.review.diff.changes import ResourceChange
    from dolmen.review.effects.harm import Harm
    from dolmen.review.report.findings import Finding
    from dolmen.review.report.model import Review, StackReview
    from dolmen.review.report.plans import Plans


class FailOn(StrEnum):
    """Every value also stops for what cannot be applied as it is meant: it is refused, fails, or writes to the wrong object."""

    DATA_LOSS = "data-loss"
    DOWNTIME = "downtime"
    REPLACEMENT = "replacement"
    POLICY = "policy"
    UNKNOWN = "unknown"
    PROTECTION = "protection"
    COST_UNKNOWN = "cost-unknown"

    @property
    def judges_a_change(self) -> bool:
        return self is not FailOn.POLICY


@dataclass(frozen=True, slots=True, order=True)
class CostLimit:
    """How much more a change may cost a month, at worst: all its stacks together, and the upper end of every range."""

    most: float
    percent: bool
    """Whether `most` is percent of what was before, else USD."""

    judges_a_change = True

    def __str__(self) -> str:
        return f"cost>{self.most:g}{'%' if self.percent else ''}"


Asked = FailOn | CostLimit
"""What a plan or a review is asked to stop for."""


def read_asked(text: str) -> Asked:
    """What `--fail-on` was given. Raises `ValueError`, which says what there is."""
    if limit := re.fullmatch(r"cost>(\d{1,9}(?:\.\d{1,2})?)(%?)", text.replace(" ", "")):
        return CostLimit(float(limit[1]), bool(limit[2]))
    try:
        return FailOn(text)
    except ValueError:
        known = ", ".join(FailOn)
        raise ValueError(f"{text!r} is none of {known}, cost>200 (USD a month) and cost>20%.") from None


_WORDS = {
    "data-loss": "data is lost or at stake",
    "downtime": "clients cannot work for longer than a failover takes",
    "replacement": "it is replaced",
    "unknown": "what happens is not known",
    "protection": "protection is removed",
    "failure": "it cannot be applied as it is meant",
}


def reasons(review: Review, asked: Collection[Asked]) -> list[str]:
    """One sentence for everything that stops the review; none where it passes, or where nothing is asked."""
    return list(_reasons(review, asked)) if asked else []


def refused(document: Plans | Review) -> list[str]:
    """One sentence for each input that providers refuse, and for stacks that claim the same: such a stack cannot be
    deployed, whatever was asked."""
    from dolmen.review.across.findings import CLAIMED_TWICE
    from dolmen.review.report.model import Review

    if isinstance(document, Review):
        stacks = [(one.name, one.refused) for one in document.stacks]
    else:
        stacks = [(one.plan.stack, one.refused) for one in document.stacks]
    claimed = [f"{one.title}: {one.message}" for one in document.findings if one.id == CLAIMED_TWICE]
    return [*(reason for stack, found in stacks for reason in _of_refused(stack, found.findings)), *claimed]


def broken(document: Plans | Review) -> list[str]:
    """One sentence for each mandatory policy that is broken and not accepted: the deployment's own pack stops for it.

    In a review only for what the change brings: what the base breaks too is not this change's doing, and stops it where
    `--fail-on policy` asks for that.
    """
    from dolmen.review.report.baseline import Baseline, states
    from dolmen.review.report.findings import FindingKind
    from dolmen.review.report.model import Review

    if not isinstance(document, Review):
        found = [(one.plan.stack, one.policy.findings) for one in document.stacks]
    else:
        standing = (Baseline.UNCHANGED, Baseline.ABSENT)
        found = [(one.name, [each for each, state in states(one) if state not in standing]) for one in document.stacks]
    policies = [(stack, [one for one in some if one.kind is FindingKind.POLICY]) for stack, some in found]
    return [reason for stack, some in policies for reason in _of_policies(stack, some)]


def of_plans(plans: Plans, asked: Collection[Asked]) -> list[str]:
    """The same for plans, which only policies and refused inputs can stop."""
    if FailOn.POLICY not in asked:
        return []
    return [
        reason
        for one in plans.stacks
        for reason in (
            *_of_refused(one.plan.stack, one.refused.findings),
            *_of_policies(one.plan.stack, one.policy.findings),
        )
    ]


def _of_policies(stack: str, findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        if finding.stops:
            yield f"{stack}: {finding.title} (policy {finding.id})."


def _of_refused(stack: str, findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        name = (finding.urn or "").rpartition("::")[2]
        yield f"{stack}: {name}: {finding.title[0].lower()}{finding.title[1:]}: {finding.message}"


def _reasons(review: Review, asked: Collection[Asked]) -> Iterator[str]:
    from dolmen.review.effects.harm import Harm
    from dolmen.review.policies.model import PACK_FAILED
    from dolmen.review.report.altered import AlterationKind
    from dolmen.review.report.model import Status

    yield from review.not_compared
    if FailOn.PROTECTION in asked and any(one.kind is AlterationKind.POLICY for one in review.altered):
        yield "The change alters the policy pack: whether it guards as much as before is not known (protection)."
    stopping = {Harm.FAILURE, *(Harm(one) for one in asked if one in set(Harm))}
    for stack in review.stacks:
        if stack.status is Status.FAILED:
            yield f"{stack.name}: the program cannot be evaluated."
        if stack.status is Status.UNCOMPARED and not review.not_compared:
            yield f"{stack.name}: the base cannot be evaluated, so nothing is compared."
        if stack.status is Status.UNDESCRIBED and FailOn.UNKNOWN in asked:
            yield f"{stack.name}: its stack file goes, and it stays deployed: what becomes of it is not known."
        if stack.status is Status.RENAMED and FailOn.UNKNOWN in asked:
            yield f"{stack.name}: whether the stack itself is renamed, from {stack.renamed_from}, is not known."
        yield from _of_refused(stack.name, stack.refused.findings)
        for change in stack.managed:
            for harm in sorted(_not_accepted(stack, change) & stopping):
                lost = [one.protection for one in change.effects if one.protection] if harm is Harm.PROTECTION else []
                told = f"{_WORDS[harm]}: {', '.join(lost)}" if lost else _WORDS[harm]
                if harm is Harm.REPLACEMENT and all(one.documented for one in change.effects if one.replaces):
                    told += ", the SDK's documentation says so"
                yield f"{stack.name}: {change.short_type} {change.name}: {told} ({harm.value})."
        if FailOn.POLICY in asked:
            unjudged = (one for one in stack.findings if one.id == PACK_FAILED and one not in stack.broken)
            yield from _of_policies(stack.name, (*stack.broken, *unjudged))
    yield from _of_costs(review, asked)


def _of_costs(review: Review, asked: Collection[Asked]) -> Iterator[str]:
    """A limit is not kept where nobody knows what a change costs."""
    from dolmen.review.cost.change import total
    from dolmen.review.report.cost_words import signed

    limits = sorted(one for one in asked if isinstance(one, CostLimit))
    if not limits and FailOn.COST_UNKNOWN not in asked:
        return
    names = ", ".join(map(str, limits)) or "cost-unknown"
    for stack in review.stacks:
        for one in stack.cost.unknown:
            yield f"{stack.name}: {one.line.resource}: {one.line.item}: what it costs is not known ({names})."
        if not stack.cost.comparable:
            yield f"{stack.name}: what the change costs is not known ({names})."
    if (more := total(one.cost for one in review.stacks)) is None:
        return
    before = sum(one.cost.before.total.low for one in review.stacks if one.cost.before is not None)
    for limit in limits:
        most = before * limit.most / 100 if limit.percent else limit.most
        if more.high > most:
            of = f"{limit.most:g} % of {before:,.0f}" if limit.percent else f"{limit.most:,g}"
            yield f"The change costs {signed(more)} USD a month, at worst more than {of} ({limit})."


def _not_accepted(stack: StackReview, change: ResourceChange) -> frozenset[Harm]:
    """An unexpired acceptance counts for its resource and effect alone."""
    from dolmen.review.effects.harm import harms

    accepted = {entry.what for urn, entry in stack.accepted if urn == change.urn}
    return harms(change.effects) - accepted
