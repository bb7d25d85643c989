"""Blocks of changes and findings as Markdown; everything of the repository's is escaped."""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.knowledge.effects import Evidence, Source
from dolmen.review.diff.changes import SIGNS, Cause
from dolmen.review.effects.model import Effect
from dolmen.review.formats.parts.clean import short
from dolmen.review.formats.parts.markdown_text import prose, source, span
from dolmen.review.report import words
from dolmen.review.report.baseline import Baseline
from dolmen.review.report.block import Block
from dolmen.review.report.blocks import told
from dolmen.review.report.groups import FindingGroup
from dolmen.review.report.model import StackReview
from dolmen.review.report.values import Values

_MOST_PROPERTIES = 40
_MOST_HARMED = 200
"""Names of what is harmed in one block; more would push everything else out of a comment."""


def changes(stack: StackReview) -> Iterator[str]:
    found = told(words.to_tell(stack), stack.accepted)
    causes = [*([_value(found.value)] if found.value else []), *map(_cause, found.causes)]
    if causes:
        yield f"Cause unless said: {', '.join(causes)}"
    yield from map(_block, found.blocks)


def _block(one: Block) -> str:
    change = one.first
    about = _kinds(one) if one.mixed and not one.harmful else _names(one)
    title = f"**{SIGNS[change.operation].strip() or '·'} {prose(one.title)}** {about}"
    if one.component:
        title += f" in {span(one.component, 80)}"
    places = "".join(f" · {_cause(cause)}" for cause in one.causes)
    lines = [f"{title}: {words.happening(change)}{places}"]
    if change.renamed_from:
        lines.append(f"\nRenamed from {span(change.renamed_from.rsplit('::', 1)[-1], 80)}.")
    lines += [f"- {_value(value)}" for value in one.values[:_MOST_PROPERTIES]]
    if len(one.values) > _MOST_PROPERTIES:
        lines.append(f"- … {len(one.values) - _MOST_PROPERTIES} more")
    sentences = [text for effect in one.effects for text in _sentences(effect)]
    sentences += [f"As for {span(one.like, 80)}.  "] if one.like else []
    sentences += [f"**{prose(text)}**  " for text in change.blocked]
    if one.accepted is not None:
        sentences.append(f"Accepted until {one.accepted.until}: {prose(one.accepted.reason)}  ")
    return "\n".join([*lines, *(["", *sentences] if sentences else [])])


def _names(one: Block) -> str:
    most = _MOST_HARMED if one.named else words.MOST_NAMES
    return words.listed([span(name, 80) for name in one.names], most)


def _kinds(one: Block) -> str:
    return words.listed([span(kind, 80) for kind in one.kinds], _MOST_PROPERTIES)


def _cause(one: Cause) -> str:
    key = f" {span(one.key, 80)}" if one.key else ""
    return f"{span(str(one.position), 100)}{key}{'' if one.certain else ' (perhaps)'}"


def _sentences(effect: Effect) -> Iterator[str]:
    parts = [prose(effect.why)] if effect.why else []
    if effect.downtime != (0, 0):
        parts.append(f"{prose(words.outage(effect)).capitalize()}.")
    if effect.data_note:
        parts.append(prose(effect.data_note))
    if effect.safe_path:
        parts.append(f"Safe path: {prose(effect.safe_path)}")
    if effect.source is not None:
        parts.append(f"<sub>{_source(effect.source)}</sub>")
    yield " ".join(parts) + "  "


def _source(one: Source) -> str:
    """Cites ours with link and date; an SDK's name links nowhere."""
    return prose(one.reference) if one.evidence is Evidence.SDK else f"{source(one.reference)}, {one.date}"


def _value(one: Values) -> str:
    values = words.old_and_new(one.change)
    if one.items:
        text = ", ".join(f"{sign} {span(value)}" for sign, value in one.items[:_MOST_PROPERTIES])
    elif values is None:
        text = prose(short(words.without_values(one.change)))
    elif words.only_new(one.change):
        text = span(values[1])
    else:
        text = f"{span(values[0])} → {span(values[1])}"
    also = f" ({', '.join(span(name, 60) for name in one.also[:6])})" if one.also else ""
    place = f" · {span(str(one.cause.position), 100)}" if one.cause else ""
    return f"{one.prefix}{span(one.label, 100)} {text}{also}{place}"


def finding_text(group: FindingGroup) -> str:
    one = group.first
    gone, stands = group.state is Baseline.ABSENT, group.state is Baseline.UNCHANGED
    names = words.listed([span(name, 80) for name in group.names], words.MOST_NAMES if gone else _MOST_HARMED)
    if gone or stands:
        state = "no longer" if gone else f"{words.finding_state(one)}, as before"
        return f"**{prose(one.title)}** ({state}) {names}".rstrip()
    place = f" · {span(str(one.position), 100)}" if one.position else ""
    place += f" (registered at {span(str(one.registered), 100)})" if one.registered else ""
    state = words.finding_state(one)
    if one.acceptance:
        until = f" until {prose(one.acceptance.until)}" if one.acceptance.until else ""
        state = f"accepted{until}: {prose(one.acceptance.reason)}"
    said = "  \n".join(map(prose, group.messages))
    text = f"**{prose(one.title)}** ({state}){place}  \n{f'{names}: ' if names else ''}{said}"
    return f"{text} {prose(one.remedy)}" if one.remedy else text
