"""The verdict: what goes beyond a review, and what was not compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dolmen.review.formats.parts.clean import short

MOST_LEFT_OPEN = 100
"""How many values a review may leave open, where no option says it: the shipped production stack, made from nothing, has
33 in 106 resources, and a change of it at most three."""
_HIDDEN = "is not shown in the preview, though the review has its value."
_MOST_LINES = 40
_LINE = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    more: tuple[str, ...] = ()
    """What stops: sentences."""
    steps: int = 0
    """Resources that change."""
    hidden: tuple[str, ...] = ()
    """Places where the review has a value, and the preview does not show one."""
    left_open: tuple[str, ...] = ()
    """Places where the review itself has no value: secrets, what is known after apply, what was assumed."""
    notes: tuple[str, ...] = ()
    """What the reader should know and what does not stop."""

    @property
    def not_compared(self) -> int:
        return len(self.hidden) + len(self.left_open)


@dataclass(slots=True)
class Findings:
    """Gathers a verdict."""

    more: list[str] = field(default_factory=list[str])
    hidden: list[str] = field(default_factory=list[str])
    left_open: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])

    def under(self, name: str, other: Findings) -> None:
        """Take over what was found about one thing, with its name before each sentence."""
        for mine, theirs in (
            (self.more, other.more),
            (self.hidden, other.hidden),
            (self.left_open, other.left_open),
            (self.notes, other.notes),
        ):
            mine += [f"{name}: {text}" for text in theirs]

    def verdict(self, steps: int, most: int | None = None) -> Verdict:
        """`most`: how many places may stay uncompared; without it none that the review knew."""
        more = list(dict.fromkeys(self.more))
        hidden, left_open = list(dict.fromkeys(self.hidden)), list(dict.fromkeys(self.left_open))
        if most is None and hidden:
            more += [f"{place} {_HIDDEN}" for place in hidden]
        if most is None and len(left_open) > MOST_LEFT_OPEN:
            more.append(_too_many(len(left_open), MOST_LEFT_OPEN))
        if most is not None and len(hidden) + len(left_open) > most:
            more.append(_too_many(len(hidden) + len(left_open), most))
        return Verdict(tuple(more), steps, tuple(hidden), tuple(left_open), tuple(dict.fromkeys(self.notes)))


def _too_many(found: int, most: int) -> str:
    return f"{found} places could not be compared, and {most} may be: look at them, then allow them by --max-not-compared {found}."


def text(verdict: Verdict) -> str:
    """For people; nothing in it is taken from a file as it stands there."""
    return "".join(f"{short(line, _LINE)}\n" if line else "\n" for line in _lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    if verdict.more:
        yield "This is more than was reviewed. Apply nothing until it is reviewed."
        yield from _listed(verdict.more)
    else:
        step = "resource changes" if verdict.steps == 1 else "resources change"
        yield f"This is what was reviewed, or less: {verdict.steps} {step}."
    if not any(line.endswith(_HIDDEN) for line in verdict.more) and verdict.hidden:
        yield "Not compared, because the preview does not show it:"
        yield from _listed(verdict.hidden)
    if verdict.left_open:
        yield "Not compared, because the review does not know it:"
        yield from _listed(verdict.left_open)
    yield from verdict.notes


def _listed(sentences: Iterable[str]) -> Iterator[str]:
    found = list(sentences)
    yield from (f"  {sentence}" for sentence in found[:_MOST_LINES])
    if len(found) > _MOST_LINES:
        yield f"  and {len(found) - _MOST_LINES} more"
