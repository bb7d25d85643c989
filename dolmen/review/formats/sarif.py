"""Findings as SARIF 2.1.0, which code hosts show beside the lines that they are about.

Accepted findings are suppressed results with their reason, so that they stay on record and stop nothing.
Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dolmen.review.report.findings import Enforcement, Finding, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""How code hosts sort by danger; the bounds are GitHub's."""


def sarif(stacks: Mapping[str, Sequence[Finding]], *, version: str = "") -> str:
    """One run for all stacks: stack → its findings."""
    rules: dict[str, Finding] = {}
    for findings in stacks.values():
        for finding in findings:
            rules.setdefault(finding.id, finding)
    index = {identifier: place for place, identifier in enumerate(sorted(rules))}
    driver: dict[str, Any] = {"name": "Dolmen", "rules": [_rule(rules[identifier]) for identifier in sorted(rules)]}
    if version:
        driver["semanticVersion"] = version
    results = [_result(stack, finding, index) for stack, findings in stacks.items() for finding in findings]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"PROJECT": {"description": {"text": "The folder that holds Pulumi.yaml."}}},
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(finding: Finding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": finding.id,
        "shortDescription": {"text": finding.title},
        "help": {"text": finding.remedy or finding.title},
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


def _result(stack: str, finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": index[finding.id],
        "level": _level(finding),
        "message": {"text": f"{stack}: {finding.message}"},
        "partialFingerprints": {"finding/v1": _fingerprint(stack, finding)},
    }
    location: dict[str, Any] = {}
    if finding.position is not None:
        region: dict[str, Any] = {"startLine": finding.position.line}
        if finding.position.column:
            region["startColumn"] = finding.position.column
        artifact = {"uri": quote(finding.position.file), "uriBaseId": "PROJECT"}
        location["physicalLocation"] = {"artifactLocation": artifact, "region": region}
    if finding.urn:
        name = finding.urn.rpartition("::")[2]
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": finding.urn, "kind": "resource"}]
    if location:
        result["locations"] = [location]
    if finding.acceptance is not None:
        until = f" (until {finding.acceptance.until})" if finding.acceptance.until else ""
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": f"{finding.acceptance.reason}{until}"}
        ]
    return result


def _fingerprint(stack: str, finding: Finding) -> str:
    """The same from run to run, also when lines move."""
    text = "\0".join((stack, finding.id, finding.urn or "", finding.message))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
