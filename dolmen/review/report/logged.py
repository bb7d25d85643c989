"""What a program logs (`pulumi.log`), as findings: it stands in every format, with what the base logs marked."""

from __future__ import annotations

from dolmen.engine.plan import Plan
from dolmen.engine.plan import Severity as LogSeverity
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity

_SEVERITIES = {
    LogSeverity.INFO: (Severity.LOW, "The program says"),
    LogSeverity.WARNING: (Severity.MEDIUM, "The program warns"),
    LogSeverity.ERROR: (Severity.HIGH, "The program reports an error"),
}


def logged(head: Plan | None, base: Plan | None = None) -> tuple[Finding, ...]:
    """In the order of the program; the same words about the same resource once."""
    if head is None:
        return ()
    before = {(one.severity, one.message) for one in base.diagnostics} if base is not None else set()
    found: dict[tuple[object, ...], Finding] = {}
    for one in head.diagnostics:
        severity, title = _SEVERITIES[one.severity]
        found[one.severity, one.message, one.urn] = Finding(
            f"program-log-{one.severity.value}",
            title,
            one.message.strip(),
            severity,
            Enforcement.ADVISORY,
            FindingKind.PROGRAM,
            urn=one.urn or None,
            in_base=(one.severity, one.message) in before if base is not None else None,
        )
    return tuple(found.values())
