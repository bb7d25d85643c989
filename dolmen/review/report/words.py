"""The words of a report, the same in every format. Plain text: whoever prints it escapes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dolmen.engine.plan import Asset
from dolmen.knowledge.effects import Data, endless
from dolmen.knowledge.loader import type_knowledge
from dolmen.review.binding.model import Bound
from dolmen.review.diff.changes import MOVED, Operation, ResourceChange
from dolmen.review.diff.values import MISSING, Difference, PropertyChange, shown
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import FAILURES, LONGEST_FAILOVER, UNPLANNED, Effect, EffectKind
from dolmen.review.listing import MOST_NAMES as MOST_NAMES
from dolmen.review.listing import listed as listed
from dolmen.review.report import access_words
from dolmen.review.report.findings import Finding, FindingKind
from dolmen.review.report.model import Review, Side, StackReview, Status, by_weight
from dolmen.review.report.refused import REFUSES_LATER, RefusedInputs

DIFFERENCE_WORDS = {Difference.ORDER: "another order", Difference.MAY_CHANGE: "known after apply"}
_VERDICT_NAMES = 3


def verdict(review: Review) -> str:
    """The first line: what a reviewer must know before anything else."""
    parts = [*_not_compared(review), *_effects(review), *_costs(review)]
    return "; ".join([*parts, "the change alters what judges it"] if review.altered else parts)


def _not_compared(review: Review) -> Iterator[str]:
    if review.not_compared:
        yield review.not_compared[0].rstrip(".")
    if (more := len(review.not_compared) - 1) > 0:
        yield f"{more} more reason{_s(more)} not to rely on the comparison"


def _costs(review: Review) -> Iterator[str]:
    unknown = [one.name for one in review.stacks if one.cost.unknown]
    if review.base is not None and unknown:
        yield f"{listed(unknown, _VERDICT_NAMES)}: what it costs is not known"


def _effects(review: Review) -> Iterator[str]:
    found = list(_headlines(review))
    if found:
        more = len(found) - 2
        yield "; ".join(found[:2]) + (f"; and {more} more stack{_s(more)}" if more > 0 else "")
        return
    if review.base is None:
        resources = sum(stack.resources for stack in review.stacks)
        yield f"{resources} resources in {_stacks(len(review.stacks))}"
        return
    compared = [one for one in review.stacks if one.status is not Status.UNCOMPARED]
    changed = [one for one in compared if one.status is not Status.SAME]
    if changed:
        yield f"{listed([one.name for one in changed], _VERDICT_NAMES)}: {_mildest(changed)}"
    elif not review.not_compared:
        yield f"nothing changes in {_stacks(len(compared))}"


def _headlines(review: Review) -> Iterator[str]:
    """The worst of every stack in which something can go wrong, production first among equals.

    The stack with the worst effect of all is among the first two, also where others cannot be evaluated at all.
    """
    told = [(stack, said) for stack in by_weight(review.stacks) if (said := list(_said(stack, review)))]
    worst = max(told, key=lambda one: one[0].harshest[1].rank if one[0].harshest else (), default=None)
    if worst is not None and worst not in told[:2]:
        told.remove(worst)
        told.insert(1, worst)
    yield from (finding.title for finding in review.findings if finding.stops)
    for stack, said in told:
        yield f"{stack.name}: {'; '.join(said)}"


def _said(stack: StackReview, review: Review) -> Iterator[str]:
    """What a reviewer must know of a stack: the worst effect, and each kind of harm that it does not say by itself."""
    if stack.status is Status.FAILED:
        yield "the program cannot be evaluated"
        return
    if stack.status is Status.UNCOMPARED:
        if not review.not_compared:
            yield "the base cannot be evaluated, so nothing is compared"
        return
    if stack.status is Status.UNDESCRIBED:
        yield "its stack file goes, the stack stays deployed"
        return
    if stack.status is Status.RENAMED:
        yield f"its file was {stack.renamed_from}'s, which stays deployed unless it is renamed by hand"
    if stack.refused.findings:
        yield refused_text(stack.refused)
    worst = stack.worst
    if worst and harms([worst[1]]):
        yield headline(*worst)
    if worst and (harsher := _harsher(stack)):
        yield headline(*harsher)
    lost = protections_lost(stack)
    if lost and worst and worst[1] not in [effect for _, effect in lost]:
        yield _protections(lost)
    elif len(lost) > 1:
        yield f"{len(lost) - 1} more protection{_s(len(lost) - 1)} removed"
    yield from access_words.opened(stack.access)
    if number := len({finding.id for finding in stack.broken if finding.stops}):
        yield f"{number} mandatory polic{'y is' if number == 1 else 'ies are'} broken"


def _harsher(stack: StackReview) -> tuple[ResourceChange, Effect] | None:
    """What is worse by itself than what happens to the resource that weighs most, if anything is."""
    worst, harshest = stack.worst, stack.harshest
    found = worst and harshest and harshest[1].rank > worst[1].rank and harms([harshest[1]])
    return harshest if found else None


def protections_lost(stack: StackReview) -> list[tuple[ResourceChange, Effect]]:
    """Everything that protects no longer, with what it protected; the worst first."""
    changes = sorted(stack.managed, key=lambda change: change.rank, reverse=True)
    return [(one, effect) for one in changes for effect in one.effects if effect.kind is EffectKind.PROTECTION_REMOVED]


def _protections(lost: Sequence[tuple[ResourceChange, Effect]]) -> str:
    names = list(dict.fromkeys(effect.protection for _, effect in lost))
    return f"protection removed: {listed(names, _VERDICT_NAMES)}"


def refused_text(refused: RefusedInputs) -> str:
    """`the preview fails, providers refuse 2 inputs (1 in the base already)`."""
    number, later = len(refused.refused), len(refused.later)
    before = sum(1 for one in refused.findings if one.in_base)
    known = f" ({before} in the base already)" if before else ""
    if number:
        more = f" and {later} more at apply" if later else ""
        return f"the preview fails, providers refuse {number} input{_s(number)}{more}{known}"
    if later:
        when = "once it is known" if later == 1 else "once they are known"
        return f"the apply fails, providers refuse {later} input{_s(later)} {when}{known}"
    return f"the text of an output whose value is not known would be deployed{known}"


def checked_text(refused: RefusedInputs, most: int = MOST_NAMES) -> str:
    """Of how many resources the providers' schemas are known, and of which types they are not."""
    if not refused.unknown:
        return f"all {refused.known} resources, by provider schemas"
    names = [f"{token.rsplit(':', 1)[-1]} × {n}" if n > 1 else token.rsplit(":", 1)[-1] for token, n in refused.unknown]
    return f"{refused.known} of {refused.resources} resources, by provider schemas; no schema for {listed(names, most)}"


