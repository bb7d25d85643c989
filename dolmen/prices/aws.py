"""Gathers AWS's list prices of some regions, from its server or from copies in a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from dolmen.prices.download import Progress, Reading, from_file, from_server
from dolmen.prices.model import Key, Price, PriceList, PriceListError, Source
from dolmen.prices.offer_file import read_offer
from dolmen.prices.rules import Offer, offers

Watching = Callable[[str], Progress]
"""What is read → who is told how far that is."""


def read_from_server(server: str, regions: Collection[str], watching: Watching, patience: float) -> PriceList:
    """One list for each offer and region. Raises `PriceListError`."""
    found: list[PriceList] = []
    for offer in offers():
        for region in sorted(regions):
            place = f"{server}/{offer.code}/current/{region}/index.json"
            opening = from_server(place, watching(f"{offer.code} {region}"), patience)
            if (one := _read(place, opening, [offer], regions)) is None:
                raise PriceListError(f"{place}: it is the list of another service.")
            found.append(one)
    return _together(found, regions)


def read_from_folder(folder: Path, regions: Collection[str], watching: Watching) -> PriceList:
    """The lists in a folder and below, under whatever names; a list says itself which one it is.

    Raises `PriceListError`.
    """
    files = sorted(path for path in folder.rglob("*.json") if path.is_file())
    read = [_read(str(path), from_file(path, watching(path.name)), offers(), regions) for path in files]
    if not (found := [one for one in read if one is not None]):
        codes = ", ".join(offer.code for offer in offers())
        raise PriceListError(f"There is no price list (*.json) in {folder}. Lists are read of {codes}.")
    return _together(found, regions)


def _read(
    place: str, opening: AbstractContextManager[Reading], known: Iterable[Offer], regions: Collection[str]
) -> PriceList | None:
    by_code = {offer.code: offer for offer in known}
    try:
        with opening as reading:
            return read_offer(reading, by_code.get, regions)
    except PriceListError as error:
        raise PriceListError(f"{place}: {error}") from None


def _together(read: Collection[PriceList], regions: Collection[str]) -> PriceList:
    """One list of all. An offer is as old as the oldest of its files."""
    sources: dict[str, Source] = {}
    prices: dict[Key, Price] = {}
    for one in read:
        for name, source in one.sources.items():
            sources[name] = min(sources.get(name, source), source, key=lambda known: known.date)
        for key, price in one.prices.items():
            if prices.setdefault(key, price) != price:
                raise PriceListError(f"Two lists have different prices of {key[0]} in {key[1]}: keep the newer one.")
    found = {(price.source, region) for (_, region), price in prices.items()}
    missing = [
        f"{offer.code} in {region}"
        for offer in offers()
        for region in sorted(regions)
        if offer.source in sources and (offer.source, region) not in found
    ]
    if missing:
        raise PriceListError(f"The lists have no price of {', '.join(missing)}. Is a region written wrongly?")
    left_out = [text for one in read for text in one.left_out]
    left_out += [f"{offer.code}: there is no file of it." for offer in offers() if offer.source not in sources]
    return PriceList(sources, prices, tuple(left_out))
