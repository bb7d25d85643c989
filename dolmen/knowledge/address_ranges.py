"""Which resources take an address range, and inside which network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dolmen.knowledge.loader import WrongKnowledgeError, load_yaml

_FILE = "address_ranges.yaml"


@dataclass(frozen=True, slots=True)
class AddressRange:
    type: str
    range: str
    """The input that holds it, of the resource or of what `through` names."""
    within: str = ""
    """The input that names the network which it must not overlap in."""
    through: str = ""
    alone: bool = False
    """Whether the same range a second time in one account and region is a mistake in any network."""


@cache
def address_ranges() -> tuple[AddressRange, ...]:
    try:
        return tuple(AddressRange(**row) for row in load_yaml(_FILE)["ranges"])
    except TypeError as error:
        raise WrongKnowledgeError(f"{_FILE}: {error}") from error
