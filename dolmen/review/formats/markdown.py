"""The report as one comment of a pull request, replaced by the next one (the marker finds it).

The head survives: verdict and matrix come first, and where the limit is reached detail is left out from the bottom, which
the comment says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from dolmen.engine.plan import Plan
from dolmen.review.access.lines import AccessLine, AccessState
from dolmen.review.diff.changes import Operation
from dolmen.review.formats import Format
from dolmen.review.formats.parts import tree
from dolmen.review.formats.parts.markdown_blocks import changes, finding_text
from dolmen.review.formats.parts.markdown_text import LIMIT, block, code, plain, prose, size, span
from dolmen.review.report import access_words, brief, cost_words, stack_outputs, words
from dolmen.review.report.altered import SHOWN_OF_A_REASON, TITLE, Alteration
from dolmen.review.report.build import of_plans
from dolmen.review.report.groups import finding_groups, to_tell
from dolmen.review.report.model import Review, StackReview, Status
from dolmen.review.report.plans import Plans
from dolmen.review.report.ran_in import clause

MARKER = "<!-- dolmen-review -->"
"""The first line of the comment: whoever posts it looks for this line and replaces that comment."""
_MOST_LINES = 12
_MOST_TREE = 120
_MOST_RIGHTS = 20
_MOST_COSTS = 60
_HEAD = 2
"""Lines of a table above its rows."""
_RIGHT = 300
_LEFT_OUT = 400
"""Characters kept free to say what was left out."""


def markdown(review: Review, limit: int = LIMIT) -> str:
    head = [MARKER, f"### {prose(words.verdict(review))}", "", *_trust(review)]
    foot = _foot(review)
    resting = [prose(rest), ""] if (rest := brief.resting(review)) else []
    room = limit - size("\n".join([*head, *resting, *foot])) - _LEFT_OUT
    rows, left_out_rows = _fitting(_rows(review), room)
    room -= sum(size(row) + 2 for row in rows)
    body: list[str] = []
    left_out: list[str] = []
    for stack in review.stacks:
        like = brief.failed_before(review, stack)
        section, missing = _section(stack, like, room) if not left_out else ([], len(_blocks(stack, like)))
        room -= sum(size(text) + 2 for text in section)
        body += section
        if missing:
            left_out.append(stack.name)
    notice = _notice(left_out_rows, left_out)
    return "\n".join([*head, *rows, "", *resting, *body, *notice, *foot])


def _fitting(rows: list[str], room: int) -> tuple[list[str], int]:
    kept: list[str] = []
    for index, row in enumerate(rows):
        room -= size(row) + 2
        if room < 0:
            return kept, len(rows) - index
        kept.append(row)
    return kept, 0


def _notice(rows: int, stacks: list[str]) -> list[str]:
    if not rows and not stacks:
        return []
    parts = [f"{rows} more stacks are not in the table" if rows else ""]
    if stacks:
        names = words.listed([span(name, 40) for name in stacks], 4)
        parts.append(f"details of {names} are left out or cut short")
    text = "; ".join(part for part in parts if part)
    return [f"**Left out for length:** {text}. The full report is in the HTML and JSON files.", ""]


# ---- head


def _trust(review: Review) -> list[str]:
    """What was not compared, and what the change does to that by which it is judged."""
    lines = [f"- {prose(sentence)}" for sentence in review.not_compared[1:]]
    lines += [""] if lines else []
    if review.altered:
        entries = [_alteration(one) for one in review.altered]
        lines += [f"**{TITLE}**", words.listed(entries, _MOST_LINES, "\n", "\n- … {} more"), ""]
    return lines


def _alteration(one: Alteration) -> str:
    place = f" · {span(str(one.position), 100)}" if one.position else ""
    quote = f"  \n  Its author writes: {span(one.quote, SHOWN_OF_A_REASON)}" if one.quote else ""
    return f"- {prose(one.text)}{place}{quote}"


def _rows(review: Review) -> list[str]:
    head = ["| stack | + | ~ | ± | − | worst effect | policies | USD a month |", "|---|--:|--:|--:|--:|---|---|--:|"]
    rows = [_row(stack, review.base is not None) for stack in brief.in_table(review)]
    return head + rows if rows else []


def _row(stack: StackReview, compared: bool) -> str:
    counts = stack.counts
    numbers = [str(n) for n in (counts.create, counts.update)]
    numbers += [f"**{n}**" if n else "0" for n in (counts.replace, counts.delete)]
    worst = plain(words.worst_cell(stack))
    if words.is_harmful(stack):
        worst = f"**{worst}**"
    policies = plain(words.policy_cell(stack))
    if any(finding.stops for finding in stack.broken):
        policies = f"**{policies}**"
    name = code(stack.name, 60)
    name = f"**{name}**" if stack.important else name
    return f"| {' | '.join([name, *numbers, worst, policies, plain(cost_words.cell(stack, compared=compared))])} |"


# ---- one stack


def _section(stack: StackReview, like: str, room: int) -> tuple[list[str], int]:
    """The folded section, as long as there is room, and how many of its blocks are missing."""
    blocks = _blocks(stack, like)
    if not blocks:
        return [], 0
    opening = f"<details><summary>{code(stack.name, 60)}: {_about(stack)}</summary>"
    room -= size(opening) + 40
    kept: list[str] = []
    for text in blocks:
        room -= size(text) + 4
        if room < 0:
            break
        kept += [text, ""]
    missing = len(blocks) - len(kept) // 2
    if not kept:
        return [], missing
    cut = [f"… {missing} more are left out for length.", ""] if missing else []
    return [opening, "", *kept, *cut, "</details>", ""], missing


def _about(stack: StackReview) -> str:
    shown = [change for change in stack.changes if change.operation is not Operation.SAME and change.custom]
    parts = [f"{len(shown)} change{'' if len(shown) == 1 else 's'}"]
    if stack.status in (Status.ADDED, Status.FAILED):
        parts = [stack.status.value, *parts]
    if stack.status is Status.UNDESCRIBED:
        parts = [words.worst_cell(stack)]
    if stack.plan is not None:
        parts = [f"added, {stack.resources} resource{'' if stack.resources == 1 else 's'}"]
    if stack.renamed_from:
        parts.append(f"renamed from {code(stack.renamed_from, 60)}")
    return ", ".join(parts)


def _blocks(stack: StackReview, like: str) -> list[str]:
    if brief.rests(stack):
        return []
    blocks: list[str] = []
    if like:
        blocks.append(f"The program cannot be evaluated, as for {span(like, 60)}.")
    elif stack.failure is not None:
        blocks.append(f"The program cannot be evaluated.\n\n{block(stack.failure.message)}")
    findings = to_tell(stack)
    blocks += map(finding_text, (*findings.stopping, *findings.standing))
    blocks += [_tree(stack.plan)] if stack.plan is not None else []
    blocks += changes(stack)
    blocks += _access(stack)
    outputs = stack_outputs.sentence(stack.outputs, stack.outputs_gone, stack.outputs_new)
    if outputs:
        blocks.append(f"**Stack outputs:** {prose(outputs)}.")
    blocks += map(finding_text, (*findings.others, *findings.gone))
    if findings.before:
        blocks.append(f"As before: {plain(findings.before)}.")
    return blocks + _cost(stack)


def _tree(plan: Plan) -> str:
    """What a stack without a base would be, as the plan shows it."""
    lines = (
        "  ".join(part for part in (f"{one.branch}{one.kind} {one.name}".rstrip(), one.text) if part)
        for one in tree.lines(tree.roots(plan), details=False)
    )
    return block("\n".join(lines), _MOST_TREE)


def _access(stack: StackReview) -> list[str]:
    lines = access_words.lines(stack.access)
    if not lines:
        return []
    told = [_right(line) for line in lines]
    return [
        f"**{prose(access_words.title(stack.access))}**\n" + words.listed(told, _MOST_RIGHTS, "\n", "\n- … {} more")
    ]


def _right(line: AccessLine) -> str:
    text = span(line.text, _RIGHT)
    return f"- **{text}**" if line.wildcard and line.state is AccessState.WIDER else f"- {text}"


def _cost(stack: StackReview) -> list[str]:
    """What a change costs, or what a new stack would; every line of it below, folded."""
    said = cost_words.sentence(stack.cost)
    if not said:
        return []
    both = stack.cost.before is not None and not stack.cost.stays
    heads = ("before", "after", "difference") if both else ("USD a month",)
    lines = [f"| | {' | '.join(heads)} | |", f"|---|{'--:|' * len(heads)}---|"]
    for row in cost_words.rows(stack.cost, changed=both)[:_MOST_COSTS]:
        numbers = (row.before, row.after, row.difference) if both else (row.before if stack.cost.stays else row.after,)
        lines.append(f"| {' | '.join((code(row.what, 200), *map(plain, numbers), prose(row.how)))} |")
    summary = "<details><summary>What it is counted from</summary>"
    table = ["\n".join([summary, "", *lines, "", "</details>"])] if len(lines) > _HEAD else []
    return [f"**USD a month:** {prose(said)}.", *table]


# ---- foot


def _foot(review: Review) -> list[str]:
    lines = [finding_text(group) for group in finding_groups(review.findings)[:20]]
    particular = _listed(brief.particular(review))
    lines += [f"Not analysed: {particular}."] if particular else []
    usual = f"<details><summary>Not analysed: {plain(brief.usual(review))}.</summary>"
    ran = f"{' → '.join(span(side) for side in words.sides(review))}, {review.seconds:.1f} s{plain(clause(review.surroundings))}."
    separated = [part for line in lines for part in (line, "")]
    full = [usual, "", f"{_listed(words.not_analysed(review))}.", "", "</details>", ""]
    return [*separated, *full, f"<sub>{ran}</sub>", ""]


def _listed(notes: Sequence[str]) -> str:
    return words.listed([prose(note) for note in notes], _MOST_LINES, "; ", "; {} more")


def write_plans(plans: Plans, stream: TextIO) -> None:
    write_review(of_plans(plans), stream)


def write_review(review: Review, stream: TextIO) -> None:
    stream.write(markdown(review))


FORMAT = Format("text/markdown", ".md", write_plans, write_review)
