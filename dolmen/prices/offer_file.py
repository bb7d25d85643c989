"""Reads one of AWS's offer files as it comes, without ever holding more of it than one product.

Shape: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

import ijson

from dolmen.prices.model import Key, Price, PriceList, PriceListError, Source, plain
from dolmen.prices.rules import Offer, OfferRule

PIECE = 64 * 1024
"""Bytes that are read at a time."""
MOST_PARTS = 20_000
"""Of one product or its terms: keys and values. A real one has some hundreds."""
_SECTIONS: tuple[tuple[str, ...], ...] = (("products",), ("terms", "OnDemand"))
_DEEPEST = 3
"""The level of keys below which nothing is asked for by its path."""


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class _Wanted:
    rule: OfferRule
    item: str
    region: str


@dataclass(slots=True)
class _Found:
    """What the file has given so far."""

    wanted: dict[str, _Wanted] = field(default_factory=dict[str, _Wanted])
    """By SKU."""
    prices: dict[Key, Price] = field(default_factory=dict[Key, Price])
    left_out: dict[Key, str] = field(default_factory=dict[Key, str])


def read_offer(stream: Stream, choose: Callable[[str], Offer | None], regions: Collection[str]) -> PriceList | None:
    """The prices of these regions in the offer that the file says it is; `None` where that is none of ours.

    Raises `PriceListError`, also for a file that ends before it is complete.
    """
    offer: Offer | None = None
    day, found = "", _Found()
    try:
        for path, value in _entries(stream):
            match path:
                case ("offerCode",):
                    offer = choose(str(value))
                    if offer is None:
                        return None
                case ("publicationDate",):
                    day = _day(value)
                case (("products" | "terms"), *_) if offer is None:
                    raise PriceListError("it does not say which offer it is before its products.")
                case ("products", sku) if offer:
                    _take_product(offer, sku, value, regions, found)
                case ("terms", _, sku) if offer:
                    _take_terms(offer, sku, value, found)
                case _:
                    pass
    except ijson.IncompleteJSONError as error:
        reason = "it ends in the middle" if "premature" in str(error).lower() else "it is not JSON"
        raise PriceListError(f"{reason}.") from None
    except ijson.JSONError:
        raise PriceListError("it is not JSON.") from None
    if offer is None or not day:
        raise PriceListError("it is no offer file: it has no `offerCode` and `publicationDate`.")
    source = Source(f"AWS price list {offer.code}", offer.address, day)
    return PriceList({offer.source: source}, found.prices, tuple(found.left_out.values()))


def _take_product(offer: Offer, sku: str, product: Any, regions: Collection[str], found: _Found) -> None:
    if not isinstance(product, Mapping) or not isinstance(product.get("attributes"), Mapping):
        raise PriceListError(f"its product {sku[:40]} has no `attributes`.")
    attributes = {str(name): value for name, value in product["attributes"].items() if isinstance(value, str)}
    region = attributes.get("regionCode", "")
    if region not in regions or attributes.get("locationType") != "AWS Region":
        return
    for rule in offer.rules:
        if (item := rule.item_of(attributes)) is not None:
            found.wanted[sku] = _Wanted(rule, item, region)


def _take_terms(offer: Offer, sku: str, terms: Any, found: _Found) -> None:
    if (wanted := found.wanted.get(sku)) is None:
        return
    try:
        bands = sorted(
            (_number(one["beginRange"]), one["unit"], _number(one["pricePerUnit"]["USD"]))
            for term in terms.values()
            for one in term["priceDimensions"].values()
        )
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation):
        raise PriceListError(f"its terms of {wanted.item} in {wanted.region} are no prices in USD.") from None
    paid = [band for band in bands if band[2]]
    for begin, unit, usd in paid:
        name = wanted.item if begin == paid[0][0] else f"{wanted.item} over {plain(begin)} {wanted.rule.listed}"
        key = (name, wanted.region)
        price = Price(wanted.rule.unit, usd * wanted.rule.times, offer.source)
        if unit != wanted.rule.listed:
            reason = f"the list counts it by {unit!r}, not by {wanted.rule.listed!r}."
            found.left_out[key] = f"{name} in {wanted.region}: {reason}"
        elif key not in found.left_out and (known := found.prices.setdefault(key, price)) != price:
            reason = f"the list has two prices of it, {plain(known.usd)} and {plain(price.usd)} USD."
            found.left_out[key] = f"{name} in {wanted.region}: {reason}"
            del found.prices[key]


def _entries(stream: Stream) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Path and value of what is no object at the top, and of each product and its terms on demand."""
    path: list[str] = []
    depth = parts = 0
    builder: Any = None
    for event, value in ijson.basic_parse(stream, buf_size=PIECE):
        opens, closes = event in ("start_map", "start_array"), event in ("end_map", "end_array")
        if opens and builder is None and depth == len(path) and tuple(path[:-1]) in _SECTIONS:
            builder, parts = ijson.ObjectBuilder(), 0
        depth += opens - closes
        if builder is not None:
            builder.event(event, value)
            parts += 1
            if parts > MOST_PARTS:
                raise PriceListError(f"its entry {path[-1][:40]} is larger than any product.")
            if depth == len(path):
                yield tuple(path), builder.value
                builder = None
        elif event == "map_key" and depth <= _DEEPEST:
            path[depth - 1 :] = [value]
        elif not closes and depth == len(path) and (depth == 1 or tuple(path[:-1]) in _SECTIONS):
            yield tuple(path), value


def _number(value: Any) -> Decimal:
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise ValueError(value)
    return number


def _day(value: Any) -> str:
    try:
        return datetime.datetime.fromisoformat(str(value)).date().isoformat()
    except ValueError:
        raise PriceListError("its `publicationDate` is no date.") from None
