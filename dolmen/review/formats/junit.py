"""Findings as JUnit XML, which most build servers show: a suite for each stack, a case for each finding.

A mandatory finding is a failure, whether the change brings it or the base has it already (its text says which): it is
what `--fail-on policy` stops for. Advice and what is accepted are skipped cases, which stop nothing. What only the base
has is a case that passes. A stack that cannot be evaluated is an error. What XML 1.0 forbids is made visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from dolmen.review.formats import Format
from dolmen.review.formats.parts.clean import visible, visible_lines
from dolmen.review.formats.parts.judged import StackFindings, of_plans, of_review
from dolmen.review.report import words
from dolmen.review.report.baseline import Baseline
from dolmen.review.report.findings import Finding
from dolmen.review.report.model import Review
from dolmen.review.report.plans import Plans

_STATES = {
    Baseline.NEW: "new in this change",
    Baseline.UNCHANGED: "in the base already",
    Baseline.UPDATED: "in the base already, in other words",
    Baseline.ABSENT: "only in the base",
}


def junit(stacks: Iterable[StackFindings], compared: str = "") -> str:
    root = Element("testsuites", name="dolmen plan")
    for stack in stacks:
        suite = SubElement(root, "testsuite", name=visible_lines(stack.stack or "review"))
        if compared:
            SubElement(SubElement(suite, "properties"), "property", name="compared", value=visible(compared))
        for finding, state in stack.findings:
            _case(suite, finding, state)
        if stack.failure is not None:
            case = _named(suite, "plan")
            SubElement(case, "error", type=stack.failure.kind.value).text = visible_lines(stack.failure.message)
        elif not stack.findings:
            _named(suite, "policies")
        _count(suite, [suite])
    _count(root, list(root))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _case(suite: Element, finding: Finding, state: Baseline | None) -> None:
    case = _named(suite, f"{finding.id}: {(finding.urn or '').rpartition('::')[2] or 'stack'}")
    if finding.position is not None:
        case.set("file", visible_lines(finding.position.file))
        case.set("line", str(finding.position.line))
    text = visible_lines("\n".join(line for line in _lines(finding, state) if line))
    if state is not Baseline.ABSENT and finding.stops:
        failure = SubElement(case, "failure", message=visible_lines(finding.message), type=finding.severity.value)
        failure.text = text
        return
    if state is not Baseline.ABSENT:
        why = f"accepted: {finding.acceptance.reason}" if finding.acceptance else f"advice: {finding.message}"
        SubElement(case, "skipped", message=visible_lines(why))
    SubElement(case, "system-out").text = text


def _lines(finding: Finding, state: Baseline | None) -> Iterator[str]:
    yield from (finding.title, finding.message, finding.remedy, finding.source)
    if finding.position is not None:
        yield str(finding.position)
    if finding.registered is not None:
        yield f"registered at {finding.registered}"
    if state is not None:
        yield _STATES[state]


def _named(suite: Element, name: str) -> Element:
    return SubElement(suite, "testcase", classname=suite.get("name", ""), name=visible_lines(name))


def _count(element: Element, suites: Iterable[Element]) -> None:
    cases = [case for suite in suites for case in suite.iter("testcase")]
    element.set("tests", str(len(cases)))
    for plural, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(plural, str(sum(case.find(tag) is not None for case in cases)))


def write_plans(plans: Plans, stream: TextIO) -> None:
    stream.write(junit(of_plans(plans)))


def write_review(review: Review, stream: TextIO) -> None:
    stream.write(junit(of_review(review), " → ".join(words.sides(review))))


FORMAT = Format("application/xml", ".xml", write_plans, write_review)
