"""The report as one comment of a pull request, replaced by the next one (the marker finds it).

The head survives: verdict and matrix come first, and where the limit is reached detail is left out from the bottom, which
the comment says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from dolmen.review.cost.estimate import Line
from dolmen.review.diff.changes import SIGNS, Operation
from dolmen.review.diff.values import PropertyChange
from dolmen.review.effects.model import Effect
from dolmen.review.formats import Format
from dolmen.review.formats.parts.clean import short
from dolmen.review.formats.parts.markdown_text import LIMIT, block, code, plain, prose, size, source, span
from dolmen.review.report import words
from dolmen.review.report.build import of_plans
from dolmen.review.report.groups import FindingGroup, Group, finding_groups, groups
from dolmen.review.report.model import Review, StackReview, Status
from dolmen.review.report.plans import Plans

MARKER = "<!-- dolmen-review -->"
"""The first line of the comment: whoever posts it looks for this line and replaces that comment."""
_MOST_PROPERTIES = 40
_MOST_LINES = 12
_LEFT_OUT = 400
"""Characters kept free to say what was left out."""


def markdown(review: Review, limit: int = LIMIT) -> str:
    head = [MARKER, f"### {prose(words.verdict(review))}", ""]
    foot = _foot(review)
    room = limit - size("\n".join([*head, *foot])) - _LEFT_OUT
    rows, left_out_rows = _fitting(_rows(review), room)
    room -= sum(size(row) + 2 for row in rows)
    body: list[str] = []
    left_out: list[str] = []
    for stack in review.stacks:
        section, missing = _section(stack, room) if not left_out else ([], len(_blocks(stack)))
        room -= sum(size(text) + 2 for text in section)
        body += section
        if missing:
            left_out.append(stack.name)
    notice = _notice(left_out_rows, left_out)
    return "\n".join([*head, *rows, "", *body, *notice, *foot])


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


def _rows(review: Review) -> list[str]:
    head = ["| stack | + | ~ | ± | − | worst effect | policies | USD a month |", "|---|--:|--:|--:|--:|---|---|--:|"]
    return head + [_row(stack) for stack in review.stacks]


def _row(stack: StackReview) -> str:
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
    return f"| {' | '.join([name, *numbers, worst, policies, plain(words.cost_cell(stack))])} |"


# ---- one stack


def _section(stack: StackReview, room: int) -> tuple[list[str], int]:
    """The folded section, as long as there is room, and how many of its blocks are missing."""
    blocks = _blocks(stack)
    if not blocks:
        return [], 0
    opening = f"<details><summary>{code(stack.name, 60)}: {plain(_about(stack))}</summary>"
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
    if stack.status in (Status.ADDED, Status.REMOVED, Status.FAILED):
        parts = [stack.status.value, *parts]
    if stack.renamed_from:
        parts.append(f"renamed from {stack.renamed_from}")
    return ", ".join(parts)


def _blocks(stack: StackReview) -> list[str]:
    blocks: list[str] = []
    if stack.failure is not None:
        blocks.append(f"The program cannot be evaluated.\n\n{block(stack.failure.message)}")
    findings = finding_groups(stack.findings)
    blocks += [_finding(group) for group in findings if group.first.stops]
    blocks += [_group(group) for group in groups(stack.changes)]
    if stack.outputs:
        blocks.append("**Outputs of the stack**\n" + "\n".join(_properties(stack.outputs)))
    blocks += _cost(stack)
    for group in findings:
        # Where nothing changes, advice stands in the matrix and in the full report, but what is new.
        if not group.first.stops and (stack.status is not Status.SAME or group.first.in_base is False):
            blocks.append(_finding(group))
    return blocks


def _group(group: Group) -> str:
    change = group.first
    place = [
        f"{span(str(cause.position), 100)}{' ' + span(cause.key, 80) if cause.key else ''}{'' if cause.certain else ' (perhaps)'}"
        for cause in change.causes
    ]
    names = words.listed([span(name, 80) for name in group.names])
    title = f"**{SIGNS[change.operation].strip() or '·'} {plain(group.title)}** {names}"
    if group.component:
        title += f" in {span(group.component, 80)}"
    lines = [f"{title}: {words.happening(change)}" + (f" · {', '.join(place)}" if place else "")]
    if change.renamed_from:
        lines.append(f"\nRenamed from {span(change.renamed_from.rsplit('::', 1)[-1], 80)}.")
    if change.operation in (Operation.UPDATE, Operation.REPLACE, Operation.OPTIONS, Operation.SAME, Operation.READ):
        lines += list(_properties(change.properties))
        lines += list(_properties(change.ignored, "ignored: "))
        lines += list(_properties(change.options, "option "))
    sentences = [text for effect in words.explained(change) for text in _sentences(effect)]
    sentences += [f"**{prose(text)}**" for text in change.blocked]
    if sentences:
        lines += ["", *sentences]
    return "\n".join(lines)


def _sentences(effect: Effect) -> Iterator[str]:
    parts = [prose(effect.why)]
    if effect.downtime != (0, 0):
        parts.append(f"{prose(words.outage(effect)).capitalize()}.")
    if effect.data_note:
        parts.append(prose(effect.data_note))
    if effect.safe_path:
        parts.append(f"Safe path: {prose(effect.safe_path)}")
    if effect.source is not None:
        parts.append(f"<sub>{source(effect.source.reference)}, {effect.source.date}</sub>")
    yield " ".join(parts) + "  "


def _properties(changes: tuple[PropertyChange, ...], prefix: str = "") -> Iterator[str]:
    for change in changes[:_MOST_PROPERTIES]:
        values = words.old_and_new(change)
        if values is None:
            value = prose(short(words.without_values(change)))
        elif words.only_new(change):
            value = span(values[1])
        else:
            value = f"{span(values[0])} → {span(values[1])}"
        yield f"- {prefix}{span(change.label, 100)} {value}"
    if len(changes) > _MOST_PROPERTIES:
        yield f"- … {len(changes) - _MOST_PROPERTIES} more"


def _finding(group: FindingGroup) -> str:
    finding = group.first
    place = f" · {span(str(finding.position), 100)}" if finding.position else ""
    place += f" (registered at {span(str(finding.registered), 100)})" if finding.registered else ""
    state = f"accepted: {prose(finding.acceptance.reason)}" if finding.acceptance else words.finding_state(finding)
    about = f" {words.listed([span(name, 80) for name in group.names])}:" if group.names else ""
    text = f"**{prose(finding.title)}** ({state}){place}  \n{about} {prose(words.message(finding))}".replace(
        "\n ", "\n"
    )
    return f"{text} {prose(finding.remedy)}" if finding.remedy else text


def _cost(stack: StackReview) -> list[str]:
    if stack.status is Status.SAME:
        return []
    parts: list[str] = []
    changed = stack.cost.changed
    if changed:
        lines = [
            f"- {span(line.resource, 80)} {plain(line.item)}: {words.money(line.before)} → {words.money(line.after)}"
            for line in changed
        ]
        parts.append("**USD a month**\n" + words.listed(lines, _MOST_LINES, "\n", "\n- … {} more"))
    after = stack.cost.after
    if after is not None and changed:
        parts += [_apart("Not priced", after.not_priced), _apart("Depends on use", after.by_use)]
    return [part for part in parts if part]


def _apart(title: str, lines: tuple[Line, ...]) -> str:
    shown = words.listed([plain(what) for what in words.apart(lines)], _MOST_LINES, "; ", "; {} more")
    return f"<sub>{title}: {shown}.</sub>" if shown else ""


# ---- foot


def _foot(review: Review) -> list[str]:
    lines = [_finding(group) for group in finding_groups(review.findings)[:20]]
    notes = words.listed([prose(note) for note in words.not_analysed(review)], _MOST_LINES, "; ", "; {} more")
    ran = f"{' → '.join(span(side) for side in words.sides(review))}, {review.seconds:.1f} s, no credentials used."
    separated = [part for line in lines for part in (line, "")]
    return [*separated, f"Not analysed: {notes}.", "", f"<sub>{ran}</sub>", ""]


def write_plans(plans: Plans, stream: TextIO) -> None:
    write_review(of_plans(plans), stream)


def write_review(review: Review, stream: TextIO) -> None:
    stream.write(markdown(review))


FORMAT = Format("text/markdown", ".md", write_plans, write_review)
