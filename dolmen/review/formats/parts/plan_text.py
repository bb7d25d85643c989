"""The plan of one stack for a terminal, a pipe or a file of 80 columns."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from dolmen.engine.plan import Plan, Severity
from dolmen.review.formats.parts import tree
from dolmen.review.formats.parts.clean import one_line
from dolmen.review.formats.parts.terminal_text import write
from dolmen.review.report import cost_words
from dolmen.review.report.asked import asked
from dolmen.review.report.findings import Finding
from dolmen.review.report.plans import PlannedStack
from dolmen.review.report.policy_findings import PolicyFindings
from dolmen.review.report.ran_in import clause
from dolmen.review.report.refused import RefusedInputs
from dolmen.review.report.words import checked_text
from dolmen.stackfile.problems import printable

_TEXT_COLUMN = 30


def show(console: Console, stack: PlannedStack, details: bool) -> None:
    plan = stack.plan
    head, ran_in = _head(plan), clause(plan.surroundings)
    if head.cell_len + len(ran_in) <= console.width:
        console.print(head.append(ran_in, style="dim"), soft_wrap=True)
    else:
        console.print(head, soft_wrap=True)
        write(console, Text(ran_in.removeprefix(", "), style="dim"), 2)
    console.print()
    show_tree(console, plan, details)
    for text in (
        *_cost(stack, console.width),
        *_refused(stack.refused, console.width),
        *_overridden(stack.overridden, console.width),
        *_policies(stack.policy, console.width, details),
        *_notes(plan, console.width),
    ):
        console.print(text, soft_wrap=True)
    if details:
        show_asked(console, plan)
    console.print()


def show_asked(console: Console, plan: Plan) -> None:
    """What the program asked and nobody answered, to be copied into a lookups file."""
    if text := asked(plan):
        console.print(Text("\n  Not answered. With results filled in, this is a file for --lookups:\n", style="dim"))
        for line in text.splitlines():
            console.print(Text(f"    {printable(line)}"), soft_wrap=True)


def show_tree(console: Console, plan: Plan, details: bool = False) -> None:
    """The components with what matters of them; `details`: every resource."""
    for line in tree.lines(tree.roots(plan), details):
        console.print(_tree_line(line, console.width), soft_wrap=True)


def _cost(stack: PlannedStack, width: int) -> Iterator[Text]:
    """One line: the sum of what has a price, and what has none."""
    found = stack.cost
    if found.lines:
        yield _labelled("cost", printable(f"{cost_words.total(found)} (--cost shows how)"), "dim", width)


def _refused(refused: RefusedInputs, width: int) -> Iterator[Text]:
    """What providers refuse and ignore, each with its place, and of how much they were asked."""
    for finding in (*refused.findings, *refused.ignored):
        place = f" ({finding.position})" if finding.position else ""
        remedy = f" {finding.remedy}" if finding.remedy else ""
        name = (finding.urn or "").rpartition("::")[2]
        label = finding.title[0].lower() + finding.title[1:]
        yield _labelled(
            label,
            printable(f"{name}: {finding.message}{remedy}{place}"),
            "bold red" if finding.stops else "yellow",
            width,
        )
    if refused.resources:
        yield _labelled("checked", printable(checked_text(refused)), "dim", width)


def _overridden(findings: Iterable[Finding], width: int) -> Iterator[Text]:
    """What the stack file writes past the platform's options, each with its line."""
    for finding in findings:
        place = f" ({finding.position})" if finding.position else ""
        name = (finding.urn or "").rpartition("::")[2]
        yield _labelled("overridden", printable(f"{name}: {finding.message}{place}"), "yellow", width)


def _policies(report: PolicyFindings, width: int, details: bool) -> Iterator[Text]:
    """What must not be, each with its place; what is advised against, counted."""
    if not report.policies:
        return
    broken = [finding for finding in report.findings if finding.stops]
    advised = _counted(f for f in report.findings if not f.stops and f.acceptance is None)
    summary = f"{report.policies} policies, {len(broken) or 'none'} broken" + (
        f"; advised against: {advised}" if advised else ""
    )
    yield _labelled("policies", summary, "dim", width)
    for finding in broken:
        place = f" ({finding.position})" if finding.position else ""
        yield _labelled("  broken", printable(f"{finding.id}: {finding.message}{place}"), "red", width)
    accepted = [finding for finding in report.findings if finding.acceptance is not None]
    for reason in dict.fromkeys(f.acceptance for f in accepted if f.acceptance) if details else ():
        ids = _counted(f for f in accepted if f.acceptance == reason)
        until = f" until {reason.until}" if reason.until else ""
        yield _labelled("  accepted", printable(f"{ids}{until}: {reason.reason}"), "dim", width)
    if accepted and not details:
        yield _labelled("  accepted on record", f"{_counted(accepted)} (--details gives the reasons)", "dim", width)


