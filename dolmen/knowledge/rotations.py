"""Which types take part when a credential rotates: `rotations.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dolmen.knowledge.loader import load_yaml


@dataclass(frozen=True, slots=True)
class RotationTypes:
    generators: frozenset[str]
    """What gives a value that nobody chose."""
    logins: Mapping[str, tuple[str, ...]]
    """Type of a login → what may differ between its two slots."""
    several: frozenset[str]
    """Logins that take several values at once."""
    publications: Mapping[str, tuple[str, ...]]
    """Type → the inputs in which readers find a value."""


@cache
def rotation_types() -> RotationTypes:
    written = load_yaml("rotations.yaml")
    logins, publications = (
        {token: tuple(names) for token, names in written[key].items()} for key in ("logins", "publications")
    )
    return RotationTypes(frozenset(written["generators"]), logins, frozenset(written["several"]), publications)
