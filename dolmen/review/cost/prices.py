"""What an item costs in a region: from the lists that count, or by a rule that is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from dolmen.review.cost.price import Amount, Kind, Price, PriceList, joined


@dataclass(frozen=True, slots=True)
class Family:
    """Cache nodes of one family, and which others show what they cost in another region."""

    like: tuple[str, ...]
    within: float
    """Percent."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What prices follow that no list has."""

    hours: int
    valkey_per_redis: float
    synchronous_durability: float
    customer_key: float
    auditing: float
    """The last three in percent."""
    atlas_elsewhere: tuple[float, float]
    families: Mapping[str, Family]
    further_regions: frozenset[str]
    included_storage: Mapping[str, float]
    assumed_log: tuple[float, float]


_HOME = "us-east-1"
"""The region that every list has, and all estimates start from."""
_NODE = "cache."


class Prices:
    """The lists that count, in their order, with the rules for what none of them has."""

    def __init__(self, rules: Rules, *lists: PriceList) -> None:
        self.rules = rules
        self._lists = lists
        self._found: dict[tuple[str, str], Price | None] = {}
        shipped = lists[-1].prices.values()
        self.regions = rules.further_regions | {region for some in shipped for region in some if region != "*"}

    def find(self, item: str, region: str | None) -> Price | None:
        """What an item costs in a region; `None` where nobody knows."""
        key = (item, region or "")
        if key not in self._found:
            price = self._listed(item, key[1]) or self._estimated(item, key[1])
            self._found[key] = self._discounted(item, price and _of_its_own_doubt(price, f"{item} in {region}"))
        return self._found[key]

    def knows(self, item: str) -> bool:
        return any(item in one.prices for one in self._lists)

    def _discounted(self, item: str, price: Price | None) -> Price | None:
        if price is None or price.kind is Kind.OWN:
            return price
        fitting = (
            percent for one in self._lists for pattern, percent in one.discounts.items() if fnmatchcase(item, pattern)
        )
        percent = next(fitting, None)
        return price if percent is None else price.discounted(percent)

    def _listed(self, item: str, region: str) -> Price | None:
        for one in self._lists:
            known = one.prices.get(item, {})
            if found := known.get(region) or known.get("*"):
                return found
        if item.startswith(_NODE) and item.endswith(" valkey"):
            return self._valkey(self._listed(f"{item.removesuffix(' valkey')} redis", region))
        return self._listed(f"{item.removesuffix(' memcached')} redis", region) if item.endswith(" memcached") else None

    def _valkey(self, redis: Price | None) -> Price | None:
        if redis is None:
            return None
        factor = self.rules.valkey_per_redis
        amount = Amount(round(redis.amount.low * factor, 4), round(redis.amount.high * factor, 4))
        rule = joined(f"{factor:g} × Redis OSS, exact", redis.rule)
        return replace(redis, amount=amount, kind=_derived(redis.kind), rule=rule)

    def _estimated(self, item: str, region: str) -> Price | None:
        if region not in self.regions:
            return None
        if item.startswith(_NODE) and "." in item.removeprefix(_NODE):
            return self._node(item, region)
        if item.startswith(("atlas cluster ", "atlas storage")):
            return self._atlas(self._listed(item, _HOME), region)
        return self._elsewhere(item)

    def _atlas(self, home: Price | None, region: str) -> Price | None:
        if home is None:
            return None
        low, high = self.rules.atlas_elsewhere
        rule = f"{low:.2f}–{high:.2f} × {_HOME}, wide: of one further region alone a price is published"
        doubt = f"Atlas in {region}" if home.amount.low == home.amount.high else ""
        return home.estimated(home.amount.times(low, high), rule, doubt)

    def _node(self, item: str, region: str) -> Price | None:
        """As many times the price in us-east-1 as the nodes of the nearest family that the region lists."""
        name, _, engine = item.partition(" ")
        home, family = self._listed(item, _HOME), self.rules.families.get(name.split(".")[1])
        if home is None or family is None:
            return None
        for like in family.like:
            if ratios := self._ratios(like, engine, region):
                place = f"{like} nodes in {region}"
                break
        else:
            ratios = [
                one for like in family.like for other in self.regions for one in self._ratios(like, engine, other)
            ]
            place = f"{family.like[0]} nodes in any region: this one has no list"
        if not ratios:
            return None
        low, high = min(ratios) * (1 - family.within / 100), max(ratios) * (1 + family.within / 100)
        rule = f"{low:.2f}–{high:.2f} × {_HOME}, as {place}"
        return home.estimated(home.amount.times(low, high), rule, place)

    def _ratios(self, family: str, engine: str, region: str) -> list[float]:
        prefix, suffix = f"{_NODE}{family}.", f" {engine if engine == 'redis' else 'redis'}"
        found: list[float] = []
        for item in self._lists[-1].prices:
            if item.startswith(prefix) and item.endswith(suffix):
                here, home = self._listed(item, region), self._listed(item, _HOME)
                if here is not None and home is not None:
                    found.append(here.amount.low / home.amount.low)
        return found

    def _elsewhere(self, item: str) -> Price | None:
        """Between the lowest and the highest of the regions that are listed."""
        listed = [some[region] for one in self._lists if (some := one.prices.get(item)) for region in some]
        if not listed:
            return None
        low, high = min(one.amount.low for one in listed), max(one.amount.high for one in listed)
        rule = f"as in the {len(listed)} regions that are listed" if len(listed) > 1 else f"as in {_HOME}"
        return listed[0].estimated(Amount(low, high), rule, "")


def _of_its_own_doubt(price: Price, doubt: str) -> Price:
    """What is wrong by no other's measure is wrong by its own."""
    return price if price.doubt or price.amount.low == price.amount.high else replace(price, doubt=doubt)


def _derived(kind: Kind) -> Kind:
    return Kind.DERIVED if kind is Kind.LIST else kind
