"""What a reader sees of a stack's findings: in full what is new or gone, in one sentence what stands as before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dolmen.review.report import words
from dolmen.review.report.baseline import Baseline, states
from dolmen.review.report.findings import Finding, FindingKind
from dolmen.review.report.model import StackReview


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One statement about several resources."""

    first: Finding
    names: tuple[str, ...]
    state: Baseline | None = None
    messages: tuple[str, ...] = ()
    """Of a rule that is broken several times by nothing that has a name."""


@dataclass(frozen=True, slots=True)
class FindingsToTell:
    """The findings of a stack, by how much is said of them."""

    stopping: tuple[FindingGroup, ...] = ()
    """In full, before the changes."""
    others: tuple[FindingGroup, ...] = ()
    """In full, after the changes."""
    gone: tuple[FindingGroup, ...] = ()
    standing: tuple[FindingGroup, ...] = ()
    """What stops and has stopped before: its title and names."""
    before: str = ""
    """What stands as before and stops nothing: `8 accepted policies, 2 advisory`."""
    kept: tuple[FindingGroup, ...] = ()
    """The same in full, for whoever unfolds it."""


def finding_groups(findings: Iterable[Finding]) -> list[FindingGroup]:
    """What stops first; the same statement about several resources once."""
    return _groups([(finding, None) for finding in findings])


def to_tell(stack: StackReview) -> FindingsToTell:
    found = _groups(states(stack))
    full = [group for group in found if not _stands(group) and group.state is not Baseline.ABSENT]
    broken_anew = {group.first.id for group in full}  # what only moves to other resources is not mended
    kept = [group for group in found if _stands(group)]
    counted = [finding for finding, state in states(stack) if _as_before(finding, state) and not finding.stops]
    return FindingsToTell(
        tuple(group for group in full if group.first.stops),
        tuple(group for group in full if not group.first.stops),
        tuple(group for group in found if group.state is Baseline.ABSENT and group.first.id not in broken_anew),
        tuple(group for group in kept if group.first.stops),
        ", ".join(_counted(counted)),
        tuple(group for group in kept if not group.first.stops),
    )


def _stands(group: FindingGroup) -> bool:
    return _as_before(group.first, group.state)


def _as_before(finding: Finding, state: Baseline | None) -> bool:
    """What stops every deployment, or says that nothing was compared, is always told in full."""
    return state is Baseline.UNCHANGED and (
        finding.kind in (FindingKind.POLICY, FindingKind.PROGRAM, FindingKind.OVERRIDE) or not finding.stops
    )


def _groups(found: Sequence[tuple[Finding, Baseline | None]]) -> list[FindingGroup]:
    alike: dict[tuple[object, ...], list[tuple[Finding, Baseline | None]]] = {}
    for finding, state in sorted(found, key=lambda pair: not pair[0].stops):
        apart = finding.urn or finding.position or finding.kind is not FindingKind.POLICY
        message = finding.message if apart else ""
        key = (finding.id, finding.title, message, finding.remedy, finding.enforcement, finding.in_base)
        alike.setdefault((*key, finding.acceptance, state), []).append((finding, state))
    return [_group(some) for some in alike.values()]


def _group(some: Sequence[tuple[Finding, Baseline | None]]) -> FindingGroup:
    first, state = some[0]
    names = dict.fromkeys(one.urn.rsplit("::", 1)[-1] for one, _ in some if one.urn)
    return FindingGroup(first, tuple(names), state, tuple(dict.fromkeys(words.message(one) for one, _ in some)))


def _counted(findings: Iterable[Finding]) -> Iterator[str]:
    numbers = Counter(map(_called, findings))
    for (one, many), number in numbers.items():
        yield f"{number} {one if number == 1 else many}"


def _called(finding: Finding) -> tuple[str, str]:
    if finding.kind is FindingKind.POLICY:
        if finding.acceptance is not None:
            return "accepted policy", "accepted policies"
        return "advisory policy", "advisory policies"
    if finding.kind is FindingKind.PROGRAM:
        return "line that the program logs", "lines that the program logs"
    if finding.kind is FindingKind.OVERRIDE:
        return "override", "overrides"
    return "warning", "warnings"
