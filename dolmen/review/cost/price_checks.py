"""What is wrong with a project's file of prices."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from dolmen.review.cost.price import is_amount
from dolmen.stackfile import Problem
from dolmen.stackfile.problems import KeyPath, shown

_KEYS = ("currency", "hours in a month", "sources", "prices")
_OWN_KEYS = (*_KEYS, "discounts")
_SOURCE_KEYS = ("what", "address", "date")
_PRICE_KEYS = ("price", "source", "estimate")
_REGION = re.compile(r"\*|[a-z]{2,}(-[a-z]+)+-\d+")
_OTHER_ITEMS = re.compile(
    r"cache\.[a-z0-9]+\.[a-z0-9]+ (redis|valkey|memcached)|atlas (cluster [MR]\d+(_NVME)?(_GEN_2)?|search node \w+)"
)
"""Items of which the list that Dolmen brings need not have every one."""
_NO_KEY = "There is no such key here."
_NUMBER = "A price is a number of USD, or two of them: [at least, at most]."


def problems(values: Mapping[str, Any], units: Mapping[str, str], *, own: bool) -> Iterator[Problem]:
    """`units`: item → unit of the list that Dolmen brings. `own`: whether the file may hold discounts, and no sources."""
    yield from _unknown(values, (), _OWN_KEYS if own else _KEYS)
    if values.get("currency", "USD") != "USD":
        yield Problem(("currency",), "Prices are in USD.", "Convert them.", shown((), values["currency"]))
    if values.get("hours in a month", 730) != 730:
        yield Problem(("hours in a month",), "A month has 730 hours here, as in AWS's calculator.", "Remove the key.")
    sources = values.get("sources")
    yield from _sources(sources)
    named = sources if isinstance(sources, dict) else {}
    for item, known in _mapping(values.get("prices")).items():
        yield from _item(item, known, named, units, own)
    if values.get("prices") is not None and not isinstance(values["prices"], dict):
        yield Problem(
            ("prices",), "A mapping of items to prices is expected here.", "Write `atlas cluster M30:` below."
        )
    if own:
        yield from _discounts(values.get("discounts"), units)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _unknown(values: Mapping[str, Any], path: KeyPath, keys: tuple[str, ...]) -> Iterator[Problem]:
    for key in values:
        if key not in keys:
            yield Problem((*path, key), _NO_KEY, f"The keys are {', '.join(keys)}.")


def _sources(sources: Any) -> Iterator[Problem]:
    if sources is not None and not isinstance(sources, dict):
        yield Problem(
            ("sources",), "A mapping of names to sources is expected here.", "Write `quote: {what: …}` below."
        )
    for name, source in _mapping(sources).items():
        path: KeyPath = ("sources", name)
        if not isinstance(source, dict):
            yield Problem(path, "A source is a mapping.", f"Write the keys {', '.join(_SOURCE_KEYS)}.")
            continue
        yield from _unknown(source, path, _SOURCE_KEYS)
        if not isinstance(source.get("what"), str):
            yield Problem(path, "A source says what it is.", "Add what: and a few words.")
        if not _is_day(str(source.get("date", ""))[:10]):
            yield Problem((*path, "date"), "A source has the day on which it was read.", "Write date: 2026-10-01.")


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _item(item: str, known: Any, sources: Mapping[str, Any], units: Mapping[str, str], own: bool) -> Iterator[Problem]:
    path: KeyPath = ("prices", item)
    if own and item not in units and not _OTHER_ITEMS.fullmatch(item):
        near = difflib.get_close_matches(item, units, n=1, cutoff=0.6)
        remedy = f"Did you mean {near[0]}?" if near else "Write an item of dolmen/knowledge/prices.yaml."
        yield Problem(path, "No estimate counts an item of this name.", remedy)
    if not isinstance(known, dict):
        yield Problem(path, "An item is a mapping of regions to prices.", "Write unit: hour, and a region below it.")
        return
    expected = units.get(item, "hour" if own else known.get("unit"))
    if not isinstance(expected, str):
        yield Problem(path, "An item says its unit.", "Add unit: hour.")
    elif known.get("unit") != expected:
        remedy = f"Write unit: {expected}, and the price of one."
        yield Problem((*path, "unit"), f"The unit of this item is {expected}.", remedy, shown((), known.get("unit")))
    for regions, written in known.items():
        if regions not in ("unit", "source"):
            for region in regions.split():
                if not _REGION.fullmatch(region):
                    yield Problem((*path, regions), "This is not a region of AWS.", "Write a region, or * for any.")
            told = {"source": known.get("source"), **(written if isinstance(written, dict) else {"price": written})}
            yield from _price(told, (*path, regions), sources, own)


def _price(told: Mapping[str, Any], path: KeyPath, sources: Mapping[str, Any], own: bool) -> Iterator[Problem]:
    yield from _unknown(told, path, _PRICE_KEYS)
    price: Any = told.get("price")
    ends: list[Any] = price if isinstance(price, list) else [price, price]
    if len(ends) != 2 or not all(is_amount(one) for one in ends):
        yield Problem(path, _NUMBER, "Write 0.54, or [0.50, 0.60].", shown((), price) if price is not None else None)
    elif ends[0] > ends[1]:
        yield Problem(path, "The least stands first.", f"Write [{ends[1]}, {ends[0]}].")
    source = told.get("source")
    if source is None and not own:
        yield Problem(path, "A price names its source.", "Add source: and a name from `sources`.")
    elif source is not None and (not isinstance(source, str) or source not in sources):
        there = f"There are {', '.join(sources)}." if sources else "Add it to `sources`."
        yield Problem(path, "No source has this name.", there, shown((), source))
    if not isinstance(told.get("estimate", ""), str):
        yield Problem((*path, "estimate"), "An estimate says its rule, in words.", "Write a sentence.")


def _discounts(discounts: Any, units: Mapping[str, str]) -> Iterator[Problem]:
    if discounts is not None and not isinstance(discounts, dict):
        yield Problem(("discounts",), "A mapping of items to percent is expected here.", "Write `cache.*: 12` below.")
    for pattern, percent in _mapping(discounts).items():
        if not (is_amount(percent) and percent <= 100):
            rule = "A discount is a number of percent, 0 to 100."
            yield Problem(("discounts", pattern), rule, "Write 12 for 12 %.", shown((), percent))
        if "*" not in pattern and pattern not in units and not _OTHER_ITEMS.fullmatch(pattern):
            rule, remedy = (
                "No estimate counts an item of this name.",
                "Write an item, or * for any characters: cache.*.",
            )
            yield Problem(("discounts", pattern), rule, remedy)
