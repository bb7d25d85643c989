"""A price: an amount, what kind of number it is, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeGuard


@dataclass(frozen=True, slots=True)
class Amount:
    """USD, at least and at most."""

    low: float
    high: float

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.low + other.low, self.high + other.high)

    def times(self, low: float, high: float | None = None) -> Amount:
        """Times a factor, or times a range of factors."""
        return Amount(self.low * low, self.high * (low if high is None else high))


NOTHING = Amount(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Share:
    """What of an amount one doubt moves, under the least load and under the most."""

    doubt: str
    """What its range comes from: shares of one doubt are wrong by as much."""
    load: str
    """What of the resource has a load, or a volume, that nobody knows; empty: nothing has."""
    least: Amount
    most: Amount

    def times(self, factor: float) -> Share:
        return Share(self.doubt, self.load, self.least.times(factor), self.most.times(factor))


class Kind(StrEnum):
    """What sort of number a price is. Where there is none, the price is unknown."""

    LIST = "list"
    OWN = "own"
    """A quote or a contract of the project's own."""
    DERIVED = "derived"
    """From a list price, by a rule that is exact."""
    ESTIMATE = "estimate"
    """From list prices, by a rule that gives a range."""


@dataclass(frozen=True, slots=True)
class Price:
    amount: Amount
    """Of one unit."""
    unit: str
    kind: Kind
    source: str
    date: str
    rule: str = ""
    """How it was derived or estimated."""
    doubt: str = ""
    """What its range comes from: two prices of one doubt are wrong by as much."""

    def estimated(self, amount: Amount, rule: str, doubt: str) -> Price:
        return replace(self, amount=amount, kind=Kind.ESTIMATE, rule=joined(rule, self.rule), doubt=doubt)

    def discounted(self, percent: float) -> Price:
        kind = Kind.ESTIMATE if self.kind is Kind.ESTIMATE else Kind.OWN
        rule = joined(f"{percent:g} % off by contract", self.rule)
        return replace(self, amount=self.amount.times(1 - percent / 100), kind=kind, rule=rule)


def is_amount(value: Any) -> TypeGuard[float]:
    """Whether what somebody wrote is a number that can be so much of something."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def joined(*parts: str) -> str:
    """What several rules say, each once."""
    return "; ".join(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class PriceList:
    """One file of prices."""

    prices: Mapping[str, Mapping[str, Price]] = field(default_factory=dict[str, Mapping[str, Price]])
    """Item → region, or `*` for any → price."""
    discounts: Mapping[str, float] = field(default_factory=dict[str, float])
    """Item, with `*` for any characters → percent off; the first that fits counts."""

    @property
    def date(self) -> str:
        return max((one.date for some in self.prices.values() for one in some.values()), default="")
