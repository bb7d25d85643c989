"""What a check says about one stack: a broken policy, an expired acceptance, a base that cannot run.

Whoever checks (the policy pack, the register of acceptances, the evaluation of the base) fills these; the report shows them
and `--fail-on` counts them. A finding holds no secret and no colour: it is data that crosses processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dolmen.engine.plan import Position


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Enforcement(StrEnum):
    MANDATORY = "mandatory"
    """Stops `pulumi preview`, and stops a review that asks for `--fail-on policy`."""
    ADVISORY = "advisory"


class FindingKind(StrEnum):
    POLICY = "policy"
    """A rule of the policy pack; the only kind that the column "policies" counts."""
    ACCEPTANCE = "acceptance"
    """An entry of the register of acceptances that has expired or fits nothing."""
    BASE = "base"
    """What could not be found out about the base of the comparison."""
    ALTERED = "altered"
    """What the change does to that by which it is judged."""
    PROVIDER = "provider"
    """What a provider refuses before it asks its cloud: the preview fails."""
    CHANGE = "change"
    """What the change does, for formats that know findings alone."""
    PROGRAM = "program"
    """The program or its stack file could not be evaluated."""
    OVERRIDE = "override"
    """A property that a stack file writes past the platform's own options."""
    ACCESS = "access"
    """Somebody may do what was not allowed before, or no longer; only where a format knows findings alone."""


@dataclass(frozen=True, slots=True)
class AcceptanceNote:
    """A broken rule that the stack accepts on record."""

    reason: str
    until: str | None = None
    """ISO date, the last day on which it counts."""


@dataclass(frozen=True, slots=True)
class Finding:
    id: str
    """Stable, such as `atlas-cluster-backup`."""
    title: str
    message: str
    severity: Severity = Severity.MEDIUM
    enforcement: Enforcement = Enforcement.ADVISORY
    kind: FindingKind = FindingKind.POLICY
    urn: str | None = None
    remedy: str = ""
    source: str = ""
    """Where the rule comes from: a URL or a document's name."""
    position: Position | None = None
    """The line of the stack file that causes it, or else the program's line that registers the resource."""
    registered: Position | None = None
    """The program's line, where `position` is the stack file's."""
    acceptance: AcceptanceNote | None = None
    path: str = ""
    """Of the input that a provider refuses."""
    reason: str = ""
    """Why, in one of `RefusalKind`'s words."""
    in_base: bool | None = None
    """Whether the base has it already; `None` where nobody compared, or where `baseline` says it."""

    @property
    def stops(self) -> bool:
        """Mandatory and not accepted."""
        return self.enforcement is Enforcement.MANDATORY and self.acceptance is None
