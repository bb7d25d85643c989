"""Findings as SARIF 2.1.0, which code hosts show beside the lines that they are about.

Accepted findings are suppressed results with their reason, so that they stay on record and stop nothing. Compared with
a base, `baselineState` says which results are new, and what only the base has is a result that passes (`absent`). A
stack that cannot be evaluated is a notification of an execution that failed.
Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Mapping
from typing import Any, TextIO
from urllib.parse import quote

from dolmen.engine.plan import Failure, Position
from dolmen.review.formats import Format
from dolmen.review.formats.parts.clean import json_text, visible, visible_lines
from dolmen.review.formats.parts.judged import StackFindings, of_plans, of_review
from dolmen.review.report import words
from dolmen.review.report.baseline import Baseline
from dolmen.review.report.findings import Enforcement, Finding, Severity
from dolmen.review.report.model import Review
from dolmen.review.report.plans import Plans

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "SRCROOT"
"""What code hosts take places to be relative to."""
SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""How code hosts sort by danger; the bounds are GitHub's."""


def sarif(stacks: Iterable[StackFindings], compared: str = "", folder: str = "") -> dict[str, Any]:
    """One run for all stacks; `compared` says with what, `folder` where in its repository the project lies."""
    stacks = list(stacks)
    rules = {finding.id: finding for stack in reversed(stacks) for finding, _ in reversed(stack.findings)}
    index = {identifier: place for place, identifier in enumerate(sorted(rules))}
    failures = [(stack, stack.failure) for stack in stacks if stack.failure is not None]
    invocation: dict[str, Any] = {"executionSuccessful": not failures}
    if failures:
        invocation["toolExecutionNotifications"] = [
            _notification(stack, failure, folder) for stack, failure in failures
        ]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "Dolmen", "rules": [_rule(rules[identifier]) for identifier in sorted(rules)]}},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository that holds the project."}}},
        "results": [
            _result(stack, finding, state, index, folder) for stack in stacks for finding, state in stack.findings
        ],
    }
    if compared:
        run["properties"] = {"compared": visible(compared)}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": finding.id,
        "shortDescription": _text(finding.title),
        "help": _text(finding.remedy or finding.title),
        "defaultConfiguration": {"level": _level(finding)},
        "properties": {"security-severity": SCORES[finding.severity], "tags": [finding.kind.value]},
    }
    if finding.source.startswith("https://"):
        rule["helpUri"] = finding.source
    return rule


def _level(finding: Finding) -> str:
    if finding.enforcement is Enforcement.MANDATORY:
        return "error"
    return "note" if finding.severity is Severity.LOW else "warning"


def _result(
    stack: StackFindings, finding: Finding, state: Baseline | None, index: Mapping[str, int], folder: str
) -> dict[str, Any]:
    gone = state is Baseline.ABSENT
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": index[finding.id],
        "kind": "pass" if gone else "fail",
        "level": "none" if gone else _level(finding),
        "message": _text(f"{stack.stack}: {finding.message}" if stack.stack else finding.message),
        "partialFingerprints": {"finding/v1": _fingerprint(stack.stack, finding)},
    }
    if state is not None:
        result["baselineState"] = state.value
    location: dict[str, Any] = {}
    place = finding.position or (Position(stack.stack_file, 1) if stack.stack_file else None)
    if place is not None:  # code hosts show nothing that has no place
        location["physicalLocation"] = _physical(place, folder)
    if finding.urn:
        urn = visible(finding.urn)
        name = urn.rpartition("::")[2]
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": urn, "kind": "resource"}]
    if location:
        result["locations"] = [location]
    if finding.registered is not None:
        registered = {"message": {"text": "registered here"}, "physicalLocation": _physical(finding.registered, folder)}
        result["relatedLocations"] = [registered]
    if finding.acceptance is not None:
        until = f" (until {finding.acceptance.until})" if finding.acceptance.until else ""
        reason = visible(f"{finding.acceptance.reason}{until}")
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result


def _physical(position: Position, folder: str) -> dict[str, Any]:
    region = {"startLine": position.line} | ({"startColumn": position.column} if position.column else {})
    return {
        "artifactLocation": {
            "uri": quote(posixpath.normpath(posixpath.join(folder, position.file)), errors="surrogatepass"),
            "uriBaseId": ROOT,
        },
        "region": region,
    }


def _notification(stack: StackFindings, failure: Failure, folder: str) -> dict[str, Any]:
    found: dict[str, Any] = {"level": "error", "message": _text(f"{stack.stack}: {failure.message}")}
    if failure.position is not None:
        found["locations"] = [{"physicalLocation": _physical(failure.position, folder)}]
    return found


def _text(text: str) -> dict[str, str]:
    """A message: nothing hidden in it, and no link (SARIF reads `[text](address)` as one, also in plain text)."""
    return {"text": visible_lines(text).replace("](", "] (")}


def _fingerprint(stack: str, finding: Finding) -> str:
    """The same from run to run, also when lines move."""
    text = "\0".join((stack, finding.id, finding.urn or "", finding.message))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def write_plans(plans: Plans, stream: TextIO) -> None:
    _write(sarif(of_plans(plans), folder=plans.folder), stream)


def write_review(review: Review, stream: TextIO) -> None:
    _write(sarif(of_review(review), " → ".join(words.sides(review)), review.folder), stream)


def _write(document: dict[str, Any], stream: TextIO) -> None:
    stream.write(json_text(document, indent=2) + "\n")


FORMAT = Format("application/sarif+json", ".sarif", write_plans, write_review)
