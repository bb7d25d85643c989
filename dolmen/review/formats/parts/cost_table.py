"""What a stack costs, line by line, for a terminal of 80 columns."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.text import Text

from dolmen.review.cost.change import Cost
from dolmen.review.formats.parts.clean import short, visible
from dolmen.review.report import cost_words

_NUMBER = 13
"""Columns of `1,234–12,345`."""
_LONGEST = 200


def show_cost(console: Console, stack: str, cost: Cost) -> None:
    """The rows with their numbers, each above what kind of number it is; the total last."""
    both = cost.before is not None and not cost.stays
    numbers = 3 if both else 1
    room = max(24, console.width - 2 - numbers * (_NUMBER + 1))
    found = cost_words.rows(cost)
    if not found:
        return
    heads = ("before", "after", "difference") if both else ("USD a month",)
    title = f"{short(stack, 40)}, USD a month" if both else short(stack, 40)
    console.print(_line(Text(title, style="bold"), heads, room, "dim"), soft_wrap=True)
    for row in found:
        cells = (row.before, row.after, row.difference) if both else (row.before if cost.stays else row.after,)
        first, *rest = textwrap.wrap(visible(short(row.what, _LONGEST)), room - 2, break_on_hyphens=False)
        console.print(_line(Text(f"  {first}"), cells, room, ""), soft_wrap=True)
        for piece in rest:
            console.print(Text(f"    {piece}"), soft_wrap=True)
        for piece in textwrap.wrap(visible(row.how), console.width - 6, break_on_hyphens=False):
            console.print(Text(f"      {piece}", style="dim"), soft_wrap=True)
    for said, side in (("before", cost.before), ("after" if both else "total", cost.after)):
        known = "unknown" if side is None else cost_words.total(side)
        if side is not None or (both and not cost.comparable):
            for piece in textwrap.wrap(visible(f"{said}: {known}"), console.width - 2):
                console.print(Text(f"  {piece}"), soft_wrap=True)
    console.print()


def _line(left: Text, cells: tuple[str, ...], room: int, style: str) -> Text:
    left.append(" " * max(1, room + 2 - left.cell_len))
    for cell in cells:
        left.append(f"{cell:>{_NUMBER}} ", style=style)
    left.rstrip()
    return left
