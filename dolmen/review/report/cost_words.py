"""Words and numbers of what a stack costs, the same in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dolmen.review.cost.change import Cost, CostLine
from dolmen.review.cost.estimate import Estimate
from dolmen.review.cost.lines import WHOLE, Line
from dolmen.review.cost.price import NOTHING, Amount, Kind
from dolmen.review.listing import listed
from dolmen.review.report.model import StackReview

_MOST = 6
_KINDS = {Kind.LIST: "list price", Kind.OWN: "", Kind.DERIVED: "derived", Kind.ESTIMATE: "estimate"}


@dataclass(frozen=True, slots=True)
class Row:
    """Items of one kind that cost the same, on both sides."""

    subject: str
    """The resource, or how many of its type there are."""
    item: str
    before: str
    after: str
    difference: str
    """Empty where nothing changes."""
    how: str
    """What kind of number it is: its rule and its source."""

    @property
    def what(self) -> str:
        return f"{self.subject}: {self.item}"


def money(amount: Amount) -> str:
    low, high = _rounded(amount.low), _rounded(amount.high)
    return low if low == high else f"{low}–{high}"


def signed(amount: Amount) -> str:
    """`+248–459`, `−16`, `−252 to −20`, `−35 to +40`."""
    low, high = amount.low, amount.high
    if low >= 0:
        return f"+{money(amount)}" if high else "0"
    end = f"+{_rounded(high)}" if high > 0 else f"−{_rounded(-high)}" if high < 0 else "0"
    return f"−{_rounded(-low)}" if low == high else f"−{_rounded(-low)} to {end}"


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:,.2f}"


# ---- in a word


def cell(stack: StackReview, *, compared: bool = True) -> str:
    """`812 → 1,140` where both sides hold the same, `+217–444` where they are ranges, `unknown` where nobody knows.

    Where nothing is compared it is the total, `≥` where something in it has no price.
    """
    cost = stack.cost
    if not compared and cost.after is not None:
        return f"{'≥ ' if cost.after.unknown else ''}{money(cost.after.total)}"
    before, after = cost.before, cost.after
    if before is not None and cost.stays:
        return f"{money(before.total)} stays"
    if before is None and after is None:
        return "–"
    if (difference := cost.difference) is None:
        return "unknown"
    if before is not None and after is not None and (cost.joined or not cost.changed):
        sides = dict.fromkeys(money(side.total) for side in (before, after))
        if len(sides) == 1 or all(one.total.low == one.total.high for one in (before, after)):
            return " → ".join(sides)
    return f"{signed(difference)} and use" if cost.uses and before is not None else signed(difference)


def total(estimate: Estimate) -> str:
    """`about 480–560 USD a month; not priced: data transfer`."""
    return f"{_about(estimate)}{money(estimate.total)} USD a month{_left_out(estimate)}"


def _about(*estimates: Estimate) -> str:
    return "" if all(one.exact for one in estimates) else "about "


def _left_out(estimate: Estimate) -> str:
    missing = _open(estimate.lines)
    return f"; not priced: {listed(missing, _MOST)}" if missing else ""


def _open(lines: Sequence[Line]) -> list[str]:
    """What has no amount, by its shortest name."""
    missing = sorted((line for line in lines if line.monthly is None), key=lambda line: not line.reason)
    return list(dict.fromkeys(_short(line) for line in missing))


def _short(line: Line) -> str:
    return line.resource.partition(" ")[0] if line.part == WHOLE else line.part


def sentence(cost: Cost) -> str:
    """What a change costs; empty where it costs nothing."""
    if cost.before is not None and cost.stays:
        return (
            f"it stays deployed and is billed, {_about(cost.before)}{money(cost.before.total)}{_left_out(cost.before)}"
        )
    if cost.after is None and cost.before is not None and not cost.comparable:
        return "what the change costs is not known, since the stack cannot be evaluated"
    if cost.after is None or (cost.difference == NOTHING and not cost.uses):
        return ""
    if not cost.comparable:
        return "what the change costs is not known, since it is compared with nothing"
    said = "; ".join(_parts(cost))
    if (difference := cost.difference) is None:
        return f"what it costs is not known: {said}"
    if cost.before is None:
        return f"{_about(cost.after)}{money(cost.after.total)}{_left_out(cost.after)}"
    sides = (cost.before, cost.after)
    joined = f"{_about(*sides)}{' → '.join(money(one.total) for one in sides)}, " if cost.joined else ""
    return f"{joined}{signed(difference)}: {said}{_left_out(cost.after)}"


def _parts(cost: Cost) -> Iterator[str]:
    found = rows(cost, changed=True)
    for row in found[:_MOST]:
        number = row.subject.partition(" × ")[0]
        several = f"{number} × " if number.isdigit() else ""
        what = row.subject if row.item == WHOLE else f"{several}{row.item}"
        yield f"{what} {row.difference}"
    if len(found) > _MOST:
        yield f"{len(found) - _MOST} more"


# ---- in a table


def rows(cost: Cost, *, changed: bool = False) -> list[Row]:
    """The largest difference first; `changed`: only what differs."""
    groups: dict[tuple[object, ...], list[CostLine]] = {}
    for one in cost.changed if changed else cost.lines:
        groups.setdefault((one.line.resource.partition(" ")[0], *map(_alike, (one.before, one.after))), []).append(one)
    return [_row(cost, some) for some in groups.values()]


def _alike(line: Line | None) -> tuple[object, ...] | None:
    return None if line is None else (line.item, line.monthly, line.usage, line.reason, line.rule, line.source)


def _row(cost: Cost, some: Sequence[CostLine]) -> Row:
    first, number = some[0], len(some)
    items = dict.fromkeys(one.item for one in (first.before, first.after) if one is not None)
    subject = f"{number} × {first.line.resource.partition(' ')[0]}" if number > 1 else first.line.resource
    return Row(
        subject,
        " → ".join(items),
        _amount(first.before, number, cost.before, comparable=cost.comparable),
        _amount(first.after, number, cost.after, comparable=cost.comparable),
        _difference(first, number) if first.changed and cost.comparable and not cost.stays else "",
        how(first.line),
    )


def _amount(line: Line | None, number: int, side: Estimate | None, *, comparable: bool) -> str:
    if line is None:
        return "–" if side is not None or comparable else "unknown"
    if line.monthly is not None:
        return money(line.monthly.times(number))
    return "by use" if line.usage else "unknown"


def _difference(one: CostLine, number: int) -> str:
    if one.unknown:
        return "unknown"
    return "by use" if one.line.usage else signed(one.difference.times(number))


def how(line: Line) -> str:
    """`estimate: 1.00–1.85 × us-east-1; MongoDB documentation, 2026-11-25`."""
    if line.reason:
        return f"unknown: {line.reason}"
    kind = f"by use: {line.usage}" if line.usage else _KINDS[line.kind] if line.kind else ""
    if line.kind in (Kind.DERIVED, Kind.ESTIMATE) and line.rule and not line.usage:
        kind = f"{kind}: {line.rule}"
    elif line.rule:
        kind = f"{kind}, {line.rule}"
    return "; ".join(one for one in (kind, line.source) if one)
