"""The words of the section that says who may do what. Plain text: whoever prints it escapes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dolmen.review.access.lines import AccessLine, AccessState, rank
from dolmen.review.access.section import AccessChange
from dolmen.review.diff.changes import Operation
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity

_LONGEST = 120
_MANY = 3
"""So many things that come or go with their rights are told in one line."""
SIGNS = {AccessState.WIDER: "+", AccessState.NARROWER: "−", AccessState.UNKNOWN: "?"}


def lines(access: Sequence[AccessChange]) -> list[AccessLine]:
    """Every line once, whoever gives the right: what lets most in first."""
    found = dict.fromkeys(line for change in access for line in change.lines)
    return sorted(found, key=rank, reverse=True)


def in_short(access: Sequence[AccessChange]) -> list[AccessLine]:
    """The lines to read: what comes or goes as a whole is named, unless it lets in everybody or nobody can say."""
    told: list[AccessLine] = []
    for state, operations, verb in (
        (AccessState.WIDER, (Operation.CREATE, Operation.IMPORT), "come with"),
        (AccessState.NARROWER, (Operation.DELETE, Operation.FORGET), "go with"),
    ):
        some = [one for one in access if one.operation in operations and _plainly(state, one.lines)]
        if len(some) >= _MANY:
            number = len({line for one in some for line in one.lines})
            first, *others = dict.fromkeys(one.name for one in some)
            more = f" and {len(others)} more" if others else ""
            told.append(AccessLine(state, f"{number} rights {verb} {first}{more}"))
            access = [one for one in access if one not in some]
    return [*lines(access), *told]


def _plainly(state: AccessState, some: Sequence[AccessLine]) -> bool:
    return all(line.state is state and not line.wildcard for line in some)


def title(access: Sequence[AccessChange]) -> str:
    """`Access, who may do what: 2 wider, 1 narrower`."""
    numbers = Counter(line.state for line in lines(access))
    words = {AccessState.UNKNOWN: "known after apply"}
    parts = [f"{numbers[state]} {words.get(state, state.value)}" for state in AccessState if numbers[state]]
    return f"Access, who may do what: {', '.join(parts)}"


def opened(access: Sequence[AccessChange]) -> Iterator[str]:
    """What the first line says: that everybody is let in, or somebody may do everything."""
    found = [line.text for line in lines(access) if line.wildcard and line.state is AccessState.WIDER]
    if found:
        more = f" and {len(found) - 1} more such rights" if len(found) > 1 else ""
        text = found[0] if len(found[0]) <= _LONGEST else f"{found[0][: _LONGEST - 1]}…"
        yield f"{text.removesuffix(': new')} from now on{more}"


def access_findings(access: Sequence[AccessChange]) -> Iterator[Finding]:
    """The lines as advice, for formats that know findings alone."""
    for change in access:
        for line in change.lines:
            striking = line.wildcard and line.state is AccessState.WIDER
            yield Finding(
                f"access-{line.state.value}",
                "Who may do what changes",
                line.text,
                Severity.HIGH if striking else Severity.LOW,
                Enforcement.ADVISORY,
                FindingKind.ACCESS,
                change.urn,
            )
