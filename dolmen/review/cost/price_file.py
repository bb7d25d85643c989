"""Files of prices: the list that Dolmen brings, and a project's own beside its stack files.

A project may have two. `prices.yaml` holds what it has agreed: quotes, and discounts in percent; `list-prices.yaml` is
written by `dolmen prices refresh`. An own price counts before a refreshed one, and that before the list that Dolmen brings
(`dolmen/knowledge/prices.yaml`).

```yaml
currency: USD
sources:
  quote: {what: "order form 4711", address: "https://…", date: 2026-10-01}
discounts:
  cache.*: 12                      # percent off every item that fits; the first one counts
prices:
  atlas cluster M30:
    unit: hour                     # of a cluster of three nodes
    ap-northeast-2: {price: 0.62, source: quote}
    eu-west-1 eu-west-2: {price: [0.55, 0.60], source: quote, estimate: "offered, not signed"}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from dolmen.knowledge.loader import load_yaml
from dolmen.review.cost.price import Amount, Kind, Price, PriceList
from dolmen.review.cost.price_checks import problems
from dolmen.review.cost.prices import Family, Prices, Rules
from dolmen.stackfile import Document, StackFileError, read, read_text

OWN, REFRESHED = "prices.yaml", "list-prices.yaml"
"""In the folder of the stack files."""
_NO_REGIONS = ("unit", "source", "sources", "rows")


@cache
def shipped() -> Prices:
    """The list that Dolmen brings, alone."""
    return with_files(None, None)


def with_files(own: PriceList | None, refreshed: PriceList | None) -> Prices:
    return Prices(_rules(), *(one for one in (own, refreshed) if one is not None), shipped_list())


@cache
def shipped_list() -> PriceList:
    return _price_list(_shipped(), Kind.LIST)


def read_prices(folder: Path) -> Prices:
    """The prices that count beside the stack files in a folder. Raises `StackFileError`, which lists every problem."""
    found: list[PriceList | None] = []
    for name in (OWN, REFRESHED):
        path = folder / name
        there = path.exists() or path.is_symlink()
        found.append(_checked(read(path, f"{folder.name}/{name}", key="prices"), name) if there else None)
    return with_files(*found)


def parse_price_list(text: str, name: str) -> PriceList:
    """The prices in a file's text; `name` is `OWN` or `REFRESHED`. Raises `StackFileError`."""
    return _checked(read_text(text, name, key="prices"), name)


def _checked(document: Document, name: str) -> PriceList:
    units = {item: str(known["unit"]) for item, known in _shipped()["prices"].items()}
    units |= _shipped()["rules"]["without a list price"]
    found = [
        problem.at(*(document.key_place(problem.path) or (1, 1)))
        for problem in problems(document.values, units, own=name == OWN)
    ]
    if found:
        raise StackFileError(document.name, found)
    return _price_list(document.values, Kind.OWN if name == OWN else Kind.LIST)


@cache
def _shipped() -> dict[str, Any]:
    return load_yaml("prices.yaml")


@cache
def _rules() -> Rules:
    content = _shipped()
    rules = content["rules"]
    low, high = rules["atlas in other regions"]
    assumed = rules["assumed log"]
    return Rules(
        content["hours in a month"],
        rules["valkey per redis"],
        rules["synchronous durability"]["percent"],
        rules["customer key"]["percent"],
        rules["auditing"]["percent"],
        (low, high),
        {name: Family(tuple(one["like"]), one["within"]) for name, one in rules["families"].items()},
        frozenset(rules["further regions"]),
        rules["atlas included storage"],
        (assumed[0], assumed[1]),
    )


def _price_list(values: Mapping[str, Any], kind: Kind) -> PriceList:
    sources = values.get("sources") or {}
    found: dict[str, dict[str, Price]] = {}
    for item, region, unit, written in _entries(values):
        found.setdefault(item, {})[region] = _price(written, unit, sources, kind)
    return PriceList(found, {item: float(percent) for item, percent in (values.get("discounts") or {}).items()})


def _price(written: Mapping[str, Any], unit: str, sources: Mapping[str, Any], kind: Kind) -> Price:
    value = written["price"]
    low, high = value if isinstance(value, list) else (value, value)
    rule = written.get("estimate") or ("" if low == high else "the range that is published")
    named = sources.get(written.get("source") or "", {})
    source = "; ".join(part for part in ("own price" if kind is Kind.OWN else "", named.get("what", "")) if part)
    amount = Amount(float(low), float(high))
    return Price(amount, unit, Kind.ESTIMATE if rule else kind, source, str(named.get("date", ""))[:10], rule)


def _entries(values: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Item, region, unit and what is written of each price, from either form."""
    for item, known in (values.get("prices") or {}).items():
        for regions, written in known.items():
            if regions not in _NO_REGIONS:
                told = {
                    "source": known.get("source"),
                    **(written if isinstance(written, Mapping) else {"price": written}),
                }
                for region in regions.split():
                    yield item, region, str(known["unit"]), told
    for items, known in (values.get("tables") or {}).items():
        head, *rows = known["rows"].splitlines()
        for row in rows:
            regions, *cells = row.split()
            for region in regions.split(","):
                source = known.get("sources", {}).get(region, known["source"])
                for size, cell in zip(head.split()[1:], cells, strict=True):
                    if cell != "-":
                        yield items.replace("*", size), region, known["unit"], {"price": float(cell), "source": source}