def _mildest(changed: Sequence[StackReview]) -> str:
    worst = max((one.harshest[1] for one in changed if one.harshest), key=lambda effect: effect.rank, default=None)
    if worst is None:
        return "only Pulumi's own options and outputs change"
    if worst.kind is EffectKind.ROTATION:
        return "a routine rotation, nobody is affected"
    if worst.kind is EffectKind.CREATED:
        return "resources are created, nothing that exists is touched"
    if worst.kind in UNPLANNED:
        return worst.kind.value
    return f"{worst.kind.value}, {outage(worst)}"


def headline(change: ResourceChange, effect: Effect) -> str:
    """`the cache is replaced, its data is lost`."""
    subject = called(change)
    if effect.headline:
        down = outage(effect)
        added = [down] if effect.down_for_long and down not in effect.headline else []
        return ", ".join([effect.headline, *added, *(["blocked now"] if change.blocked else [])])
    if effect.kind is EffectKind.PROTECTION_REMOVED and change.operation is Operation.DELETE:
        return f"protection removed, {subject} is deleted"
    text = (
        f"{subject} moves without an alias, and creating it anew fails"
        if _moves_into_itself(change, effect)
        else {
            EffectKind.FAILS_AT_PREVIEW: f"the preview fails for {subject}",
            EffectKind.FAILS_AT_APPLY: f"the update of {subject} fails",
            EffectKind.WRONG_OBJECT: f"the change of {subject} is written to the wrong object",
            EffectKind.UNKNOWN: f"what happens to {subject} is not known",
            EffectKind.DELETED: f"{subject} is deleted",
            EffectKind.PROTECTION_REMOVED: f"protection removed, {subject} loses {effect.protection}",
            EffectKind.REPLACE_CREATE_FIRST: f"{subject} is {_replaced(effect)}",
            EffectKind.REPLACE_DELETE_FIRST: f"{subject} is {_replaced(effect)}",
        }.get(effect.kind, f"{subject} changes {effect.kind.value}")
    )
    stake = {
        Data.LOST: "data is lost",
        Data.AT_RISK: "data is at stake",
        Data.UNKNOWN: "what becomes of its data is not known",
    }
    tail = [stake[effect.data]] if effect.data in stake else []
    if effect.downtime != (0, 0) and (not tail or effect.down_for_long):
        tail.append(outage(effect))
    if change.blocked:
        tail.append("blocked now")
    return ", ".join([text, *tail])


def _replaced(effect: Effect | None, order: str = "") -> str:
    """`replaced`, and whose word that is where it is not ours."""
    if effect is None or not effect.documented:
        return f"replaced{order}"
    return f"{'' if effect.certain else 'perhaps '}replaced{order}{_BY_SDK}"


