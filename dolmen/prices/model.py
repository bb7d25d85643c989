"""What a price is, where it comes from, and a list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Key = tuple[str, str]
"""Item and region."""


class PriceListError(ValueError):
    """A price list cannot be had or read. The text is for people, in one line."""


@dataclass(frozen=True, slots=True)
class Source:
    what: str
    address: str
    date: str
    """Day of the list, year first."""


@dataclass(frozen=True, slots=True)
class Price:
    unit: str
    usd: Decimal
    source: str
    """A name among the list's sources."""


@dataclass(frozen=True, slots=True)
class PriceList:
    sources: Mapping[str, Source] = field(default_factory=dict[str, Source])
    prices: Mapping[Key, Price] = field(default_factory=dict[Key, Price])
    left_out: tuple[str, ...] = ()
    """What was there and could not be taken for a price, with the reason; whole sentences."""

    def over(self, other: PriceList) -> PriceList:
        """This list, and of another one the sources that this one does not have, with their prices."""
        kept = {name: source for name, source in other.sources.items() if name not in self.sources}
        prices = {key: price for key, price in other.prices.items() if price.source in kept}
        return PriceList({**kept, **self.sources}, {**prices, **self.prices}, (*other.left_out, *self.left_out))


def plain(number: Decimal) -> str:
    """A number as a person writes it: no exponent, no zeros at its end."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
