"""Blocks and findings as lines of a terminal: wrapped at its width, continued below their own beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from dolmen.review.diff.changes import SIGNS, Cause, Operation
from dolmen.review.effects.model import Effect
from dolmen.review.formats.parts.clean import one_line, short, visible
from dolmen.review.report import words
from dolmen.review.report.baseline import Baseline
from dolmen.review.report.block import Block
from dolmen.review.report.groups import FindingGroup
from dolmen.review.report.values import Values

_COLOURS = {
    Operation.CREATE: "green",
    Operation.IMPORT: "green",
    Operation.UPDATE: "yellow",
    Operation.REPLACE: "magenta",
    Operation.DELETE: "red",
    Operation.FORGET: "red",
}
_VALUE = 60
_LABEL = 110
_NAME = 60
_HANGING = 2
"""Columns by which a continued line is set in."""
_NARROWEST = 24
_MOST_NAMES = 70
"""Characters of names that are told of what does no harm."""


def write(console: Console, text: Text, indent: int = 0) -> None:
    """One paragraph; nothing is cut, and no line ends in spaces."""
    hanging = indent + (_HANGING if indent else 0)
    lines = text.wrap(console, max(_NARROWEST, console.width - indent)) if text.plain else [text]
    begin = lines[0].copy()
    begin.rstrip()
    console.print(Text(" " * indent) + begin, soft_wrap=True)
    rest = text[len(begin.plain) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
    for line in rest.wrap(console, max(_NARROWEST, console.width - hanging)) if rest.plain else []:
        line.rstrip()
        console.print(Text(" " * hanging) + line, soft_wrap=True)


def block_lines(block: Block) -> Iterator[tuple[int, Text]]:
    """(indent, text)"""
    title, sentences = _title(block), _sentences(block.effects)
    if len(block.members) > 1:
        title.append(f": {_kinds(block) if block.mixed and not block.named else _names(block)}")
    if not block.values and sentences:
        title.append(f". {visible(sentences.pop(0))}")
    yield 2, title
    if block.first.renamed_from:
        yield 4, Text(short(f"was {block.first.renamed_from.rsplit('::', 1)[-1]}"), style="dim")
    if not _runs_in(block):
        yield from ((4, value_line(one)) for one in block.values)
    yield from ((4, Text(visible(sentence))) for sentence in sentences)
    if block.like:
        yield 4, Text(f"As for {short(block.like, _NAME)}.", style="dim")
    for sentence in block.first.blocked:
        yield 4, Text(visible(sentence), style="bold")
    if block.accepted is not None:
        yield 4, Text(visible(f"Accepted until {block.accepted.until}: {block.accepted.reason}"))
    for one in block.causes:
        yield 4, Text(cause(one), style="dim")


def _title(block: Block) -> Text:
    change = block.first
    line = Text(f"{SIGNS[change.operation]} ", style=_COLOURS.get(change.operation, ""))
    if _runs_in(block):
        line.append_text(value_line(block.values[0]))
        line.append(f" on {block.title}", style="bold")
    else:
        line.append(visible(block.title), style="bold")
        if len(block.members) == 1:
            line.append(f" {short(change.name, _NAME)}", style="bold")
    line.append(f" {words.happening(change)}")
    worst = change.worst
    if change.operation in (Operation.DELETE, Operation.REPLACE) and worst is not None and worst.down_for_long:
        line.append(f", {words.outage(worst)}")
    return line


def _runs_in(block: Block) -> bool:
    """Whether the one value that many resources share is the title."""
    return block.mixed and len(block.values) == 1


def _names(block: Block) -> str:
    """All of them where it does harm, else as many as fit in a line or two."""
    names = [short(name, _NAME) for name in block.names]
    most, used = 0, 0
    while most < len(names) and (block.named or not most or used + len(names[most]) <= _MOST_NAMES):
        used += len(names[most]) + 2
        most += 1
    return words.listed(names, most if len(names) > most + 1 else len(names))


def _kinds(block: Block) -> str:
    kinds = [short(kind, _NAME) for kind in block.kinds]
    most = 3 if block.values and len(kinds) > words.MOST_NAMES else len(kinds)
    return words.listed(kinds, most, more=" and {} more types")


def cause(one: Cause) -> str:
    key = f"  {one.key}" if one.key else ""
    return short(f"{'' if one.certain else 'perhaps '}{one.position}{key}")


def value_line(one: Values) -> Text:
    text = Text(one.prefix)
    text.append(short(one.label, _LABEL), style="cyan")
    values = words.old_and_new(one.change)
    if one.items:
        text.append("".join(f"  {sign} {short(value, _VALUE)}" for sign, value in one.items))
    elif values is None:
        text.append(f"  {short(words.without_values(one.change), 120)}", style="dim")
    elif words.only_new(one.change):
        text.append(f"  {short(values[1], _VALUE)}")
    else:
        text.append(f"  {short(values[0], _VALUE)} → {short(values[1], _VALUE)}")
    if one.also:
        text.append(f"  ({short(', '.join(one.also), _LABEL)})", style="dim")
    if one.cause is not None:
        text.append(f"  {short(str(one.cause.position))}", style="dim")
    return text


def _sentences(effects: Sequence[Effect]) -> list[str]:
    """What happens as one paragraph, then the ways around it."""
    happens = " ".join(sentence for effect in effects for sentence in (effect.why, effect.data_note) if sentence)
    paths = [f"Safe path: {effect.safe_path}" for effect in effects if effect.safe_path]
    return [happens, *paths] if happens else paths


def finding(group: FindingGroup) -> Text:
    one = group.first
    gone, stands = group.state is Baseline.ABSENT, group.state is Baseline.UNCHANGED
    state = "no longer" if gone else words.finding_state(one) + (", as before" if stands and one.stops else "")
    text = Text(f"{state}: ", style="bold red" if one.stops and not gone else "bold")
    text.append(visible(one.title.rstrip(".") if gone or stands else one.title))
    names = [short(name, _NAME) for name in group.names]
    if gone or stands:
        about = f"{len(names)} resources" if gone and len(names) > 1 else ", ".join(names)
        text.append(f" ({about})" if about else "")
        return text
    if names:
        text.append(f" {', '.join(names)}:")
    registered = f", registered at {one.registered}" if one.registered else ""
    place = f" ({one.position}{registered})" if one.position else ""
    text.append(f" {' '.join(map(one_line, group.messages))}{visible(place)}")
    if one.remedy:
        text.append(f" {visible(one.remedy)}")
    if one.acceptance:
        until = f" until {one.acceptance.until}" if one.acceptance.until else ""
        text.append(f" Accepted{visible(until)}: {visible(one.acceptance.reason)}")
    return text
