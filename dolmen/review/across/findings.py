"""Two stacks of one run that claim the same: an error, since the second one fails, or takes the first one's object over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from dolmen.engine.plan import Plan
from dolmen.review.across.claims import Claim, claims
from dolmen.review.listing import listed
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity

CLAIMED_TWICE = "claimed-twice"
_MOST = 5
_SOURCE = "https://www.pulumi.com/docs/iac/concepts/stacks/"


def claimed_twice(plans: Iterable[Plan], base: Iterable[Plan] | None = None) -> tuple[Finding, ...]:
    """One finding for each pair of stacks; what only the cloud can name, or a plan made up, collides with nothing.

    `base`: the same stacks before, where somebody compares: what they claim twice already is marked.
    """
    found = _claimed_twice(plans)
    if base is None or not found:
        return found
    before = {one.message for one in _claimed_twice(base)}
    return tuple(replace(one, in_base=one.message in before) for one in found)


def _claimed_twice(plans: Iterable[Plan]) -> tuple[Finding, ...]:
    usable = [plan for plan in plans if plan.failure is None]
    if len(usable) < 2:
        return ()
    by_key: dict[tuple[str, ...], list[Claim]] = {}
    for plan in usable:
        for claim in claims(plan):
            by_key.setdefault(claim.key, []).append(claim)
    pairs: dict[tuple[str, str], list[tuple[Claim, Claim]]] = {}
    for some in by_key.values():
        for one, other in _meeting(some):
            pairs.setdefault((one.stack, other.stack), []).append((one, other))
    return tuple(_finding(stacks, met) for stacks, met in pairs.items())


def _meeting(some: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    if len({one.stack for one in some}) > 1:
        yield from (
            (one, other) for one, other in combinations(some, 2) if one.stack != other.stack and one.meets(other)
        )


def _finding(stacks: tuple[str, str], met: Sequence[tuple[Claim, Claim]]) -> Finding:
    met = sorted(met, key=lambda pair: pair[0].key[0] != "range")
    texts = list(
        dict.fromkeys(one.text if one.text == other.text else f"{one.text} and {other.text}" for one, other in met)
    )
    first = met[0][0].resource
    ranged = any(one.key[0] == "range" for one, _ in met)
    return Finding(
        CLAIMED_TWICE,
        f"The stacks {stacks[0]} and {stacks[1]} claim the same",
        f"Both claim {listed(texts, _MOST)}: the second one fails, or takes over what the first one has.",
        Severity.CRITICAL,
        Enforcement.MANDATORY,
        FindingKind.PROGRAM,
        first.urn,
        f"Give one of them another {'address range or ' if ranged else ''}name, or say in both stack files with "
        "`aws:allowedAccountIds` that they are for different accounts.",
        _SOURCE,
        first.source,
    )
