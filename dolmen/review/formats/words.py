"""The words of a report, the same in every rendering. Plain text: whoever prints it escapes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dolmen.review.cost.prices import Amount
from dolmen.review.diff.changes import Cause, Operation, ResourceChange
from dolmen.review.diff.paths import pattern
from dolmen.review.diff.values import MISSING, Difference, PropertyChange, shown
from dolmen.review.effects.book import book, endless
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import LONGEST_FAILOVER, Data, Effect, EffectKind
from dolmen.review.report.findings import Finding
from dolmen.review.report.model import Environment, Review, Status, by_weight

DIFFERENCE_WORDS = {Difference.ORDER: "another order", Difference.MAY_CHANGE: "known after apply"}
_VERDICT_NAMES = 3
_MOST_NAMES = 6


def verdict(review: Review) -> str:
    """The first line: what a reviewer must know before anything else."""
    found = list(_headlines(review))
    if found:
        more = len(found) - 2
        return "; ".join(found[:2]) + (f"; and {more} more environment{_s(more)}" if more > 0 else "")
    if review.base is None:
        resources = sum(environment.resources for environment in review.environments)
        return f"{resources} resources in {_environments(len(review.environments))}"
    changed = [one for one in review.environments if one.status is not Status.SAME]
    if not changed:
        return f"nothing changes in {_environments(len(review.environments))}"
    names = [one.name for one in changed]
    listed = ", ".join(names[:_VERDICT_NAMES]) + (
        f" and {len(names) - _VERDICT_NAMES} more" if len(names) > _VERDICT_NAMES else ""
    )
    return f"{listed}: {_mildest(changed)}"


def _headlines(review: Review) -> Iterator[str]:
    """The worst of every environment in which something can go wrong, production first among equals."""
    for environment in by_weight(review.environments):
        if environment.status is Status.FAILED:
            yield f"{environment.name}: the program cannot be evaluated"
            continue
        if environment.status is Status.UNCOMPARED:
            yield f"{environment.name}: the base cannot be evaluated, so nothing is compared"
            continue
        stopping = [finding for finding in environment.broken if finding.stops]
        worst = environment.worst
        if worst and environment.status is not Status.ADDED and harms(worst[0].effects):
            yield f"{environment.name}: {headline(*worst)}"
        elif stopping:
            yield f"{environment.name}: {len(stopping)} mandatory polic{'y is' if len(stopping) == 1 else 'ies are'} broken"


def _mildest(changed: Sequence[Environment]) -> str:
    worst = max((one.worst[1] for one in changed if one.worst), key=lambda effect: effect.rank, default=None)
    if worst is None:
        return "only Pulumi's own options and outputs change"
    if worst.kind is EffectKind.CREATED:
        return "resources are created, nothing that exists is touched"
    return f"{worst.kind.value}, {outage(worst)}"


def headline(change: ResourceChange, effect: Effect) -> str:
    """`the cache is replaced, its data is lost`."""
    subject = called(change)
    text = {
        EffectKind.FAILS_AT_PREVIEW: f"the preview fails for {subject}",
        EffectKind.FAILS_AT_APPLY: f"the update of {subject} fails",
        EffectKind.WRONG_OBJECT: f"the change of {subject} is written to the wrong object",
        EffectKind.UNKNOWN: f"what happens to {subject} is not known",
        EffectKind.DELETED: f"{subject} is deleted",
        EffectKind.REPLACE_CREATE_FIRST: f"{subject} is replaced",
        EffectKind.REPLACE_DELETE_FIRST: f"{subject} is replaced",
    }.get(effect.kind, f"{subject} changes {effect.kind.value}")
    stake = {
        Data.LOST: "data is lost",
        Data.AT_RISK: "data is at stake",
        Data.UNKNOWN: "what becomes of its data is not known",
    }
    tail = [stake[effect.data]] if effect.data in stake else []
    if not tail and effect.downtime != (0, 0):
        tail = [outage(effect)]
    if change.blocked:
        tail.append("blocked now")
    return ", ".join([text, *tail])


def called(change: ResourceChange) -> str:
    rules = book().get(change.type)
    return rules.called if rules and rules.called else f"{change.short_type} {change.name}"


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


def is_harmful(environment: Environment) -> bool:
    worst = environment.worst
    return environment.status in (Status.FAILED, Status.UNCOMPARED) or (worst is not None and bool(harms([worst[1]])))


def by_harm(changes: Sequence[ResourceChange]) -> list[ResourceChange]:
    """What to show, the worst first. Components only group, so they are shown for their options alone."""
    shown_ones = [change for change in changes if change.custom or change.options]
    return sorted(shown_ones, key=lambda change: change.rank, reverse=True)


@dataclass(frozen=True, slots=True)
class Group:
    """Changes that read alike: the same type, the same effects, the same properties."""

    first: ResourceChange
    others: tuple[ResourceChange, ...] = ()

    @property
    def title(self) -> str:
        number = 1 + len(self.others)
        return self.first.short_type if number == 1 else f"{number} × {self.first.short_type}"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.first.name, *(other.name for other in self.others))

    @property
    def component(self) -> str:
        """Around all of them, or nothing where they stand in several."""
        return self.first.component if all(one.component == self.first.component for one in self.others) else ""


_ALIKE = 3
"""So many changes that read alike are shown as one."""


def groups(changes: Sequence[ResourceChange]) -> list[Group]:
    """The worst first; what reads alike folded together where there is much of it."""
    alike: dict[tuple[object, ...], list[ResourceChange]] = {}
    for change in by_harm(changes):
        alike.setdefault(_likeness(change), []).append(change)
    found: list[Group] = []
    for some in alike.values():
        if len(some) >= _ALIKE:
            found.append(Group(some[0], tuple(some[1:])))
        else:
            found += [Group(one) for one in some]
    return found


def _likeness(change: ResourceChange) -> tuple[object, ...]:
    said = tuple((effect.kind, effect.why) for effect in change.effects)
    if change.operation in (Operation.CREATE, Operation.IMPORT, Operation.DELETE, Operation.FORGET):
        return (change.operation, change.type, said, change.blocked)
    properties = tuple((pattern(one.path), one.difference) for one in (*change.properties, *change.options))
    values = tuple(
        (shown(one.old, 80), shown(one.new, 80))
        for one in change.properties
        if one.difference is not Difference.MAY_CHANGE
    )
    return (change.operation, change.type, change.delete_first, said, change.blocked, properties, values)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One statement about several resources."""

    first: Finding
    names: tuple[str, ...]


