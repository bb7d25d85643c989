"""Sentences about rights: who gains one, who loses one; several that differ in one place are one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from dolmen.knowledge.access import broad
from dolmen.review.access.grants import Grant, whole_internet
from dolmen.review.access.reading import LATER, Rights
from dolmen.review.listing import listed

_MOST = 4
"""Actions or targets that one line names."""


class AccessState(StrEnum):
    WIDER = "wider"
    """Somebody may do what nobody allowed before."""
    NARROWER = "narrower"
    UNKNOWN = "unknown"
    """Known after apply."""


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One sentence about one or several rights of somebody."""

    state: AccessState
    text: str
    wildcard: bool = False
    """Whether everybody, everything or the whole internet is in it."""


def rank(line: AccessLine) -> int:
    """Greater must be seen first."""
    states = (AccessState.NARROWER, AccessState.UNKNOWN, AccessState.WIDER)
    return 2 * states.index(line.state) + (2 if line.wildcard and line.state is AccessState.WIDER else 0)


def told_gained(grants: Sequence[Grant], before: Set[Grant], after: Set[Grant]) -> Iterator[AccessLine]:
    for some in _joined(grants):
        old = next((one for one in before if _only_condition_differs(one, some)), None)
        was = f" (before only {_if(old.condition)})" if old is not None and old.condition else ""
        word = "may" if some.first.allows else "is denied to"
        yield _line(some, f"{_who(some)} {word} {_what(some)}: new{was}", after, wider=some.first.allows)


def told_lost(grants: Sequence[Grant]) -> Iterator[AccessLine]:
    for some in _joined(grants):
        word = "may no longer" if some.first.allows else "is no longer denied to"
        yield _line(some, f"{_who(some)} {word} {_what(some)}", set(), wider=not some.first.allows)


def told_together(grants: Sequence[Grant]) -> Iterator[AccessLine]:
    """What somebody new may do in one sentence; denials alone, of what did not exist, are no news."""
    by_who: dict[str, list[_Joined]] = {}
    for some in sorted(_joined(grants), key=lambda one: not one.first.allows):
        by_who.setdefault(some.first.who, []).append(some)
    for several in by_who.values():
        if not several[0].first.allows:
            continue
        parts = [_what(some) if some.first.allows else f"but not {_what(some)}" for some in several]
        text = f"{_who(several[0])} may {'; '.join(parts)}: new"
        yield AccessLine(
            AccessState.WIDER, text, any(_wild(some, set(grants)) for some in several if some.first.allows)
        )


def sentences(found: Rights) -> tuple[str, ...]:
    """All rights, in order: for those who compare both sides themselves."""
    told = [
        f"{_who(one)} {'may' if one.first.allows else 'is denied to'} {_what(one)}"
        for one in _joined(list(found.grants))
    ]
    return (*sorted(told), *(f"`{path}` is {LATER}" for path in dict.fromkeys(found.unknown)))


def _only_condition_differs(one: Grant, line: _Joined) -> bool:
    first = line.first
    return replace(one, condition="") == replace(first, condition="") and one.condition != first.condition


# ---- several rights in one line


@dataclass(frozen=True, slots=True)
class _Joined:
    first: Grant
    may: tuple[str, ...]
    on: tuple[str, ...]

    @property
    def condition(self) -> str:
        return self.first.condition


def _joined(grants: Sequence[Grant]) -> list[_Joined]:
    """Rights of one subject that differ in the action alone, then those that differ in the target alone."""
    by_target: dict[Grant, list[Grant]] = {}
    for one in sorted(grants, key=lambda one: (one.who, one.on, one.may)):
        by_target.setdefault(replace(one, may=""), []).append(one)
    by_actions: dict[tuple[Grant, tuple[str, ...]], list[Grant]] = {}
    for some in by_target.values():
        key = (replace(some[0], may="", on=""), tuple(one.may for one in some))
        by_actions.setdefault(key, []).append(some[0])
    return [_Joined(some[0], may, tuple(one.on for one in some)) for (_, may), some in by_actions.items()]


def _line(grant: _Joined, text: str, beside: Set[Grant], *, wider: bool) -> AccessLine:
    state = AccessState.WIDER if wider else AccessState.NARROWER
    return AccessLine(state, text, _wild(grant, beside))


def _wild(grant: _Joined, beside: Set[Grant]) -> bool:
    """Whether it lets in everybody, or lets somebody do everything, of which nothing `beside` it takes a part away."""
    first = grant.first
    if first.verb == "run" and any(not one.allows and one.who == first.who for one in beside):
        return False
    texts = (first.who, *grant.may, *grant.on)
    everything = first.verb in ("call", "run") and "*" in grant.may
    services = "*" in grant.on and any(one.endswith(":*") for one in grant.may)
    return (
        everything
        or services
        or first.who == "*"
        or any(one == "everybody" or one.startswith("all but ") or whole_internet(one) for one in texts)
        or any(broad().search(one) for one in texts)
    )


# ---- words


def _who(grant: _Joined) -> str:
    who = grant.first.who
    if who == "*":
        return "everybody"
    return f"{who} (the whole internet)" if whole_internet(who) else who


def _what(grant: _Joined) -> str:
    verb = grant.first.verb
    may = listed(["every action" if one == "*" and verb == "call" else one for one in grant.may], _MOST)
    on = listed(["everything" if one == "*" else one for one in grant.on if one], _MOST)
    if verb == "reach" and on:
        on = f"{on} (the whole internet)" if any(map(whole_internet, grant.on)) else on
        return f"reach {on} on {may}{_tail(grant)}"
    return f"{verb} {may}{f' on {on}' if on else ''}{_tail(grant)}"


def _tail(grant: _Joined) -> str:
    return f" {_if(grant.condition)}" if grant.condition else ""


def _if(condition: str) -> str:
    return condition if condition.startswith(("on ", "from ", "in ")) else f"if {condition}"