def _counted(findings: Iterable[Finding]) -> str:
    numbers = Counter(finding.id for finding in findings)
    return printable(", ".join(f"{id} × {number}" if number > 1 else id for id, number in numbers.items()))


def _head(plan: Plan) -> Text:
    region = plan.config.get("aws:region")
    found = tree.counts(plan)
    what = ", ".join(f"{found[word]} to {word}" for word in ("create", "import", "read") if found.get(word))
    parts = [Text(printable(plan.stack), style="bold")]
    if isinstance(region, str):
        parts.append(Text(printable(region)))
    parts.append(Text(what or "nothing to create"))
    head = Text("  ·  ").join(parts)
    head.append(f"   {plan.seconds:.1f} s", style="dim")
    return head


def _tree_line(line: tree.Line, width: int) -> Text:
    """The drawn branch, type and name; the text in a column of its own, continued below itself."""
    left = Text("  ")
    left.append(line.branch, style="dim")
    left.append(line.kind, style="bold")
    if line.name:
        left.append(f" {line.name}")
    if not line.text:
        return left
    column = max(_TEXT_COLUMN, left.cell_len + 2)
    pieces = textwrap.wrap(line.text, max(24, width - column), break_on_hyphens=False) or [""]
    left.append(" " * (column - left.cell_len))
    left.append(pieces[0], style="cyan")
    continued = line.branch.replace("├─ ", "│  ").replace("└─ ", "   ")
    for piece in pieces[1:]:
        left.append(f"\n  {continued}", style="dim")
        left.append(" " * (column - 2 - len(continued)) + piece, style="cyan")
    return left


def _notes(plan: Plan, width: int) -> Iterator[Text]:
    for diagnostic in plan.diagnostics:
        if diagnostic.severity is not Severity.INFO:
            style = "yellow" if diagnostic.severity is Severity.WARNING else "red"
            yield _labelled(diagnostic.severity.value, one_line(diagnostic.message), style, width)
    for kind, label, style in (
        ("warning", "warning", "yellow"),
        ("assumed", "assumed", "dim"),
        ("not-analysed", "not analysed", "dim"),
    ):
        subjects: dict[str, list[str]] = {}
        for note in plan.notes:
            if note.kind == kind:
                subjects.setdefault(note.detail, []).append(_short(note.subject))
        for detail, named in subjects.items():
            yield _labelled(label, one_line(f"{', '.join(dict.fromkeys(named))}: {detail}"), style, width)


def _short(subject: str) -> str:
    """A type or function token by its last word; anything else as it is."""
    return subject.rsplit(":", 1)[-1] if re.fullmatch(r"[\w-]+:[\w./-]+:\w+", subject) else subject


def _labelled(label: str, message: str, style: str, width: int) -> Text:
    first, *rest = textwrap.wrap(f"{label}: {message}", max(24, width - 4), break_on_hyphens=False)
    text = Text(f"  {first}", style=style)
    for line in rest:
        text.append(f"\n    {line}")
    return text


def show_failure(console: Console, plan: Plan, stacks: Sequence[str]) -> None:
    """Why these stacks have no plan. What the program printed comes first, as it would in a deployment."""
    failure = plan.failure
    if failure is None:
        return
    head = Text(printable(", ".join(stacks)), style="bold")
    head.append("  ·  no plan", style="red")
    console.print(head)
    console.print()
    if plan.output.strip():
        for line in plan.output.rstrip().splitlines():
            console.print(Text(f"  {printable(line)}", style="dim"), soft_wrap=True)
        console.print()
    for line in failure.message.expandtabs(4).splitlines():
        console.print(Text(f"  {printable(line)}" if line else ""), soft_wrap=True)
    for text in _notes(plan, console.width):  # what was made up may be why it failed
        console.print(text, soft_wrap=True)
    console.print()
