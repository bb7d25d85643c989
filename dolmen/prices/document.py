"""Writes list prices as a YAML file that a person can review, and reads what was written.

```yaml
currency: USD
hours in a month: 730
sources:
  aws elasticache: {what: AWS price list AmazonElastiCache, address: "https://…", date: 2026-10-02}
prices:
  cache.m7g.large redis:
    unit: hour
    ap-northeast-2: {price: 0.196, source: aws elasticache}
```
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from dolmen.prices.model import Key, Price, PriceList, PriceListError, Source, plain
from dolmen.prices.rules import REGION
from dolmen.stackfile import StackFileError, read

FILE = "list-prices.yaml"
HOURS = 730
"""Of a month, as AWS and Atlas reckon."""


def text(prices: PriceList, day: datetime.date) -> str:
    """The file. The same prices are the same text, but for the day."""
    return "\n".join([*_lines(prices, day), ""])


def _lines(prices: PriceList, day: datetime.date) -> Iterator[str]:
    yield f"# Written by `dolmen prices refresh` on {day}. Prices of your own belong into prices.yaml, which counts first."
    yield "currency: USD"
    yield f"hours in a month: {HOURS}"
    yield "sources:"
    for name, source in sorted(prices.sources.items()):
        what = json.dumps(source.what)
        yield f"  {name}: {{what: {what}, address: {json.dumps(source.address)}, date: {source.date}}}"
    yield "prices:"
    for item, some in groupby(sorted(prices.prices.items()), lambda one: one[0][0]):
        rows = list(some)
        yield f"  {item}:"
        yield f"    unit: {rows[0][1].unit}"
        for (_, region), price in rows:
            yield f"    {region}: {{price: {plain(price.usd)}, source: {price.source}}}"


def written(path: Path) -> PriceList:
    """What an earlier refresh wrote; nothing where there is no file. Raises `PriceListError`."""
    if not path.exists():
        return PriceList()
    try:
        values = read(path, key="prices").values
        sources = {
            name: Source(one["what"], one["address"], _day(one["date"])) for name, one in values["sources"].items()
        }
        return PriceList(sources, dict(_prices(values["prices"])))
    except StackFileError as error:
        raise PriceListError(str(error)) from None
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise PriceListError(
            f"{path} is not as `dolmen prices refresh` writes it: remove it, or name another with --output."
        ) from None


def _prices(given: Any) -> Iterator[tuple[Key, Price]]:
    for item, one in given.items():
        for region, price in one.items():
            if REGION.fullmatch(region):
                yield (item, region), Price(one["unit"], Decimal(str(price["price"])), price["source"])


def _day(value: str) -> str:
    """A date without quotes reads as a moment, as in Pulumi's CLI."""
    return datetime.date.fromisoformat(value[:10]).isoformat()
