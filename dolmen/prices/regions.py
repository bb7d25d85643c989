"""Finds the regions that stack files name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dolmen.prices.rules import REGION
from dolmen.stackfile import read


def regions_of(files: Iterable[Path]) -> frozenset[str]:
    """AWS's names of all regions in these files, also of those that Atlas spells `AP_NORTHEAST_2`.

    Raises `StackFileError`.
    """
    return frozenset(region for file in files for region in _named(read(file).values))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        name = value.lower().replace("_", "-") if value.isupper() else value
        if REGION.fullmatch(name):
            yield name
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _named(one)
