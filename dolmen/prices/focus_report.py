"""Reads list prices from a customer's own FOCUS report of Atlas, a CSV file of the Invoices page.

Only the columns below are looked at: others name clusters, projects and the organization.
Columns: https://www.mongodb.com/docs/atlas/billing/focus-report/
"""

from __future__ import annotations

import codecs
import csv
import datetime
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from dolmen.prices.model import Key, Price, PriceList, PriceListError, Source, plain
from dolmen.prices.offer_file import PIECE, Stream
from dolmen.prices.rules import REGION, Focus, FocusRule

COLUMNS = ("x_AtlasSku", "RegionId", "ListUnitPrice", "PricingUnit", "BillingCurrency", "ChargePeriodStart")
LONGEST_LINE = 1_000_000
Range = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class _Row:
    key: Key
    rule: FocusRule
    usd: Decimal
    unit: str
    day: datetime.date


def read_focus(
    stream: Stream, focus: Focus, regions: Collection[str], known: Callable[[str], Range | None]
) -> PriceList:
    """The prices of the report in these regions, each of the last day on which it was billed.

    `known`: item → its price in us-east-1 as the shipped list has it, at least and at most. Raises `PriceListError`.
    """
    latest: dict[Key, set[tuple[Decimal, str]]] = {}
    rules: dict[Key, FocusRule] = {}
    days: dict[Key, datetime.date] = {}
    for row in _rows(stream, focus, regions):
        if row.day > days.get(row.key, datetime.date.min):
            latest[row.key], days[row.key], rules[row.key] = set(), row.day, row.rule
        if row.day == days[row.key]:
            latest[row.key].add((row.usd, row.unit))
    prices: dict[Key, Price] = {}
    left_out: list[str] = []
    for (item, region), found in sorted(latest.items()):
        rule = rules[item, region]
        price, why = _price(rule, found, known(item), focus.within)
        if price is None:
            left_out.append(f"{item} in {region}: {why}")
        else:
            prices[item, region] = Price(rule.unit, price, focus.source)
    if not prices:
        more = f" {' '.join(left_out)}" if left_out else ""
        raise PriceListError(f"it has no price of a cluster or service in {', '.join(sorted(regions))}.{more}")
    day = max(days[key] for key in prices).isoformat()
    source = Source("A customer's FOCUS report of Atlas, list unit prices", focus.address, day)
    return PriceList({focus.source: source}, prices, tuple(left_out))


def _price(
    rule: FocusRule, found: Collection[tuple[Decimal, str]], known: Range | None, within: Range
) -> tuple[Decimal | None, str]:
    """The price in our unit, or `None` and why there is none."""
    if len(found) > 1:
        return None, f"the report has {len(found)} prices of it on one day."
    ((usd, unit),) = found
    times = rule.listed.get(_singular(unit)) or (rule.unsure.get(_singular(unit)) if known else None)
    if times is None:
        return None, f"what {unit[:30]!r} counts is not known."
    price = usd * times
    if known and not known[0] * within[0] <= price <= known[1] * within[1]:
        text = plain(known[0]) if known[0] == known[1] else f"{plain(known[0])}–{plain(known[1])}"
        return None, f"{plain(price)} USD is too far from {text} USD in us-east-1 to be the same thing."
    return price, ""


def _rows(stream: Stream, focus: Focus, regions: Collection[str]) -> Iterator[_Row]:
    reader = csv.DictReader(_lines(stream))
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise PriceListError(f"it is no FOCUS report of Atlas: it has no column {', '.join(missing)}.")
        for row in reader:
            region = (row["RegionId"] or "").strip().lower().replace("_", "-")
            if region in regions and REGION.fullmatch(region):
                for rule in focus.rules:
                    if sku := rule.sku.fullmatch((row["x_AtlasSku"] or "").strip()):
                        item = rule.item.format(*sku.groups())
                        yield from _row(row, rule, (item, region), reader.line_num)
    except csv.Error:
        raise PriceListError(f"it is not CSV, from line {reader.line_num} on.") from None


def _row(row: Mapping[str, str | None], rule: FocusRule, key: Key, line: int) -> Iterator[_Row]:
    if (currency := (row["BillingCurrency"] or "").strip()) != "USD":
        raise PriceListError(f"its prices are in {currency[:3] or '?'}, and estimates are in USD (line {line}).")
    try:
        usd = Decimal(row["ListUnitPrice"] or "0")
        day = datetime.date.fromisoformat((row["ChargePeriodStart"] or "")[:10])
    except (InvalidOperation, ValueError):
        raise PriceListError(f"`ListUnitPrice` or `ChargePeriodStart` of line {line} cannot be read.") from None
    if not usd.is_finite() or usd < 0:
        raise PriceListError(f"`ListUnitPrice` of line {line} is no price.")
    if usd:  # what is free up to some amount has rows of its own
        yield _Row(key, rule, usd, (row["PricingUnit"] or "").strip(), day)


def _lines(stream: Stream) -> Iterator[str]:
    rest = ""
    try:
        for piece in codecs.iterdecode(iter(lambda: stream.read(PIECE), b""), "utf-8-sig"):
            *lines, rest = (rest + piece).split("\n")
            yield from (f"{line}\n" for line in lines)
            if len(rest) > LONGEST_LINE:
                raise PriceListError("it is not CSV: its lines are longer than any report's.")
    except UnicodeDecodeError:
        raise PriceListError("it is not text in UTF-8.") from None
    yield from [rest] if rest else []


def _singular(unit: str) -> str:
    """`GB-Months` → `gb month`."""
    words = re.split(r"[\s_-]+", unit.lower())
    return " ".join([*words[:-1], words[-1].removesuffix("s")])
