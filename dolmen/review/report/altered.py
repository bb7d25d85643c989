"""What a change does to that by which it is judged: policies, acceptances, lookups, pipelines, the tool itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dolmen.engine.plan import Position
from dolmen.stackfile import Acceptance

TITLE = "This change alters what judges it"
SHOWN_OF_A_REASON = 200
"""Characters of an author's words that a report repeats."""


class AlterationKind(StrEnum):
    POLICY = "policy"
    ACCEPTANCE = "acceptance"
    LOOKUPS = "lookups"
    PRICES = "prices"
    PIPELINE = "pipeline"
    REQUIREMENT = "requirement"
    PROJECT = "project"
    """How the program is found and run: the project file."""


@dataclass(frozen=True, slots=True)
class Alteration:
    kind: AlterationKind
    text: str
    """A sentence of ours; what the author wrote stands in it as names, between backticks."""
    quote: str = ""
    """The author's own words, shown as a quotation and never as a statement."""
    position: Position | None = None
    counts: bool = False
    """Whether it counts already in this review."""


@dataclass(frozen=True, slots=True)
class Register:
    """The acceptances of both sides, and what of them counts."""

    counting: tuple[Acceptance, ...]
    new: tuple[Acceptance, ...] = ()
    """Of the change: they count only if the pipeline says so."""
    altered: tuple[Alteration, ...] = ()


def register(base: Sequence[Acceptance], head: Sequence[Acceptance], *, accept_new: bool = False) -> Register:
    """What counts of two registers: an entry of the head that the base has, too, until the earlier of both days.

    A removed entry counts no more, and one that is changed in any other way is new.
    """
    before = {_key(one): one for one in base}
    standing = [one for one in head if (old := before.get(_key(one))) and _no_wider(one, old)]
    new = [one for one in head if one not in standing]
    now = {_key(one) for one in head}
    gone = [one for one in base if _key(one) not in now]
    altered = [
        *(alteration for one in new for alteration in _new(one, before.get(_key(one)), accept_new)),
        *(_shortened(one, before[_key(one)]) for one in standing if one.until != before[_key(one)].until),
        *(_removed(one) for one in gone),
    ]
    counting = [one for one in head if one in standing or accept_new]
    return Register(tuple(counting), tuple(new), tuple(altered))


def _key(one: Acceptance) -> tuple[str, str, str]:
    return one.what, one.stack, one.resource


def _no_wider(new: Acceptance, old: Acceptance) -> bool:
    return new.reason == old.reason and new.until <= old.until


def _what(one: Acceptance) -> str:
    return f"`{one.what}` of `{one.resource}` in stack `{one.stack}`"


def _new(one: Acceptance, old: Acceptance | None, counts: bool) -> Iterator[Alteration]:
    if old is None:
        text = f"Asks to accept {_what(one)} until {one.until}"
    elif old.until != one.until:
        text = f"Asks to accept {_what(one)} until {one.until} instead of {old.until}"
    else:
        text = f"Gives another reason for accepting {_what(one)} until {one.until}"
    tail = "it counts here, since the pipeline says so (--accept-new)" if counts else "it does not count in this review"
    yield Alteration(
        AlterationKind.ACCEPTANCE, f"{text}: {tail}.", one.reason, Position(one.file, one.line), counts=counts
    )


def _shortened(one: Acceptance, old: Acceptance) -> Alteration:
    text = f"Accepts {_what(one)} until {one.until} only, instead of {old.until}."
    return Alteration(AlterationKind.ACCEPTANCE, text, position=Position(one.file, one.line), counts=True)


def _removed(one: Acceptance) -> Alteration:
    text = f"No longer accepts {_what(one)}, which was accepted until {one.until}."
    return Alteration(AlterationKind.ACCEPTANCE, text, counts=True)
