"""Changes that read alike, as every format shows them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dolmen.review.diff.changes import Cause, ResourceChange
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect
from dolmen.review.report.values import Values
from dolmen.stackfile import Acceptance

_FEW = 6
"""So many resources of several types are named."""


@dataclass(frozen=True, slots=True)
class Block:
    """Changes that read alike, and what is said of them."""

    first: ResourceChange
    """Stands for all: its operation and what was not said before of its effects."""
    members: tuple[ResourceChange, ...]
    values: tuple[Values, ...] = ()
    effects: tuple[Effect, ...] = ()
    """What is new to the reader of them."""
    like: str = ""
    """The name under which the sentences that are left out stand."""
    causes: tuple[Cause, ...] = ()
    """Those that neither the stack's own cause nor a key among the values says."""
    accepted: Acceptance | None = None

    @property
    def harmful(self) -> bool:
        return bool(harms(self.first.effects)) or bool(self.first.blocked)

    @property
    def named(self) -> bool:
        """Whether every name has to be read: where it does harm, and where an option such as `protect` differs."""
        return self.harmful or any(one.prefix for one in self.values)

    @property
    def mixed(self) -> bool:
        return len({change.type for change in self.members}) > 1

    @property
    def title(self) -> str:
        number = len(self.members)
        if self.mixed:
            return f"{number} resources"
        return self.first.short_type if number == 1 else f"{number} × {self.first.short_type}"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(change.name for change in self.members)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of several types: which, what there is most of first; of a few resources their names, too."""
        if len(self.members) <= _FEW:
            return tuple(f"{change.short_type} {change.name}" for change in self.members)
        numbers = Counter(change.short_type for change in self.members)
        return tuple(f"{number} × {kind}" if number > 1 else kind for kind, number in numbers.most_common())

    @property
    def component(self) -> str:
        """Around all of them, or nothing where they stand in several."""
        around = {change.component for change in self.members}
        return around.pop() if len(around) == 1 else ""


@dataclass(frozen=True, slots=True)
class Told:
    """The blocks of a stack, and the causes that they have where they name none."""

    blocks: tuple[Block, ...]
    causes: tuple[Cause, ...] = ()
    value: Values | None = None
    """A cause with what its key was and is, where the blocks do not repeat it."""
