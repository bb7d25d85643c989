"""What a program logs (`pulumi.log`), as findings: it stands in every format, with what the base logs marked."""

from __future__ import annotations

from dolmen.engine.plan import Diagnostic, Plan
from dolmen.engine.plan import Severity as LogSeverity
from dolmen.review.refusals import outputs_as_text
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity

_SEVERITIES = {
    LogSeverity.INFO: (Severity.LOW, "The program says"),
    LogSeverity.WARNING: (Severity.MEDIUM, "The program warns"),
    LogSeverity.ERROR: (Severity.HIGH, "The program reports an error"),
}


_LONGEST = 600
_MOST = 40


def logged(head: Plan | None, base: Plan | None = None) -> tuple[Finding, ...]:
    """New words first, then in the order of the program; the same words about the same resource once."""
    if head is None:
        return ()
    before = {(one.severity, one.message) for one in base.diagnostics} if base is not None else set()
    found: dict[tuple[object, ...], Finding] = {}
    for one in head.diagnostics:
        known = (one.severity, one.message) in before if base is not None else None
        found.setdefault((one.severity, one.message, one.urn), _finding(one, known))
    told = sorted(found.values(), key=lambda finding: finding.in_base is True)
    return (*told[:_MOST], *_more(told[_MOST:]))


def _finding(one: Diagnostic, known: bool | None) -> Finding:
    severity, title = _SEVERITIES[one.severity]
    if next(outputs_as_text.found("", one.message), None) is not None:
        severity, title = Severity.HIGH, "The program says the text of an output whose value is not known"
    return Finding(
        f"program-log-{one.severity.value}",
        title,
        _on_one_line(one.message),
        severity,
        Enforcement.ADVISORY,
        FindingKind.PROGRAM,
        urn=one.urn or None,
        in_base=known,
    )


def _on_one_line(message: str) -> str:
    """The program's words, which stand below a title that says whose they are."""
    words = " ".join(message.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _more(left: list[Finding]) -> tuple[Finding, ...]:
    if not left:
        return ()
    new = sum(1 for one in left if one.in_base is not True)
    message = f"The program says {len(left)} more things, {new} of them new; they are in its own output."
    return (Finding("program-says-more", "The program says more", message, kind=FindingKind.PROGRAM),)
