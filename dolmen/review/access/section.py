"""What a change does to rights: who gains one, who loses one, and where nobody can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dolmen.review.access.grants import Grant, covers, whole_internet
from dolmen.review.access.reading import LATER, Rights, readable, rights
from dolmen.review.diff.changes import Operation, ResourceChange

_MOST = 4
"""Actions or targets that one line names."""
_TOUCHING = (Operation.CREATE, Operation.IMPORT, Operation.UPDATE, Operation.REPLACE, Operation.DELETE, Operation.FORGET)


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


@dataclass(frozen=True, slots=True)
class AccessChange:
    """What one resource gave, and gives."""

    urn: str
    type: str
    name: str
    lines: tuple[AccessLine, ...]
    """What differs, what is wider first."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        return max(map(_rank, self.lines), default=0)


def access_changes(changes: Iterable[ResourceChange]) -> tuple[AccessChange, ...]:
    """The changes of rights, what lets most in first. Rights that only move to another resource are told of both."""
    found = [one for change in changes if (one := _access_change(change)) is not None]
    return tuple(sorted(found, key=lambda one: one.rank, reverse=True))


def _access_change(change: ResourceChange) -> AccessChange | None:
    if change.operation not in _TOUCHING or not change.custom or not readable(change.subject):
        return None
    before, after = rights(change.old), rights(change.new)
    lines = sorted(_lines(before, after, change), key=_rank, reverse=True)
    if not lines:
        return None
    told = tuple(dict.fromkeys(lines))
    return AccessChange(change.urn, change.type, change.name, told, _sentences(before), _sentences(after))


def _rank(line: AccessLine) -> int:
    states = (AccessState.NARROWER, AccessState.UNKNOWN, AccessState.WIDER)
    return 2 * states.index(line.state) + (2 if line.wildcard and line.state is AccessState.WIDER else 0)


def _lines(before: Rights, after: Rights, change: ResourceChange) -> Iterator[AccessLine]:
    moved = {one.path[0] for one in change.properties if one.path}
    unknown = [path for path in dict.fromkeys(after.unknown) if change.old is None or path.partition(".")[0] in moved]
    for path in unknown:
        yield AccessLine(AccessState.UNKNOWN, f"who may do what by `{path}` of {change.name} is {LATER}")
    if unknown or before.unknown:
        # What cannot be compared is not called gone or new.
        before = before if not before.unknown else replace(before, grants=before.grants & after.grants)
        after = after if not unknown else replace(after, grants=after.grants | before.grants)
    gained = _without(after.grants, before.grants)
    lost = _without(before.grants, after.grants)
    for grant in _joined(gained):
        old = next((one for one in before.grants if _only_condition_differs(one, grant)), None)
        was = f" (before only {_if(old.condition)})" if old is not None and old.condition else ""
        yield _line(grant, _new(grant) + was, wider=grant.first.allows)
    for grant in _joined(lost):
        yield _line(grant, _gone(grant), wider=not grant.first.allows)


def _without(some: set[Grant], others: set[Grant]) -> list[Grant]:
    return [one for one in some if one not in others and not any(covers(other, one) for other in others)]


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


def _line(grant: _Joined, text: str, *, wider: bool) -> AccessLine:
    state = AccessState.WIDER if wider else AccessState.NARROWER
    return AccessLine(state, text, _wild(grant.first.who, *grant.may, *grant.on))


def _wild(*texts: str) -> bool:
    return any("*" in one or one.startswith("all but ") or whole_internet(one) or one == "everybody" for one in texts)


# ---- sentences


def _new(grant: _Joined) -> str:
    if grant.first.allows:
        return f"{_who(grant)} may {_what(grant)}: new"
    return f"{_who(grant)} is denied to {_what(grant)}: new"


def _gone(grant: _Joined) -> str:
    if grant.first.allows:
        return f"{_who(grant)} may no longer {_what(grant)}"
    return f"{_who(grant)} is no longer denied to {_what(grant)}"


def _sentences(found: Rights) -> tuple[str, ...]:
    told = [
        f"{_who(one)} {'may' if one.first.allows else 'is denied to'} {_what(one)}" for one in _joined(list(found.grants))
    ]
    return (*sorted(told), *(f"`{path}` is {LATER}" for path in dict.fromkeys(found.unknown)))


def _who(grant: _Joined) -> str:
    who = grant.first.who
    if who == "*":
        return "everybody"
    return f"{who} (the whole internet)" if whole_internet(who) else who


def _what(grant: _Joined) -> str:
    verb = grant.first.verb
    may = _several(["every action" if one == "*" and verb == "call" else one for one in grant.may])
    on = _several(["everything" if one == "*" else one for one in grant.on if one])
    if verb == "reach" and on:
        on = f"{on} (the whole internet)" if any(map(whole_internet, grant.on)) else on
        return f"reach {on} on {may}{_tail(grant)}"
    return f"{verb} {may}{f' on {on}' if on else ''}{_tail(grant)}"


def _tail(grant: _Joined) -> str:
    return f" {_if(grant.condition)}" if grant.condition else ""


def _if(condition: str) -> str:
    return condition if condition.startswith(("on ", "from ", "in ")) else f"if {condition}"


def _several(parts: Sequence[str]) -> str:
    more = f" and {len(parts) - _MOST} more" if len(parts) > _MOST else ""
    return ", ".join(parts[:_MOST]) + more
