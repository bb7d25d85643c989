"""What one resource costs a month, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.engine.plan import Plan, Resource
from dolmen.review.cost.price import Amount, Kind, Price, Share, joined
from dolmen.review.cost.prices import Prices
from dolmen.review.cost.usage import Usage


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a resource. It has an amount, or a use that nobody named, or a reason why nobody knows."""

    urn: str
    resource: str
    """Type and name, for people."""
    part: str
    """What of the resource it is, the same on both sides of a change."""
    item: str
    """How many of what, for people."""
    monthly: Amount | None = None
    kind: Kind | None = None
    """Of the amount."""
    rule: str = ""
    source: str = ""
    usage: str = ""
    """What it depends on, with the unit price."""
    reason: str = ""
    """Why nobody knows."""
    shares: tuple[Share, ...] = ()
    """What the range of the amount comes from."""
    basis: object = None
    """What else may alter the price where nobody knows it."""


_MOST = 1e9
WHOLE = "the whole resource"
_NAMES = ("tags", "tagsAll", "description", "name")


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts one resource."""

    resource: Resource
    plan: Plan
    prices: Prices
    region: str | None
    usage: Usage

    def share(self, whole: float | None, token: str) -> float | None:
        """What falls to one of all resources of a type."""
        return None if whole is None else whole / max(1, sum(1 for one in self.plan.resources if one.type == token))

    def line(self, part: str, item: str, quantity: float | None, what: str = "", region: str | None = None) -> Line:
        """A month of `quantity` of an item; `None` where the quantity is not known."""
        what = what or item
        if quantity is None:
            return self.unknown(part, what, "how many there are is known after apply")
        if quantity == 0:
            return self.amount(part, what, (), Kind.DERIVED)
        price = self.prices.find(item, region or self.region)
        if price is None:
            return self.unknown(part, what, self.why_not(item, region))
        return self.priced(part, what, price, price.amount.times(quantity * self.months(price)))

    def months(self, price: Price) -> float:
        """Units of a price in a month."""
        return self.prices.rules.hours if price.unit == "hour" else 1

    def why_not(self, item: str, region: str | None = None) -> str:
        where = region or self.region
        if where is None:
            return "the region is not known"
        return f"no price is known in {where}" if self.prices.knows(item) else f"no price of {item} is known"

    def priced(
        self, part: str, what: str, price: Price, monthly: Amount, rule: str = "", most: Amount | None = None
    ) -> Line:
        """An amount that a price gives. `rule` makes it an estimate; `most`: under the most load or volume, if that differs."""
        kind = Kind.ESTIMATE if rule else price.kind
        shares = (Share(price.doubt or part, part if most else "", monthly, most or monthly),)
        return self.amount(part, what, shares, kind, joined(rule, price.rule), cited(price))

    def amount(
        self, part: str, what: str, shares: tuple[Share, ...], kind: Kind, rule: str = "", source: str = ""
    ) -> Line:
        ends = [(one.least.low, one.most.low, one.least.high, one.most.high) for one in shares]
        monthly = Amount(sum(map(min, ends)), sum(map(max, ends)))
        return self._line(part, what, monthly=monthly, kind=kind, rule=rule, source=source, shares=shares)

    def by_use(self, part: str, item: str, depends: str, region: str | None = None) -> Line:
        """What depends on a use that nobody named."""
        price = self.prices.find(item, region or self.region)
        if price is None:
            return self._line(part, item, usage=f"{depends}; {self.why_not(item, region)}")
        low, high = price.amount.low, price.amount.high
        each = f"{low:g}" if low == high else f"{low:g}–{high:g}"
        usage = f"{each} USD per {price.unit}; {depends}"
        return self._line(part, item, kind=price.kind, usage=usage, source=cited(price), rule=price.rule)

    def unknown(self, part: str, what: str, reason: str) -> Line:
        return self._line(part, what, reason=reason, basis=self.region)

    def unknown_resource(self, item: str, reason: str) -> Line:
        """A resource of which no price is known: any input may alter what it costs, but for its names."""
        inputs = {key: value for key, value in self.resource.inputs.items() if key not in _NAMES}
        return self._line(item, item, reason=reason, basis=(self.region, inputs))

    def _line(self, part: str, what: str, **said: Any) -> Line:
        name = f"{self.resource.type.rsplit(':', 1)[-1]} {self.resource.name}"
        return Line(self.resource.urn, name, part, what, **said)


def cited(price: Price) -> str:
    return f"{price.source}, {price.date}" if price.date else price.source


def uplift(counting: Counting, part: str, what: str, percent: float, lines: Iterable[Line], rule: str = "") -> Line:
    """Some percent of other lines; unknown where one of them is."""
    of = [line for line in lines if not line.usage]
    if any(line.monthly is None for line in of):
        return counting.unknown(part, what, "of what it is a part of, the price is not known")
    shares = tuple(share.times(percent / 100) for line in of for share in line.shares)
    estimated = next((line for line in of if line.kind is Kind.ESTIMATE), None)
    told = joined(rule, estimated.rule if estimated else "")
    kind = Kind.ESTIMATE if estimated or rule else next((line.kind for line in of if line.kind is Kind.OWN), Kind.LIST)
    return counting.amount(part, what, shares, kind or Kind.LIST, told, of[0].source if of else "")


def number(value: Any) -> float | None:
    """A number that is known, and can be how many there are."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST
    return float(value) if known else None


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
