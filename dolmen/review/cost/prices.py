"""The price table (`dolmen/knowledge/prices.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dolmen.knowledge.loader import load_yaml


@dataclass(frozen=True, slots=True)
class Amount:
    """USD, at least and at most."""

    low: float
    high: float

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.low + other.low, self.high + other.high)

    def times(self, factor: float) -> Amount:
        return Amount(self.low * factor, self.high * factor)


NOTHING = Amount(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Price:
    amount: Amount
    unit: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Table:
    date: str
    hours: int
    prices: Mapping[tuple[str, str], Price]
    """(item, region) → price"""
    items: frozenset[str]
    customer_key_factor: float

    def find(self, item: str, region: str | None) -> Price | None:
        return self.prices.get((item, region or ""))


@cache
def table() -> Table:
    content = load_yaml("prices.yaml")
    date, sources = str(content["date"]), content["sources"]
    prices: dict[tuple[str, str], Price] = {}
    for item, written in content["prices"].items():
        for region, value in written.items():
            if region not in ("unit", "source"):
                price = Price(_amount(value), written["unit"], sources[written["source"]], date)
                prices[item, region] = price
    uplift = 1 + content["uplifts"]["atlas customer key"]["percent"] / 100
    return Table(date, content["hours in a month"], prices, frozenset(content["prices"]), uplift)


def _amount(value: Any) -> Amount:
    low, high = value if isinstance(value, list) else (value, value)
    return Amount(float(low), float(high))
