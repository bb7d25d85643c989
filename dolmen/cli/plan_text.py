"""The plan of one stack for a terminal, a pipe or a file of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from dolmen.cli import tree
from dolmen.engine.plan import Plan, Severity
from dolmen.stackfile.problems import printable

_KIND_COLUMN = 24


def show(console: Console, plan: Plan, details: bool) -> None:
    console.print(_head(plan), soft_wrap=True)
    console.print()
    for line in tree.lines(tree.roots(plan), details):
        console.print(_tree_line(line, console.width), soft_wrap=True)
    for text in _notes(plan, console.width):
        console.print(text, soft_wrap=True)
    console.print()


def _head(plan: Plan) -> Text:
    region = plan.config.get("aws:region")
    found = tree.counts(plan)
    what = ", ".join(f"{found[word]} to {word}" for word in ("create", "import", "read") if found.get(word))
    parts = [Text(printable(plan.stack), style="bold")]
    if isinstance(region, str):
        parts.append(Text(printable(region)))
    parts.append(Text(what or "nothing to create"))
    head = Text("  ·  ").join(parts)
    head.append(f"   {plan.seconds:.1f} s, no credentials used", style="dim")
    return head


def _tree_line(line: tree.Line, width: int) -> Text:
    text = Text("  ")
    text.append(line.branch, style="dim")
    text.append(line.kind, style="bold")
    text.append(f" {line.name}")
    if line.text:
        used = len(line.branch) + len(line.kind) + 1 + len(line.name)
        text.append(" " * max(2, _KIND_COLUMN * 2 - used))
        text.append(line.text, style="cyan")
    if text.cell_len > width:
        text.truncate(width, overflow="ellipsis")
    return text


def _notes(plan: Plan, width: int) -> Iterator[Text]:
    for diagnostic in plan.diagnostics:
        if diagnostic.severity is not Severity.INFO:
            style = "yellow" if diagnostic.severity is Severity.WARNING else "red"
            yield _labelled(diagnostic.severity.value, printable(diagnostic.message), style, width)
    for kind, label in (("warning", "warning"), ("assumed", "assumed"), ("not-analysed", "not analysed")):
        for note in plan.notes:
            if note.kind == kind:
                yield _labelled(
                    label, printable(f"{note.subject}: {note.detail}"), "yellow" if kind == "warning" else "dim", width
                )


def _labelled(label: str, message: str, style: str, width: int) -> Text:
    text = Text("  ")
    text.append(f"{label}: ", style=style)
    text.append(message)
    wrapped = text.wrap(Console(width=width), max(20, width - 2))
    return Text("\n    ").join(line for line in wrapped)


def show_failure(console: Console, plan: Plan) -> None:
    """Why there is no plan. What the program printed comes first, as it would in a deployment."""
    failure = plan.failure
    if failure is None:
        return
    head = Text(printable(plan.stack), style="bold")
    head.append("  ·  no plan", style="red")
    console.print(head)
    console.print()
    if plan.output.strip():
        for line in plan.output.rstrip().splitlines():
            console.print(Text(f"  {printable(line)}", style="dim"), soft_wrap=True)
        console.print()
    for line in failure.message.expandtabs(4).splitlines():
        console.print(Text(f"  {printable(line)}" if line else ""), soft_wrap=True)
    console.print()
