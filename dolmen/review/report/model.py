"""The report model: one `Review`, read by every format and by `--fail-on`. Plain data, no layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dolmen.engine.plan import Failure, Note, Plan, Value
from dolmen.engine.surroundings import Surroundings
from dolmen.review.access.section import AccessChange
from dolmen.review.binding.model import Bound
from dolmen.review.cost.change import Cost
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.values import PropertyChange
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect
from dolmen.review.report.altered import Alteration
from dolmen.review.report.findings import Finding, FindingKind
from dolmen.review.report.refused import RefusedInputs
from dolmen.review.report.topology import Topology
from dolmen.stackfile import Acceptance


class Status(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    UNDESCRIBED = "undescribed"
    """Its file is gone: it stays deployed."""
    RENAMED = "renamed"
    FAILED = "failed"
    """The program or the stack file of the head cannot be evaluated."""
    UNCOMPARED = "uncompared"
    """The head can be evaluated, the base cannot."""


@dataclass(frozen=True, slots=True)
class Counts:
    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0


@dataclass(frozen=True, slots=True)
class StackReview:
    name: str
    status: Status
    changes: tuple[ResourceChange, ...] = ()
    outputs: tuple[PropertyChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    cost: Cost = field(default_factory=Cost)
    notes: tuple[Note, ...] = ()
    failure: Failure | None = None
    resources: int = 0
    """Resources of the head that a cloud holds."""
    region: str = ""
    tier: str = ""
    stack_file: str = ""
    renamed_from: str = ""
    topology: Topology = field(default_factory=Topology)
    accepted: tuple[tuple[str, Acceptance], ...] = ()
    """(URN, what accepts one of its effects)"""
    policies: int = 0
    """How many policies were run."""
    refused: RefusedInputs = field(default_factory=RefusedInputs)
    """What providers refuse (its findings stand in `findings`, too), and of how much they were asked."""
    plan: Plan | None = None
    """The head's, where there is nothing to compare it with: it is shown as a plan is."""
    doubtful: bool = False
    """Whether no change that is seen does not mean that nothing changes: see `Review.not_compared`."""
    access: tuple[AccessChange, ...] = ()
    """Who may do what, before and after; what lets most in first."""
    base_findings: tuple[Finding, ...] | None = None
    """What the policies say of the base; `None` where they were not asked."""
    outputs_gone: tuple[str, ...] = ()
    """The outermost names of outputs that only the base has."""
    outputs_new: tuple[str, ...] = ()
    project: str = ""
    config: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """The head's configuration: it also sets up default providers."""

    @property
    def managed(self) -> tuple[ResourceChange, ...]:
        """Changes of what a cloud holds: of components, which only group, those alone that lose a protection."""
        return tuple(change for change in self.changes if change.custom or harms(change.effects))

    @property
    def counts(self) -> Counts:
        def number(*operations: Operation) -> int:
            return sum(1 for change in self.managed if change.operation in operations)

        return Counts(
            number(Operation.CREATE, Operation.IMPORT),
            number(Operation.UPDATE),
            number(Operation.REPLACE),
            number(Operation.DELETE, Operation.FORGET),
        )

    @property
    def worst(self) -> tuple[ResourceChange, Effect] | None:
        found = [(change, change.worst) for change in self.managed if change.worst is not None]
        return max(found, key=lambda pair: pair[0].rank, default=None)

    @property
    def harshest(self) -> tuple[ResourceChange, Effect] | None:
        """The effect that is the worst by itself, whatever weight the resource has."""
        found = [(change, effect) for change in self.managed for effect in change.effects]
        return max(found, key=lambda pair: pair[1].rank, default=None)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Policies that the stack breaks."""
        return tuple(finding for finding in self.findings if finding.kind is FindingKind.POLICY)

    @property
    def important(self) -> bool:
        return self.tier == "production" or self.name in ("production", "prod", "prd")


@dataclass(frozen=True, slots=True)
class Side:
    """What was compared: a commit, a state file, the work tree."""

    label: str
    """For people: `3f2c1ab`, `state.json`, `the work tree`."""
    reference: str = ""
    """As the person named it: `origin/main`."""
    merge_base: bool = False
    """Whether it is where HEAD left `reference`, and not that commit itself."""
    tip: str = ""
    """Where `reference` stands, if it has moved on since HEAD left it."""


WORK_TREE = Side("the work tree")


@dataclass(frozen=True, slots=True)
class Review:
    stacks: tuple[StackReview, ...]
    head: Side
    base: Side | None = None
    findings: tuple[Finding, ...] = ()
    """What belongs to no single stack."""
    notes: tuple[Note, ...] = ()
    seconds: float = 0.0
    evaluated: int = 0
    """Programs that were run; what is the same on both sides ran once."""
    folder: str = ""
    """The project's own inside its repository, such as `services/chat/`."""
    altered: tuple[Alteration, ...] = ()
    """What the change does to that by which it is judged."""
    not_compared: tuple[str, ...] = ()
    """Sentences: what was not compared, or judged by what the change brings. They close every gate."""
    surroundings: Surroundings | None = None
    """What held for every program that ran."""
    bound: Bound | None = None
    """What was judged, and by which tool; `None` where nobody asked."""

    def changes(self) -> Iterator[tuple[StackReview, ResourceChange]]:
        for stack in self.stacks:
            for change in stack.changes:
                yield stack, change


def by_weight(stacks: tuple[StackReview, ...]) -> tuple[StackReview, ...]:
    """What matters most first; otherwise as given."""

    def weight(stack: StackReview) -> tuple[int, tuple[int, ...], bool]:
        worst = stack.worst
        failed = stack.status in (Status.FAILED, Status.UNCOMPARED) or bool(stack.refused.findings)
        return (failed, worst[0].rank if worst else (), stack.important)

    return tuple(sorted(stacks, key=weight, reverse=True))
