"""The report for a terminal, good in 80 columns and without colours."""

from __future__ import annotations

import sys
from functools import partial
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dolmen.engine.plan import Plan
from dolmen.review.access.lines import AccessState
from dolmen.review.cost.change import Cost
from dolmen.review.formats import Format
from dolmen.review.formats.parts.clean import one_line, short, visible
from dolmen.review.formats.parts.console import console as console_on
from dolmen.review.formats.parts.cost_table import show_cost
from dolmen.review.formats.parts.plan_text import show, show_failure, show_tree
from dolmen.review.formats.parts.terminal_text import block_lines, cause, finding, value_line, write
from dolmen.review.report import access_words, brief, cost_words, stack_outputs, words
from dolmen.review.report.altered import SHOWN_OF_A_REASON, TITLE
from dolmen.review.report.blocks import told
from dolmen.review.report.groups import finding_groups, to_tell
from dolmen.review.report.model import Review, StackReview, Status
from dolmen.review.report.plans import Plans
from dolmen.review.report.ran_in import clause

_RIGHT = 240
_MOST_RIGHTS = 12


def write_plans(plans: Plans, stream: TextIO, *, details: bool = False) -> None:
    """What could not be planned goes to standard error, which stays visible when the rest goes to a file."""
    console = console_on(stream)
    for stack in plans.stacks:
        if stack.plan.failure is None:
            show(console, stack, details)
    for group in finding_groups(plans.findings):
        write(console, finding(group), 2)
    alike: dict[tuple[object, ...], list[Plan]] = {}
    for stack in plans.stacks:
        alike.setdefault((stack.plan.failure, stack.plan.output, stack.plan.notes), []).append(stack.plan)
    for some in alike.values():
        show_failure(console_on(sys.stderr), some[0], [plan.stack for plan in some])


def write_review(review: Review, stream: TextIO) -> None:
    print_review(console_on(stream), review)


def print_review(console: Console, review: Review) -> None:
    harmful = bool(review.not_compared) or any(map(words.is_harmful, review.stacks))
    write(console, Text(visible(words.verdict(review)), style="bold red" if harmful else "bold"))
    sides = visible(" → ".join(words.sides(review)))
    write(console, Text(f"{sides}, {review.seconds:.1f} s{clause(review.surroundings, short=True)}", style="dim"))
    console.print()
    _trust(console, review)
    _matrix(console, review)
    shown = [one for one in review.stacks if not brief.rests(one)]
    for stack in shown:
        console.print()
        like = brief.failed_before(review, stack)
        _stack(
            console,
            stack,
            like,
            titled=len(shown) > 1 or bool(stack.renamed_from) or stack.status is not Status.CHANGED,
        )
    for group in finding_groups(review.findings):
        write(console, finding(group), 2)
    if not shown:
        console.print()
    open_ends = "; ".join([brief.usual(review), *(short(note, 400) for note in brief.particular(review))])
    write(console, Text(f"Not analysed: {open_ends}.", style="dim"))


def _trust(console: Console, review: Review) -> None:
    """What was not compared, and what the change does to that by which it is judged."""
    for sentence in review.not_compared[1:]:
        write(console, Text(one_line(sentence), style="bold red"))
    if review.altered:
        write(console, Text(TITLE, style="bold red"))
        for one in review.altered:
            place = f" ({one.position})" if one.position else ""
            write(console, Text(one_line(f"{one.text}{place}")), 2)
            if one.quote:
                write(console, Text(f"Its author writes: “{short(one.quote, SHOWN_OF_A_REASON)}”", style="dim"), 6)
    if review.altered or review.not_compared[1:]:
        console.print()


