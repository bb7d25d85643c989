"""Short forms of what a reader needs once: stacks that stay, costs that differ, what was not analysed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from dolmen.engine.plan import Note
from dolmen.review.report import words
from dolmen.review.report.baseline import Baseline, states
from dolmen.review.report.model import Review, StackReview, Status
from dolmen.review.report.policy_findings import NOT_JUDGED


def in_table(review: Review) -> tuple[StackReview, ...]:
    """The stacks that need a line of their own: something changes in them, or something stops them."""
    return tuple(one for one in review.stacks if not rests(one))


def rests(stack: StackReview) -> bool:
    """Nothing changes in it, no finding comes or goes, and nothing stops it."""
    found = states(stack)
    moved = any(state not in (Baseline.UNCHANGED, None) for _, state in found)
    return stack.status is Status.SAME and not moved and not any(finding.stops for finding, _ in found)


def by_need(review: Review) -> tuple[StackReview, ...]:
    """Those with a line of their own, then those that rest."""
    return tuple(sorted(review.stacks, key=rests))


def resting(review: Review) -> str:
    """`development, staging: nothing changes`, of the stacks that have no line of their own."""
    quiet = [one for one in review.stacks if rests(one)]
    said = "no change was seen" if any(one.doubtful for one in quiet) else "nothing changes"
    return f"{words.listed([one.name for one in quiet], 12)}: {said}" if quiet else ""


def failed_before(review: Review, stack: StackReview) -> str:
    """The first stack that fails with the very same words, if that is another one."""
    failure = stack.failure
    same = [one.name for one in review.stacks if failure and one.failure and one.failure.message == failure.message]
    return same[0] if same and same[0] != stack.name else ""


# ---- what was not analysed


def usual(review: Review) -> str:
    """Numbers of what every plan leaves open."""
    return ", ".join(_usual(review, _notes(review)))


def particular(review: Review) -> list[str]:
    """What only these stacks leave open, each in one sentence; `words.not_analysed` has all that is said of it."""
    notes = [note for note in _notes(review) if not _is_usual(note)]
    return [f"{note.subject} ({note.detail.split('. ')[0].rstrip('.')})" for note in notes]


def _notes(review: Review) -> list[Note]:
    return list(dict.fromkeys((*review.notes, *(note for one in review.stacks for note in one.notes))))


def _usual(review: Review, notes: Sequence[Note]) -> Iterator[str]:
    yield "cloud checks"
    yield from _number({note.subject.rsplit(":", 1)[-1] for note in notes if note.kind == "assumed"}, "assumed value")
    yield from _number({token for one in review.stacks for token, _ in one.refused.unknown}, "unknown type")
    yield from dict.fromkeys(note.subject for note in notes if note.kind == NOT_JUDGED)


def _number(of: Collection[str], what: str) -> Iterator[str]:
    if of:
        yield f"{len(of)} {what}{'' if len(of) == 1 else 's'}"


def _is_usual(note: Note) -> bool:
    return note.kind in ("assumed", NOT_JUDGED)
