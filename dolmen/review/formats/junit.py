"""Findings as JUnit XML, which most build servers show: a suite for each stack, a case for each finding.

A mandatory finding is a failure. Advice and what is accepted are skipped cases with their text, which stop nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from dolmen.review.report.findings import Finding

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(stacks: Mapping[str, Sequence[Finding]]) -> str:
    """Stack → its findings. A stack without any has one case that passed."""
    suites = [_suite(stack, findings) for stack, findings in stacks.items()]
    stopping = sum(finding.stops for findings in stacks.values() for finding in findings)
    tests = sum(max(1, len(findings)) for findings in stacks.values())
    head = f'<testsuites name="dolmen plan" tests="{tests}" failures="{stopping}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>", ""])


def _suite(stack: str, findings: Sequence[Finding]) -> str:
    stopping = sum(finding.stops for finding in findings)
    head = (
        f'  <testsuite name={_attribute(stack)} tests="{max(1, len(findings))}" failures="{stopping}" '
        f'skipped="{len(findings) - stopping}">'
    )
    cases = [_case(stack, finding) for finding in findings]
    if not cases:
        cases = [f'    <testcase classname={_attribute(stack)} name="policies"/>']
    return "\n".join([head, *cases, "  </testsuite>"])


def _case(stack: str, finding: Finding) -> str:
    name = f"{finding.id}: {(finding.urn or '').rpartition('::')[2] or 'stack'}"
    place = f' file={_attribute(finding.position.file)} line="{finding.position.line}"' if finding.position else ""
    lines = [finding.title, finding.message, finding.remedy, finding.source]
    if finding.position:
        lines.append(str(finding.position))
    text = _text("\n".join(line for line in lines if line))
    if finding.stops:
        body = f"      <failure message={_attribute(finding.message)} type={_attribute(finding.severity.value)}>{text}</failure>"
    else:
        why = f"accepted: {finding.acceptance.reason}" if finding.acceptance else f"advice: {finding.message}"
        body = f"      <skipped message={_attribute(why)}/>\n      <system-out>{text}</system-out>"
    head = f"    <testcase classname={_attribute(stack)} name={_attribute(name)}{place}>"
    return "\n".join([head, body, "    </testcase>"])


def _attribute(value: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", value))
