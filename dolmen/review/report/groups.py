"""What reads alike is shown once: groups of changes and of findings, the same in every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.paths import pattern
from dolmen.review.diff.values import Difference, shown
from dolmen.review.report.findings import Finding


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
        key = (
            finding.id,
            finding.title,
            finding.message,
            finding.remedy,
            finding.enforcement,
            finding.in_base,
            finding.acceptance,
        )
        alike.setdefault(key, []).append(finding)
    return [
        FindingGroup(some[0], tuple(dict.fromkeys(one.urn.rsplit("::", 1)[-1] for one in some if one.urn)))
        for some in alike.values()
    ]