def finding_groups(findings: Sequence[Finding]) -> list[FindingGroup]:
    """What stops first; the same statement about several resources once."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: not one.stops):
        key = (finding.id, finding.title, finding.message, finding.remedy, finding.enforcement, finding.acceptance)
        alike.setdefault(key, []).append(finding)
    return [
        FindingGroup(some[0], tuple(dict.fromkeys(one.urn.rsplit("::", 1)[-1] for one in some if one.urn)))
        for some in alike.values()
    ]


def not_analysed(review: Review) -> list[str]:
    notes = list(dict.fromkeys((*review.notes, *(note for one in review.environments for note in one.notes))))
    assumed = list(dict.fromkeys(note.subject.rsplit(":", 1)[-1] for note in notes if note.kind == "assumed"))
    found = ["what providers check in their clouds"]
    if assumed:
        listed = ", ".join(f"`{name}`" for name in assumed[:_MOST_NAMES]) + (
            " and others" if len(assumed) > _MOST_NAMES else ""
        )
        found.append(f"{len(assumed)} value{_s(len(assumed))} assumed ({listed})")
    return found + [f"{note.subject} ({note.detail.rstrip('.')})" for note in notes if note.kind != "assumed"]


DATA_WORDS = {
    Data.NONE: "",
    Data.KEPT: "data kept",
    Data.UNKNOWN: "data not known",
    Data.AT_RISK: "data at stake",
    Data.LOST: "data lost",
}


def effect_line(effect: Effect) -> str:
    """`replaced, delete first: 12–20 min down, data lost`."""
    if effect.kind in (EffectKind.CREATED, EffectKind.DOES_NOTHING):
        return effect.kind.value
    parts = [outage(effect)] if effect.downtime != (0, 0) else []
    if DATA_WORDS[effect.data] and effect.data is not Data.KEPT:
        parts.append(DATA_WORDS[effect.data])
    tail = ", ".join(parts)
    prefix = "" if effect.certain else "at worst "
    return f"{prefix}{effect.kind.value}: {tail}" if tail else f"{prefix}{effect.kind.value}"


def worst_cell(environment: Environment) -> str:
    if environment.status is Status.FAILED:
        return "cannot be evaluated"
    if environment.status is Status.UNCOMPARED:
        return "not compared"
    worst = environment.worst
    if worst is None:
        return "nothing changes" if not environment.changes else "options only"
    return effect_line(worst[1])


def policy_cell(environment: Environment) -> str:
    found = environment.broken
    mandatory = sum(1 for finding in found if finding.stops)
    accepted = sum(1 for finding in found if finding.acceptance is not None)
    advisory = len(found) - mandatory - accepted
    parts = [
        f"{number} {word}"
        for number, word in ((mandatory, "mandatory"), (advisory, "advisory"), (accepted, "accepted"))
        if number
    ]
    return ", ".join(parts) or ("ok" if environment.policies else "–")


def money(amount: Amount | None) -> str:
    if amount is None:
        return "–"
    low, high = _rounded(amount.low), _rounded(amount.high)
    return low if low == high else f"{low}–{high}"


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:,.2f}"


def cost_cell(environment: Environment) -> str:
    """`812 → 1,140`; `≥` where something is not priced."""
    before, after = environment.cost.before, environment.cost.after
    if before is None and after is None:
        return "–"
    open_ended = any(side is not None and side.not_priced for side in (before, after))
    sides = [money(side.total) for side in (before, after) if side is not None]
    text = sides[0] if len(set(sides)) == 1 else " → ".join(sides)
    return f"≥ {text}" if open_ended else text


def operation_counts(environment: Environment) -> str:
    counts = environment.counts
    return f"+{counts.create} ~{counts.update} ±{counts.replace} −{counts.delete}"


OPERATION_WORDS = {
    Operation.CREATE: "created",
    Operation.IMPORT: "imported",
    Operation.UPDATE: "changed",
    Operation.REPLACE: "replaced",
    Operation.DELETE: "deleted",
    Operation.FORGET: "forgotten by Pulumi, stays in the cloud",
    Operation.READ: "read",
    Operation.OPTIONS: "only options change",
    Operation.SAME: "not changed",
}


def happening(change: ResourceChange) -> str:
    if change.operation is Operation.REPLACE:
        return "replaced, delete first" if change.delete_first else "replaced, create first"
    if change.operation is Operation.UPDATE and not change.custom:
        return "groups what changes"
    worst = change.worst
    if change.operation is Operation.UPDATE and worst is not None:
        return effect_line(worst)
    return OPERATION_WORDS[change.operation]


def without_values(change: PropertyChange) -> str:
    """What stands in place of two values."""
    said = DIFFERENCE_WORDS[change.difference]
    return f"{said}, through {change.because.rsplit('::', 1)[-1]}" if change.because else said


def old_and_new(change: PropertyChange) -> tuple[str, str] | None:
    """The two values, or `None` where one word says it (`DIFFERENCE_WORDS`)."""
    if change.difference in DIFFERENCE_WORDS:
        return None
    old, new = shown(change.old), shown(change.new)
    if old == new == "[secret]":
        return ("[secret]", "another [secret]")
    return (old, new)


def only_new(change: PropertyChange) -> bool:
    return change.old is MISSING


def cause_text(causes: Sequence[Cause]) -> Iterator[tuple[str, str, bool]]:
    """(place, key, certain)"""
    for cause in causes:
        yield (str(cause.position), cause.key, cause.certain)


def sides(review: Review) -> tuple[str, ...]:
    """Base and head for people, or the head alone."""
    if review.base is None:
        return (review.head.label,)
    base = review.base.label
    named = f"{review.base.reference} ({base})" if review.base.reference and review.base.reference != base else base
    return (named, review.head.label)


def _environments(number: int) -> str:
    return f"{number} environment{_s(number)}"


def _s(number: int) -> str:
    return "" if number == 1 else "s"
