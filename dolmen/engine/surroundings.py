"""Says what a program ran in: what kept it in, and what it was given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dolmen.engine.closed.model import Held, Hold, Protection

_NEEDED = (Protection.ENVIRONMENT, Protection.NETWORK)
"""Without either a program can have had credentials, or used those that it found."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What held while a program ran, and the variables that it was passed."""

    held: Held
    passed: tuple[str, ...] = ()
    """Names of variables (`--env`), sorted."""

    @property
    def without_credentials(self) -> bool:
        """Whether it is certain that no credentials were used."""
        return not self.passed and all(self.holds(one) for one in _NEEDED)

    @property
    def missing(self) -> tuple[Protection, ...]:
        """What did not hold."""
        return tuple(one for one in Protection if not self.holds(one))

    def holds(self, protection: Protection) -> bool:
        return protection in self.held and self.held[protection].held


def together(several: Iterable[Surroundings | None]) -> Surroundings | None:
    """What held for every program; `None` where none was run."""
    found = [one for one in several if one is not None]
    if not found:
        return None
    held = {one: _weakest([each.held.get(one, _UNKNOWN) for each in found]) for one in Protection}
    return Surroundings(held, tuple(sorted({name for one in found for name in one.passed})))


_UNKNOWN = Hold(False, (), "nothing is known of it")


def _weakest(holds: list[Hold]) -> Hold:
    return next((one for one in holds if not one.held), holds[0])
