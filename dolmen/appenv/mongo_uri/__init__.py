"""What is wrong with a MongoDB URI, said without repeating any part of it."""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.appenv.definition import Tier
from dolmen.appenv.mongo_uri import hosts, login, options, spelling
from dolmen.appenv.mongo_uri.parts import Fault, split

__all__ = ["Fault", "faults"]


def faults(uri: str, tier: Tier) -> Iterator[Fault]:
    """Broken rules of one URI. In development a server on the developer's own machine may do without login and TLS."""
    uri, found = spelling.repaired(uri)
    yield from found
    if not spelling.has_scheme(uri):
        yield spelling.WITHOUT_SCHEME
        return
    parts = split(uri)
    local = tier is Tier.DEVELOPMENT and parts.on_this_machine
    yield from spelling.faults(parts)
    yield from login.faults(parts, local)
    yield from hosts.faults(parts, local)
    yield from options.faults(parts, local)
