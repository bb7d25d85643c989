"""Plans of both sides → the report model. Pure arithmetic; who evaluates is `dolmen.review.sides.evaluate`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dolmen.engine.plan import Note, Plan
from dolmen.engine.surroundings import Surroundings
from dolmen.engine.urns import STACK_TYPE
from dolmen.knowledge.documentation.sdk import NO_SDKS, InstalledSdks
from dolmen.review.access.section import access_changes
from dolmen.review.cost.change import Cost
from dolmen.review.cost.deployed import as_deployed
from dolmen.review.cost.estimate import estimate
from dolmen.review.cost.price_file import shipped
from dolmen.review.cost.prices import Prices
from dolmen.review.cost.usage import Usage, usage_of
from dolmen.review.diff.cause import Leaves, with_causes
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.diff.compare import compare
from dolmen.review.diff.matching import match
from dolmen.review.diff.values import PropertyChange, comparison, differences
from dolmen.review.diff.veiled import veiled
from dolmen.review.effects.context import in_context
from dolmen.review.effects.context.rotation import as_rotation
from dolmen.review.effects.context.settings import EncryptedValue, of_stack
from dolmen.review.effects.judge import judge_with
from dolmen.review.report import acceptances as accepted
from dolmen.review.report.altered import Alteration
from dolmen.review.report.findings import Finding, FindingKind
from dolmen.review.report.logged import logged
from dolmen.review.report.model import WORK_TREE, Review, Side, StackReview, Status
from dolmen.review.report.overridden import overridden
from dolmen.review.report.plans import Plans
from dolmen.review.report.policy_findings import policy_findings
from dolmen.review.report.refused import refused_inputs
from dolmen.review.report.stack_outputs import gone
from dolmen.review.report.topology import Topology, topology
from dolmen.stackfile import Acceptance


@dataclass(frozen=True, slots=True)
class Pair:
    """One stack on both sides. `None`: it does not exist there."""

    base: Plan | None
    head: Plan | None
    base_leaves: Leaves | None = None
    """Of the stack files, to say where a change comes from."""
    head_leaves: Leaves | None = None
    program_changed: bool = True
    findings: tuple[Finding, ...] = ()
    encrypted: tuple[EncryptedValue, ...] = ()
    """Values of the stack file that differ, and that nobody here can read."""
    judged: bool = False
    """Whether the policies of the base ran, too."""
    sdks: InstalledSdks = NO_SDKS
    """Whose documentation counts where Dolmen does not know what a change does."""
    prices: Prices = field(default_factory=shipped)
    """Those that count on both sides."""
    usage: Usage | None = None
    """What counts on both sides; `None`: the base's, or a new stack's own."""


def stack_review(pair: Pair) -> StackReview:
    plan = pair.head or pair.base
    assert plan is not None, "a stack exists on one side at least"
    status = _status(pair)
    usable_base = pair.base if pair.base is not None and pair.base.failure is None else None
    usable_head = pair.head if pair.head is not None and pair.head.failure is None else None
    changes: tuple[ResourceChange, ...] = ()
    outputs: tuple[PropertyChange, ...] = ()
    if status in (Status.CHANGED, Status.ADDED, Status.RENAMED):
        changes = in_context(compare(usable_base, usable_head, judge_with(pair.sdks)), usable_base, usable_head)
        if status is Status.CHANGED and usable_base and usable_head:
            changes = as_rotation(changes, usable_base, usable_head, pair.program_changed)
        changes = _with_components(changes, usable_base, usable_head)
        if usable_base and usable_head:
            changes = (*of_stack(usable_base, usable_head, pair.encrypted), *changes)
        changes = with_causes(changes, pair.base_leaves, pair.head_leaves, pair.program_changed)
        outputs = tuple(_changed_outputs(usable_base, usable_head) if usable_base and usable_head else ())
        if status is Status.CHANGED and not changes and not outputs:
            status = Status.SAME
    judged = policy_findings(usable_head, pair.head_leaves, changes)
    refused = refused_inputs(usable_head, pair.head_leaves, changes, usable_base)
    comparable = pair.judged and usable_base is not None and usable_head is not None
    region, tier = plan.config.get("aws:region"), plan.config.get(f"{plan.project}:tier")
    return StackReview(
        plan.stack,
        status,
        changes,
        outputs,
        (
            *pair.findings,
            *refused.findings,
            *refused.ignored,
            *overridden(usable_head, pair.head_leaves, usable_base),
            *logged(pair.head, usable_base),
            *judged.findings,
        ),
        _cost(pair, status, changes),
        (*_notes(pair), *judged.notes),
        pair.head.failure if pair.head else None,
        sum(1 for resource in usable_head or () if resource.custom and not resource.type.startswith("pulumi:")),
        region if isinstance(region, str) else "",
        tier if isinstance(tier, str) else "",
        plan.stack_file or "",
        pair.base.stack if status is Status.RENAMED and pair.base else "",
        topology(usable_head) if usable_head else Topology(),
        policies=judged.policies,
        refused=refused,
        plan=usable_head if status is Status.ADDED else None,
        base_findings=_base_findings(usable_base, pair.base_leaves) if usable_base is not None and comparable else None,
        outputs_gone=gone(usable_base.outputs, usable_head.outputs) if outputs and usable_base and usable_head else (),
        outputs_new=gone(usable_head.outputs, usable_base.outputs) if outputs and usable_base and usable_head else (),
        access=access_changes(changes, usable_base, usable_head),
        project=plan.project,
        config=plan.config,
    )


def _base_findings(base: Plan | None, leaves: Leaves | None) -> tuple[Finding, ...] | None:
    """Nothing where the base's own pack could not judge: then nobody knows what is new."""
    findings = policy_findings(base, leaves).findings
    return None if any(one.kind is not FindingKind.POLICY for one in findings) else findings


