"""Effects of a change that are accepted on record, and entries of the register that no longer fit."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from dolmen.engine.plan import Position
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.effects.harm import harms
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.stackfile import Acceptance
from dolmen.stackfile.accepted import EFFECTS


def accepting(entries: Sequence[Acceptance], stack: str, change: ResourceChange) -> Iterator[Acceptance]:
    """The entries that accept an effect of a change, expired ones too."""
    for entry in entries:
        if entry.what in harms(change.effects) and entry.fits(entry.what, stack, change.urn):
            yield entry


def findings(
    entries: Sequence[Acceptance], changes: Mapping[str, Sequence[ResourceChange]], today: datetime.date
) -> Iterator[Finding]:
    """Entries for effects that have expired, or that fit no change. `changes`: stack → its changes.

    What becomes of entries for policies is the policy pack's to say.
    """
    for entry in entries:
        if entry.what not in EFFECTS or entry.stack not in changes:
            continue
        needed = any(entry in accepting([entry], entry.stack, change) for change in changes[entry.stack])
        what = f"{entry.what} of {entry.resource} in {entry.stack}"
        if not entry.counts(today):
            yield Finding(
                "acceptance-expired",
                "An acceptance has expired",
                f"{what} was accepted until {entry.until}.",
                Severity.MEDIUM if needed else Severity.LOW,
                Enforcement.ADVISORY,
                FindingKind.ACCEPTANCE,
                remedy="Remove the entry, or agree on a new date.",
                position=Position(entry.file, entry.line),
            )
        elif not needed:
            yield Finding(
                "acceptance-unmatched",
                "An acceptance fits no change",
                f"{what} is accepted, but this change does nothing of the kind.",
                Severity.LOW,
                Enforcement.ADVISORY,
                FindingKind.ACCEPTANCE,
                remedy="Remove the entry once the change that it was written for is applied.",
                position=Position(entry.file, entry.line),
            )
