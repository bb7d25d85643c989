"""What is known of one resource type, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dolmen.knowledge.effects import UNDESCRIBED, EffectRule, Effects
from dolmen.knowledge.facts import Facts


@dataclass(frozen=True, slots=True)
class ListIdentity:
    """What makes two items of a list one and the same, and whether their order counts."""

    ordered: bool = True
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """Whether the cloud bills the resource: `free`, `priced` (see `dolmen.review.cost`), or items without a price."""

    free: bool = False
    not_priced: Mapping[str, str] = field(default_factory=dict[str, str])
    """Item → why it has no price."""


@dataclass(frozen=True, slots=True)
class TypeKnowledge:
    """What a type is: the first half of its file."""

    type: str
    called: str = ""
    """What people call one of them."""
    many: str = ""
    """What people call several; then three or more are counted in a tree."""
    summary: tuple[str, ...] | None = None
    """What a reader wants to know at a glance; `None`: the first few plain inputs."""
    cost: Cost | None = None


@dataclass(frozen=True)
class ChangeKnowledge:
    """What a change of a resource of one type does: the second half of its file."""

    lists: Mapping[str, ListIdentity] = field(default_factory=dict[str, ListIdentity])
    """Path without indices → how its items are matched."""
    facts: Facts = field(default_factory=Facts)
    effects: Effects = UNDESCRIBED

    @property
    def described(self) -> bool:
        """Whether people wrote effects for it, beyond the facts of its properties."""
        return self.effects is not UNDESCRIBED

    @cached_property
    def properties(self) -> Mapping[str, tuple[EffectRule, ...]]:
        """Path without indices → its effect rules, from facts and effects."""
        return {**self.facts.properties(), **self.effects.properties}