def _moves_into_itself(change: ResourceChange, effect: Effect) -> bool:
    return change.moved and effect.kind is EffectKind.FAILS_AT_APPLY


def called(change: ResourceChange) -> str:
    return type_knowledge(change.type).called or f"{change.short_type} {change.name}"


def outage(effect: Effect) -> str:
    downtime = effect.downtime
    if downtime is None:
        return "downtime not known"
    if endless(downtime):
        return "down until it is undone"
    low, high = downtime
    if high == 0:
        return "no downtime"
    if high <= LONGEST_FAILOVER:
        return "seconds of interruption"
    return f"{_minutes(low, high)} down"


def _minutes(low: int, high: int) -> str:
    if high < 120:
        return f"{low}–{high} s" if low != high else f"{high} s"
    first, last = low // 60, -(-high // 60)
    return f"{first}–{last} min" if first != last else f"{last} min"


def is_harmful(stack: StackReview) -> bool:
    return (
        stack.status in (Status.FAILED, Status.UNCOMPARED, Status.UNDESCRIBED)
        or bool(stack.refused.findings)
        or any(harms(change.effects) for change in stack.managed)
    )


def finding_state(finding: Finding) -> str:
    """What a finding does: `refused`, `mandatory`, `advisory`."""
    if finding.kind is FindingKind.PROVIDER:
        state = ("fails at apply" if finding.id == REFUSES_LATER else "refused") if finding.stops else "warning"
        return f"{state}, in the base already" if finding.in_base else state
    if finding.kind in (FindingKind.PROGRAM, FindingKind.OVERRIDE) and finding.in_base is not None:
        return "in the base already" if finding.in_base else "new"
    return finding.enforcement.value


def message(finding: Finding) -> str:
    """What a finding says; a program's own words in quotes, so that they read as nobody else's."""
    return f"“{finding.message}”" if finding.id.startswith("program-log-") else finding.message


def not_analysed(review: Review) -> list[str]:
    notes = list(dict.fromkeys((*review.notes, *(note for one in review.stacks for note in one.notes))))
    assumed = list(dict.fromkeys(note.subject.rsplit(":", 1)[-1] for note in notes if note.kind == "assumed"))
    found = ["what providers check in their clouds"]
    unchecked = Counter({token: number for one in review.stacks for token, number in one.refused.unknown})
    if unchecked:
        names = [f"`{token.rsplit(':', 1)[-1]}`" for token in sorted(unchecked)]
        more = " and others" if len(names) > MOST_NAMES else ""
        found.append(f"inputs of types without provider schema ({', '.join(names[:MOST_NAMES])}{more})")
    if assumed:
        names = listed([f"`{name}`" for name in assumed], more=" and others")
        found.append(f"{len(assumed)} value{_s(len(assumed))} assumed ({names})")
    return found + [f"{note.subject} ({note.detail.rstrip('.')})" for note in notes if note.kind != "assumed"]


_BY_SDK = ", the SDK's documentation says so"
DATA_WORDS = {
    Data.NONE: "",
    Data.KEPT: "data kept",
    Data.UNKNOWN: "data not known",
    Data.AT_RISK: "data at stake",
    Data.LOST: "data lost",
}


def effect_line(effect: Effect) -> str:
    """`replaced, delete first: 12–20 min down, data lost`."""
    prefix = "" if effect.certain else "at worst "
    if effect.kind in (EffectKind.CREATED, EffectKind.ROTATION, EffectKind.DOES_NOTHING, *UNPLANNED) and not harms(
        [effect]
    ):
        return effect.kind.value
    if effect.kind is EffectKind.PROTECTION_REMOVED:
        return f"{prefix}{effect.kind.value}: {effect.protection}"
    parts = [outage(effect)] if effect.downtime != (0, 0) else []
    if DATA_WORDS[effect.data] and effect.data is not Data.KEPT:
        parts.append(DATA_WORDS[effect.data])
    tail = ", ".join(parts)
    kind = f"{effect.kind.value}{_BY_SDK}" if effect.documented else effect.kind.value
    return f"{prefix}{kind}: {tail}" if tail else f"{prefix}{kind}"


def worst_cell(stack: StackReview) -> str:
    if stack.status is Status.FAILED:
        return "cannot be evaluated"
    if stack.status is Status.UNCOMPARED:
        return "not compared"
    if stack.status is Status.UNDESCRIBED:
        return "stays deployed, undescribed"
    if number := len(stack.refused.refused):
        return f"fails at preview: {number} input{_s(number)} refused"
    if number := len(stack.refused.later):
        return f"fails at apply: {number} input{_s(number)} refused"
    worst = stack.worst
    if worst is None and not stack.changes:
        return "no change was seen" if stack.doubtful else "nothing changes"
    if worst is None:
        return "options only"
    harsher, lost = _harsher(stack), len(protections_lost(stack))
    line = "; ".join(dict.fromkeys(effect_line(one[1]) for one in (worst, harsher) if one))
    if worst[1].kind is EffectKind.PROTECTION_REMOVED:
        return f"{line}, and {lost - 1} more" if lost > 1 else line
    return f"{line}; {lost} protection{_s(lost)} removed" if lost else line


