"""What stacks would create, compared with nothing: the other document that every format writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dolmen.engine.plan import Plan
from dolmen.engine.project import Project
from dolmen.engine.surroundings import Surroundings, together
from dolmen.review.across.findings import claimed_twice
from dolmen.review.cost.estimate import Estimate, estimate
from dolmen.review.cost.price_file import shipped
from dolmen.review.cost.prices import Prices
from dolmen.review.diff.cause import Leaves
from dolmen.review.report.findings import Finding
from dolmen.review.report.logged import logged
from dolmen.review.report.overridden import overridden
from dolmen.review.report.policy_findings import PolicyFindings, policy_findings
from dolmen.review.report.refused import RefusedInputs, refused_inputs
from dolmen.review.sides.git import place_in_repository
from dolmen.review.sides.stack_files import leaves


@dataclass(frozen=True, slots=True)
class PlannedStack:
    """What one stack would create."""

    plan: Plan
    leaves: Leaves | None = None
    """Of its stack file."""
    policy: PolicyFindings = field(default_factory=PolicyFindings)
    refused: RefusedInputs = field(default_factory=RefusedInputs)
    prices: Prices = field(default_factory=shipped)

    @property
    def cost(self) -> Estimate:
        return estimate(self.plan, self.prices)

    @property
    def overridden(self) -> tuple[Finding, ...]:
        return overridden(self.plan, self.leaves)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What providers refuse, then what they ignore, what is overridden, what the program and what policies say."""
        refused = (*self.refused.findings, *self.refused.ignored)
        return (*refused, *self.overridden, *logged(self.plan), *self.policy.findings)


@dataclass(frozen=True, slots=True)
class Plans:
    """What each stack would create, compared with nothing."""

    stacks: tuple[PlannedStack, ...]
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()
    """What belongs to no single stack: that two of them claim the same."""
    folder: str = ""
    """The project's own inside its repository, such as `services/chat/`."""
    prices: Prices = field(default_factory=shipped)

    @property
    def surroundings(self) -> Surroundings | None:
        """What held for every program that ran."""
        return together(one.plan.surroundings for one in self.stacks)


def plans(project: Project, found: Sequence[Plan], seconds: float, prices: Prices | None = None) -> Plans:
    """Evaluated plans with what the policies say of them, each finding at the stack file's line where one causes it."""
    prices = prices or shipped()
    stacks: list[PlannedStack] = []
    for plan in found:
        values = leaves(project, plan.stack) if plan.findings else None
        stacks.append(PlannedStack(plan, values, policy_findings(plan, values), refused_inputs(plan, values), prices))
    return Plans(tuple(stacks), seconds, claimed_twice(found), place_in_repository(project.folder), prices)
