"""What a project's policy pack says of one stack, as data that crosses processes."""

from __future__ import annotations

from dataclasses import dataclass

from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity

FOLDER = "policies"
MANIFEST = "PulumiPolicy.yaml"
"""What makes a folder a policy pack."""


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
    levels: tuple[tuple[str, str], ...] = ()
    """(policy, its strongest level)"""


def failed(message: str, urn: str | None = None) -> Finding:
    """A pack that cannot judge must not look like one that agrees."""
    return Finding(
        id="policy-pack",
        title="The policy pack could not judge this environment.",
        message=message,
        severity=Severity.HIGH,
        enforcement=Enforcement.MANDATORY,
        kind=FindingKind.PROGRAM,
        urn=urn,
    )