def _changed_outputs(base: Plan, head: Plan) -> list[PropertyChange]:
    before, after = veiled(base.outputs, head.outputs)
    return differences(dict(before), dict(after), comparison(""))


def of_plans(plans: Plans) -> Review:
    """A review without a base: everything as it would be created."""
    stacks = [stack_review(Pair(None, one.plan, head_leaves=one.leaves, prices=plans.prices)) for one in plans.stacks]
    return review(
        stacks,
        WORK_TREE,
        None,
        findings=plans.findings,
        seconds=plans.seconds,
        evaluated=len(stacks),
        surroundings=plans.surroundings,
    )


def review(
    stacks: Sequence[StackReview],
    head: Side,
    base: Side | None,
    *,
    acceptances: Sequence[Acceptance] = (),
    today: datetime.date | None = None,
    findings: Sequence[Finding] = (),
    altered: Sequence[Alteration] = (),
    not_compared: Sequence[str] = (),
    doubtful: bool = False,
    notes: Sequence[Note] = (),
    seconds: float = 0.0,
    evaluated: int = 0,
    folder: str = "",
    surroundings: Surroundings | None = None,
) -> Review:
    today = today or datetime.datetime.now(datetime.UTC).date()
    by_name = {one.name: one.changes for one in stacks}
    stale = accepted.findings(acceptances, by_name, today)
    stacks = [replace(one, doubtful=doubtful) for one in stacks]
    marked = tuple(_with_acceptances(one, acceptances, today) for one in stacks)
    return Review(
        marked,
        head,
        base,
        (*findings, *stale),
        tuple(notes),
        seconds,
        evaluated,
        folder,
        tuple(altered),
        tuple(not_compared),
        surroundings,
    )


def _status(pair: Pair) -> Status:
    if pair.head is None:
        return Status.UNDESCRIBED
    if pair.head.failure is not None:
        return Status.FAILED
    if pair.base is None:
        return Status.ADDED
    if pair.base.failure is not None:
        return Status.UNCOMPARED
    if pair.base is pair.head:
        return Status.SAME
    return Status.RENAMED if pair.base.stack != pair.head.stack else Status.CHANGED


def _with_components(
    changes: Sequence[ResourceChange], base: Plan | None, head: Plan | None
) -> tuple[ResourceChange, ...]:
    """Say around each change which component it belongs to."""
    everything = {**(base.by_urn() if base else {}), **(head.by_urn() if head else {})}

    def component(change: ResourceChange) -> str:
        parent = everything.get(change.subject.parent or "")
        if parent is None or parent.custom or parent.type == STACK_TYPE:
            return ""
        return f"{parent.type.rsplit(':', 1)[-1]} {parent.name}"

    return tuple(replace(change, component=component(change)) for change in changes)


def _with_acceptances(one: StackReview, entries: Sequence[Acceptance], today: datetime.date) -> StackReview:
    found = tuple(
        (change.urn, entry)
        for change in one.changes
        for entry in accepted.accepting(entries, one.name, change)
        if entry.counts(today)
    )
    return replace(one, accepted=found)


def _notes(pair: Pair) -> tuple[Note, ...]:
    plan = pair.head if pair.head is not None else pair.base
    return tuple(dict.fromkeys(plan.notes)) if plan else ()


def _cost(pair: Pair, status: Status, changes: Sequence[ResourceChange]) -> Cost:
    base, head = (None if plan is None or plan.failure is not None else plan for plan in (pair.base, pair.head))
    # The same on both sides, and the base's: a change does not choose what is assumed of it.
    usage = pair.usage or (None if base is None else usage_of(base))
    after = None if head is None else estimate(as_deployed(head, changes), pair.prices, usage)
    if status is Status.SAME:  # whatever only one side's configuration says
        return Cost(after, after)
    before = None if base is None else estimate(base, pair.prices, usage)
    renamed = {new: old.urn for new, old in match(base, head).old_of.items()}
    renamed |= {change.urn: change.renamed_from for change in changes if change.renamed_from}
    comparable = status not in (Status.FAILED, Status.UNCOMPARED)
    return Cost(before, after, status is Status.UNDESCRIBED, comparable, renamed)
