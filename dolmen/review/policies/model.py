"""What a project's policy pack says of one stack, as data that crosses processes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity

FOLDER = "policies"
MANIFEST = "PulumiPolicy.yaml"
"""What makes a folder a policy pack."""


class Level(StrEnum):
    """How strongly a policy is enforced, from nothing to a stop.

    Source: https://www.pulumi.com/docs/discovery-governance/reference/policy-fields/
    """

    DISABLED = "disabled"
    ADVISORY = "advisory"
    REMEDIATE = "remediate"
    MANDATORY = "mandatory"


@dataclass(frozen=True, slots=True)
class NotJudged:
    """What a policy could not judge, because a value is known only after the deployment."""

    policy: str
    urn: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class PolicyReport:
    pack: str = ""
    policies: int = 0
    """How many policies were looked at; those that carry the same `policy:` tag are one."""
    findings: tuple[Finding, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()
    levels: tuple[tuple[str, Level], ...] = ()
    """(policy, its strongest level)"""


PACK_FAILED = "policy-pack"
"""The finding of a pack that could not judge: it must not look like one that agrees."""


def failed(message: str, urn: str | None = None) -> Finding:
    return Finding(
        id=PACK_FAILED,
        title="The policy pack could not judge this environment.",
        message=message,
        severity=Severity.HIGH,
        enforcement=Enforcement.MANDATORY,
        kind=FindingKind.PROGRAM,
        urn=urn,
    )
