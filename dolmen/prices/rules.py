"""What is taken from which price list (`dolmen/knowledge/price_lists.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from dolmen.knowledge.loader import load_yaml

REGION = re.compile(r"[a-z]{2}(?:-gov|-iso[a-z]?)?-(?:central|(?:north|south)(?:east|west)?|east|west)-\d", re.ASCII)
_PREFIX = re.compile(rf"(?:[A-Z]{{2,4}}\d{{0,2}}|{REGION.pattern})-(?=.)", re.ASCII)
"""Of a usage type: the region in short (`EU-`, `APN2-`), or its code."""
_OF_A_RULE = ("item", "unit", "listed", "times")


@dataclass(frozen=True, slots=True)
class OfferRule:
    """Which products of an offer file have the price of an item."""

    item: str
    unit: str
    listed: str
    """The unit as the list writes it."""
    times: int
    """Units of the list in one of ours."""
    attributes: Mapping[str, re.Pattern[str]]

    def item_of(self, attributes: Mapping[str, str]) -> str | None:
        for name, pattern in self.attributes.items():
            value = attributes.get(name, "")
            if not pattern.fullmatch(_PREFIX.sub("", value, count=1) if name == "usagetype" else value):
                return None
        return self.item.format_map({name: value.lower() for name, value in attributes.items()})


@dataclass(frozen=True, slots=True)
class Offer:
    code: str
    source: str
    address: str
    """Where AWS publishes it for all regions."""
    rules: tuple[OfferRule, ...]


@dataclass(frozen=True, slots=True)
class FocusRule:
    """Which rows of Atlas's report have the price of an item."""

    item: str
    unit: str
    sku: re.Pattern[str]
    listed: Mapping[str, Decimal]
    """Unit as the report writes it, in the singular → how many of it are one of ours."""
    unsure: Mapping[str, Decimal]
    """The same, where only the price tells what is counted."""


@dataclass(frozen=True, slots=True)
class Focus:
    source: str
    address: str
    within: tuple[Decimal, Decimal]
    rules: tuple[FocusRule, ...]


def address() -> str:
    """Where AWS's offer files lie."""
    return _written()["aws"]["address"]


def offers() -> tuple[Offer, ...]:
    return tuple(
        Offer(code, one["source"], f"{address()}/{code}/current/index.json", tuple(map(_offer_rule, one["items"])))
        for code, one in _written()["aws"]["offers"].items()
    )


def focus() -> Focus:
    written = _written()["atlas"]
    low, high = (Decimal(str(one)) for one in written["within"])
    return Focus(written["source"], written["address"], (low, high), tuple(map(_focus_rule, written["items"])))


@cache
def _written() -> Mapping[str, Any]:
    return load_yaml("price_lists.yaml")


def _offer_rule(written: Mapping[str, Any]) -> OfferRule:
    patterns = {name: re.compile(text, re.ASCII) for name, text in written.items() if name not in _OF_A_RULE}
    return OfferRule(written["item"], written["unit"], written["listed"], written.get("times", 1), patterns)


def _focus_rule(written: Mapping[str, Any]) -> FocusRule:
    listed, unsure = (
        {unit: Decimal(str(times)) for unit, times in written.get(name, {}).items()} for name in ("listed", "unsure")
    )
    return FocusRule(written["item"], written["unit"], re.compile(written["sku"], re.ASCII), listed, unsure)
