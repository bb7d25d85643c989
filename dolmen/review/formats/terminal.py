"""The report for a terminal, good in 80 columns and without colours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dolmen.review.diff.changes import SIGNS, Operation, ResourceChange
from dolmen.review.diff.values import PropertyChange
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect
from dolmen.review.formats import Format
from dolmen.review.formats.parts.clean import one_line, short, visible
from dolmen.review.formats.parts.console import console as console_on
from dolmen.review.formats.parts.plan_text import show, show_failure
from dolmen.review.report import words
from dolmen.review.report.findings import Finding
from dolmen.review.report.groups import Group, finding_groups, groups
from dolmen.review.report.model import Review, StackReview, Status
from dolmen.review.report.plans import Plans

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


def write_plans(plans: Plans, stream: TextIO, *, details: bool = False) -> None:
    """What could not be planned goes to standard error, which stays visible when the rest goes to a file."""
    console = console_on(stream)
    for stack in plans.stacks:
        if stack.plan.failure is None:
            show(console, stack, details)
    for stack in plans.stacks:
        show_failure(console_on(sys.stderr), stack.plan)


def write_review(review: Review, stream: TextIO) -> None:
    print_review(console_on(stream), review)


def print_review(console: Console, review: Review) -> None:
    harmful = any(harms(change.effects) for _, change in review.changes()) or any(
        one.refused.findings for one in review.stacks
    )
    console.print(Text(visible(words.verdict(review)), style="bold red" if harmful else "bold"), soft_wrap=False)
    console.print(
        Text(f"{visible(' → '.join(words.sides(review)))}, {review.seconds:.1f} s, no credentials used", style="dim"),
        soft_wrap=False,
    )
    console.print()
    console.print(_matrix(review), soft_wrap=False)
    for stack in review.stacks:
        _stack(console, stack)
    _findings(console, review.findings)
    _not_analysed(console, review)


def _matrix(review: Review) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, expand=False)
    table.add_column("stack", overflow="fold")
    for sign in "+~±−":
        table.add_column(sign, justify="right")
    table.add_column("worst effect", overflow="fold")
    table.add_column("policies")
    table.add_column("USD a month", justify="right")
    for one in review.stacks:
        counts = (one.counts.create, one.counts.update, one.counts.replace, one.counts.delete)
        name = Text(short(one.name, 30), style="bold" if one.important else "")
        numbers = [Text(str(n), style="" if n else "dim") for n in counts]
        worst = one.worst
        style = "red" if one.refused.findings or (worst and harms([worst[1]])) else ""
        table.add_row(
            name, *numbers, Text(words.worst_cell(one), style=style), words.policy_cell(one), words.cost_cell(one)
        )
    return table


def _stack(console: Console, stack: StackReview) -> None:
    if stack.status is Status.SAME and not stack.speaks:
        return
    console.print()
    title = Text(short(stack.name, 60), style="bold")
    title.append(f"  {_about(stack)}", style="dim")
    console.print(title, soft_wrap=False)
    if stack.failure is not None:
        _print(console, Text(_lines(stack.failure.message)), 2)
    for group in groups(stack.changes):
        _group(console, group)
    for output in stack.outputs:
        _print(console, _property(output, "output "), 2)
    _findings(console, stack.findings)
    _cost(console, stack)


def _about(stack: StackReview) -> str:
    parts = [stack.region, stack.tier, stack.status.value]
    if stack.renamed_from:
        parts.append(f"from {stack.renamed_from}")
    return visible(" · ".join(part for part in parts if part))


def _group(console: Console, group: Group) -> None:
    change = group.first
    line = Text(f"{SIGNS[change.operation]} ", style=_COLOURS.get(change.operation, ""))
    line.append(visible(group.title), style="bold")
    if not group.others:
        line.append(f" {short(change.name, 60)}", style="bold")
    line.append(f"  {words.happening(change)}")
    _print(console, line, 2)
    if group.others:
        _print(console, Text(words.listed([short(name, 60) for name in group.names])), 6)
    for text in _details(change):
        _print(console, text, 6)


def _print(console: Console, text: Text, indent: int) -> None:
    console.print(Padding(text, (0, 0, 0, indent), expand=False), soft_wrap=False)


def _details(change: ResourceChange) -> Iterator[Text]:
    if change.renamed_from:
        yield Text(short(f"was {change.renamed_from.rsplit('::', 1)[-1]}"), style="dim")
    stays = change.operation not in (Operation.CREATE, Operation.IMPORT, Operation.DELETE, Operation.FORGET)
    yield from (_property(one) for one in change.properties if stays)
    yield from (_property(one, "ignored: ") for one in change.ignored)
    yield from (_property(one, "option ") for one in change.options)
    for effect in words.explained(change):
        yield from _effect(effect)
    for sentence in change.blocked:
        yield Text(visible(sentence), style="bold")
    for cause in change.causes:
        key = f"  {cause.key}" if cause.key else ""
        yield Text(short(f"{'' if cause.certain else 'perhaps '}{cause.position}{key}"), style="dim")


def _property(change: PropertyChange, prefix: str = "") -> Text:
    text = Text(prefix)
    text.append(short(change.label, _LABEL), style="cyan")
    values = words.old_and_new(change)
    if values is None:
        text.append(f"  {short(words.without_values(change), 120)}", style="dim")
    elif words.only_new(change):
        text.append(f"  {short(values[1], _VALUE)}")
    else:
        text.append(f"  {short(values[0], _VALUE)} → {short(values[1], _VALUE)}")
    return text


def _effect(effect: Effect) -> Iterator[Text]:
    yield Text(visible(effect.why))
    if effect.data_note:
        yield Text(visible(effect.data_note))
    if effect.safe_path:
        yield Text(visible(f"Safe path: {effect.safe_path}"))


def _findings(console: Console, findings: tuple[Finding, ...]) -> None:
    for group in finding_groups(findings):
        finding = group.first
        text = Text(f"{words.finding_state(finding)}: ", style="bold red" if finding.stops else "bold")
        text.append(visible(finding.title))
        registered = f", registered at {finding.registered}" if finding.registered else ""
        place = f" ({finding.position}{registered})" if finding.position else ""
        if group.names:
            text.append(f"\n{words.listed([short(name, 60) for name in group.names])}")
        text.append(f"\n{one_line(words.message(finding))}{visible(place)}")
        if finding.remedy:
            text.append(f"\n{visible(finding.remedy)}")
        if finding.acceptance:
            until = f" until {finding.acceptance.until}" if finding.acceptance.until else ""
            text.append(f"\nAccepted{visible(until)}: {visible(finding.acceptance.reason)}")
        _print(console, text, 2)


def _cost(console: Console, stack: StackReview) -> None:
    lines = stack.cost.changed
    if not lines or stack.status is Status.ADDED:
        return
    for line in lines[:8]:
        text = f"{short(line.resource, 50)}: {visible(line.item)} {words.money(line.before)} → {words.money(line.after)} USD a month"
        _print(console, Text(text, style="dim"), 2)


def _not_analysed(console: Console, review: Review) -> None:
    notes = [short(note, 120) for note in words.not_analysed(review)]
    console.print()
    console.print(Text(f"Not analysed: {'; '.join(notes)}.", style="dim"), soft_wrap=False)


def _lines(message: str) -> str:
    return "\n".join(visible(line) for line in message.splitlines()[:40])


FORMAT = Format("text/plain", ".txt", write_plans, write_review, plans_in_detail=partial(write_plans, details=True))
