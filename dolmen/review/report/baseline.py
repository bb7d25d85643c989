"""Which findings a change brings, keeps and removes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from dolmen.review.report.findings import Finding


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
    """The head's findings in their order, then the base's that are gone."""
    left = list(base)
    found: list[tuple[Finding, Baseline | None]] = []
    for finding in head:
        same = next((one for one in left if _key(one) == _key(finding) and one.message == finding.message), None)
        if same is not None:
            left.remove(same)
        found.append((finding, Baseline.UNCHANGED if same is not None else None))
    for finding, state in found:
        akin = None if state else next((one for one in left if _key(one) == _key(finding)), None)
        if akin is not None:
            left.remove(akin)
        yield finding, state or (Baseline.NEW if akin is None else Baseline.UPDATED)
    yield from ((finding, Baseline.ABSENT) for finding in left)


def _key(finding: Finding) -> tuple[str, str]:
    """Without the stack's name, which a URN begins with: a renamed stack keeps its findings."""
    return finding.id, (finding.urn or "").partition("::")[2]