def _matrix(console: Console, review: Review) -> None:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, expand=False)
    table.add_column("stack", overflow="fold")
    for sign in "+~±−":
        table.add_column(f" {sign}", justify="right")
    table.add_column("worst effect", overflow="fold")
    table.add_column("policies", max_width=20)
    table.add_column("USD a month", justify="right", no_wrap=True)
    for one in brief.in_table(review):
        counts = (one.counts.create, one.counts.update, one.counts.replace, one.counts.delete)
        name = Text(short(one.name, 30), style="bold" if one.important else "")
        numbers = [Text(f" {n}", style="" if n else "dim") for n in counts]
        worst = Text(words.worst_cell(one), style="red" if words.is_harmful(one) else "")
        table.add_row(
            name, *numbers, worst, words.policy_cell(one), cost_words.cell(one, compared=review.base is not None)
        )
    with console.capture() as captured:
        console.print(table, soft_wrap=False)
    for line in captured.get().splitlines() if table.rows else []:
        console.out(line.rstrip(), highlight=False)
    if rest := brief.resting(review):
        write(console, Text(visible(rest), style="dim"))


def _stack(console: Console, stack: StackReview, like: str, titled: bool) -> None:
    if titled:
        title = Text(short(stack.name, 60), style="bold")
        title.append(f"  {_about(stack)}", style="dim")
        write(console, title)
    if like:
        write(console, Text(f"As for {short(like, 60)}."), 2)
    elif stack.failure is not None:
        for line in stack.failure.message.splitlines()[:40]:
            write(console, Text(visible(line)), 2)
    findings = to_tell(stack)
    for group in (*findings.stopping, *findings.standing):
        write(console, finding(group), 2)
    if stack.plan is not None:
        show_tree(console, stack.plan)
    _changes(console, stack)
    _access(console, stack)
    outputs = stack_outputs.sentence(stack.outputs, stack.outputs_gone, stack.outputs_new)
    if outputs:
        write(console, Text(visible(f"Stack outputs: {outputs}.")), 2)
    for group in (*findings.others, *findings.gone):
        write(console, finding(group), 2)
    if findings.before:
        write(console, Text(f"As before: {findings.before}.", style="dim"), 2)
    _cost(console, stack)


def _changes(console: Console, stack: StackReview) -> None:
    found = told(words.to_tell(stack), stack.accepted)
    causes = [*([value_line(found.value)] if found.value else []), *(Text(cause(one)) for one in found.causes)]
    for number, one in enumerate(causes):
        write(console, Text("and " if number else "Cause unless said: ", style="dim") + one, 2)
    for block in found.blocks:
        for indent, text in block_lines(block):
            write(console, text, indent)


def _access(console: Console, stack: StackReview) -> None:
    lines = access_words.in_short(stack.access)
    if not lines:
        return
    write(console, Text(access_words.title(stack.access), style="bold"), 2)
    for line in lines[:_MOST_RIGHTS]:
        text = Text(f"{access_words.SIGNS[line.state]} {visible(short(line.text, _RIGHT))}")
        text.stylize("bold red" if line.wildcard and line.state is AccessState.WIDER else "")
        write(console, text, 4)
    if len(lines) > _MOST_RIGHTS:
        write(console, Text(f"… {len(lines) - _MOST_RIGHTS} more", style="dim"), 4)


def _about(stack: StackReview) -> str:
    parts = [stack.region, stack.tier, stack.status.value]
    if stack.renamed_from:
        parts.append(f"from {stack.renamed_from}")
    return visible(" · ".join(part for part in parts if part))


def _cost(console: Console, stack: StackReview) -> None:
    if said := cost_words.sentence(stack.cost):
        write(console, Text(visible(f"USD a month: {said}"), style="dim"), 2)


def write_plans_cost(plans: Plans, stream: TextIO) -> None:
    """`--cost`: every line of what each stack costs."""
    for stack in plans.stacks:
        if stack.plan.failure is None:
            show_cost(console_on(stream), stack.plan.stack, Cost(None, stack.cost))


def write_review_cost(review: Review, stream: TextIO) -> None:
    for stack in review.stacks:
        show_cost(console_on(stream), stack.name, stack.cost)


FORMAT = Format(
    "text/plain",
    ".txt",
    write_plans,
    write_review,
    plans_in_detail=partial(write_plans, details=True),
    plans_cost=write_plans_cost,
    review_cost=write_review_cost,
)