def policy_cell(stack: StackReview) -> str:
    found = stack.broken
    mandatory = sum(1 for finding in found if finding.stops)
    accepted = sum(1 for finding in found if finding.acceptance is not None)
    advisory = len(found) - mandatory - accepted
    parts = [
        f"{number} {word}"
        for number, word in ((mandatory, "mandatory"), (advisory, "advisory"), (accepted, "accepted"))
        if number
    ]
    return ", ".join(parts) or ("ok" if stack.policies else "–")


def operation_counts(stack: StackReview) -> str:
    counts = stack.counts
    return f"+{counts.create} ~{counts.update} ±{counts.replace} −{counts.delete}"


OPERATION_WORDS = {
    Operation.CREATE: "created",
    Operation.IMPORT: "imported",
    Operation.UPDATE: "changed",
    Operation.REPLACE: "replaced",
    Operation.DELETE: "deleted",
    Operation.FORGET: "forgotten",
    Operation.READ: "read",
    Operation.OPTIONS: "only options change",
    Operation.SAME: "not changed",
}


def happening(change: ResourceChange) -> str:
    worst = change.worst
    telling = (*FAILURES, EffectKind.PROTECTION_REMOVED)
    if worst is not None and worst.kind is EffectKind.ROTATION:
        return f"{OPERATION_WORDS[change.operation]}, {worst.kind.value}"
    if change.operation is Operation.REPLACE:
        order = ", delete first" if change.delete_first else ", create first"
        text = MOVED if change.moved else _replaced(worst, order)
        return f"{text}: {effect_line(worst)}" if worst is not None and worst.kind in FAILURES else text
    if change.operation is Operation.UPDATE and not change.custom:
        return "groups what changes"
    if change.operation in (Operation.UPDATE, Operation.SAME, Operation.OPTIONS) and worst is not None:
        return effect_line(worst)
    text = OPERATION_WORDS[change.operation]
    return f"{text}: {effect_line(worst)}" if worst is not None and worst.kind in telling else text


def to_tell(stack: StackReview) -> tuple[ResourceChange, ...]:
    """The changes to list: of a stack that is shown as a plan only what would harm or fail."""
    if stack.plan is None:
        return stack.changes
    return tuple(one for one in stack.changes if harms(one.effects) or one.blocked)


def without_values(change: PropertyChange) -> str:
    """What stands in place of two values."""
    said = DIFFERENCE_WORDS[change.difference]
    return f"{said}, through {change.because.rsplit('::', 1)[-1]}" if change.because else said


def old_and_new(change: PropertyChange) -> tuple[str, str] | None:
    """The two values, or `None` where one word says it (`DIFFERENCE_WORDS`)."""
    if change.difference in DIFFERENCE_WORDS:
        return None
    old, new = shown(change.old), shown(change.new)
    if "[secret]" in old and old == new:
        return (old, f"another {old}" if old == "[secret]" else f"{new}, another [secret] in it")
    if old == new and isinstance(change.new, Asset):
        return (old, f"{new}, contents changed")
    return (old, new)


def only_new(change: PropertyChange) -> bool:
    return change.old is MISSING


def sides(review: Review) -> tuple[str, ...]:
    """Base and head for people, or the head alone."""
    head = f"{review.head.label} ({_bound(review.bound)})" if review.bound is not None else review.head.label
    return (head,) if review.base is None else (_base(review.base), head)


def _bound(bound: Bound) -> str:
    """What the review is good for: one tree, judged by one tool."""
    tree = f"tree {bound.tree.tree[:12]}" if bound.tree else "bound to no tree"
    policies = "" if bound.protections.policies else ", without policies"
    return f"{tree}{policies}; Dolmen {bound.tool.version}, {bound.tool.digest[:8]}"


def _base(side: Side) -> str:
    """`merge base of origin/main and HEAD (3f2c1ab; origin/main is at 8c44d10)`, or the commit or file that was named."""
    if side.merge_base:
        moved = f"; {side.reference} is at {side.tip}" if side.tip else ""
        return f"merge base of {side.reference} and HEAD ({side.label}{moved})"
    return f"{side.reference} ({side.label})" if side.reference not in ("", side.label) else side.label


def _stacks(number: int) -> str:
    return f"{number} stack{_s(number)}"


def _s(number: int) -> str:
    return "" if number == 1 else "s"
