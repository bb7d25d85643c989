"""What a comparison finds, as data: one `ResourceChange` per resource that differs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dolmen.engine.plan import Position, Resource
from dolmen.engine.urns import STACK_TYPE
from dolmen.knowledge.loader import change_knowledge
from dolmen.review.diff.paths import Path
from dolmen.review.diff.values import PropertyChange
from dolmen.review.effects.model import Effect


class Operation(StrEnum):
    CREATE = "create"
    IMPORT = "import"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    """Leaves Pulumi's state and stays in the cloud (`retainOnDelete`)."""
    READ = "read"
    OPTIONS = "options"
    """Only Pulumi's own options differ (`protect` and the like): the cloud is not asked to do anything."""
    SAME = "same"


SIGNS = {
    Operation.CREATE: "+",
    Operation.IMPORT: "=",
    Operation.UPDATE: "~",
    Operation.REPLACE: "±",
    Operation.DELETE: "−",
    Operation.FORGET: "−",
    Operation.READ: ">",
    Operation.OPTIONS: "·",
    Operation.SAME: " ",
}


_STACK = 100
"""The weight of the stack itself: what is said of all resources comes before what is said of one."""

MOVED = "moved without an alias"
"""In `replaced_because`: the engine creates it under one URN and deletes it under the other."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Where in the user's sources a change comes from."""

    position: Position
    key: str = ""
    """The key in the stack file; empty for a line of the program."""
    certain: bool = True
    """False where several places could be it."""
    carries: tuple[Path, ...] = field(default=(), compare=False)
    """The properties whose old and new values are this key's own, where the program is the same on both sides."""


@dataclass(frozen=True, slots=True)
class ResourceChange:
    operation: Operation
    old: Resource | None
    new: Resource | None
    """On one side at least it exists."""
    properties: tuple[PropertyChange, ...] = ()
    ignored: tuple[PropertyChange, ...] = ()
    """What differs in the program and is ignored (`ignoreChanges`)."""
    options: tuple[PropertyChange, ...] = ()
    effects: tuple[Effect, ...] = ()
    """One per effect rule that applies, the worst first."""
    delete_first: bool = False
    replaced_because: tuple[str, ...] = ()
    """Property paths, or `provider`, or `replaceWith`, or the URN of a resource that goes first, or `MOVED`."""
    blocked: tuple[str, ...] = ()
    """What stops it: sentences."""
    causes: tuple[Cause, ...] = ()
    component: str = ""
    """The nearest component around it, `AtlasCluster chat-prod-cluster`."""

    @property
    def subject(self) -> Resource:
        """The resource as it will be, or was."""
        subject = self.new or self.old
        assert subject is not None, "a change has at least one side"
        return subject

    @property
    def urn(self) -> str:
        return self.subject.urn

    @property
    def type(self) -> str:
        return self.subject.type

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def custom(self) -> bool:
        return self.subject.custom

    @property
    def moved(self) -> bool:
        return MOVED in self.replaced_because

    @property
    def renamed_from(self) -> str | None:
        return self.old.urn if self.old and self.new and self.old.urn != self.new.urn else None

    @property
    def worst(self) -> Effect | None:
        return self.effects[0] if self.effects else None

    @property
    def rank(self) -> tuple[int, ...]:
        """Greater must be seen first: the kind of harm, then the weight of what it happens to, then how bad it is.

        So a light resource may suffer worse than the first one: `StackReview.harshest`.
        """
        if self.worst is None:
            return ()
        weight = _STACK if self.type == STACK_TYPE else change_knowledge(self.type).effects.weight
        data, fails, downtime, unknown, kind, *rest = self.worst.rank
        harm = (min(data, 1), fails, min(downtime, 1), unknown, self.worst.class_of_kind)
        return (*harm, weight, data, downtime, kind, *rest)

    @property
    def short_type(self) -> str:
        return self.type.rsplit(":", 1)[-1]
