"""Findings as build servers and code hosts read them."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from dolmen.engine.plan import Position
from dolmen.review.formats.junit import junit
from dolmen.review.formats.sarif import sarif
from dolmen.review.report.findings import AcceptanceNote, Enforcement, Finding, Severity

URN = "urn:pulumi:production::dolmen::aws:sns/topic:Topic::alarms"
STOPS = Finding(
    id="sns-encrypted",
    title="A topic is encrypted.",
    message='It is not: "alarms" <are> read & kept.\x00',
    severity=Severity.CRITICAL,
    enforcement=Enforcement.MANDATORY,
    urn=URN,
    remedy="Give kmsMasterKeyId.",
    source="https://docs.aws.amazon.com/sns/",
    position=Position("components/cache/alarms dir/alarms.py", 12, 3),
)
ADVICE = Finding(id="logs-own-key", title="Logs have a key.", message="None.", severity=Severity.LOW)
ACCEPTED = Finding(
    id="kms-rotation",
    title="A key is rotated.",
    message="It is not.",
    enforcement=Enforcement.MANDATORY,
    urn=URN,
    acceptance=AcceptanceNote("The vendor rotates it by hand.", "2027-01-31"),
)
STACKS = {"production": (STOPS, ADVICE, ACCEPTED), "staging": ()}


def test_sarif_names_the_line_the_rule_and_the_danger() -> None:
    run = json.loads(sarif(STACKS, version="0.1.0"))["runs"][0]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    first = run["results"][0]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "components/cache/alarms%20dir/alarms.py", "a URI holds no space"
    assert place["region"] == {"startLine": 12, "startColumn": 3}
    assert first["level"] == "error"
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "sns-encrypted", (
        "the index points at another rule"
    )
    assert float(rules["sns-encrypted"]["properties"]["security-severity"]) >= 9.0, "GitHub calls 9 and more critical"


def test_sarif_keeps_an_accepted_finding_on_record_as_suppressed() -> None:
    run = json.loads(sarif(STACKS))["runs"][0]
    suppressed = [result for result in run["results"] if "suppressions" in result]
    assert [result["ruleId"] for result in suppressed] == ["kms-rotation"]
    assert "vendor" in suppressed[0]["suppressions"][0]["justification"], "nobody would know why it was accepted"


def test_sarif_gives_a_finding_the_same_fingerprint_wherever_its_line_moves() -> None:
    from dataclasses import replace

    moved = {"production": (replace(STOPS, position=Position("elsewhere.py", 99)),)}
    prints = [json.loads(sarif(stacks))["runs"][0]["results"][0]["partialFingerprints"] for stacks in (STACKS, moved)]
    assert prints[0] == prints[1], "every reformatting would reopen what was dismissed"


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    assert json.loads(sarif({}))["runs"][0]["results"] == [], "a missing run would leave old results open"


def test_junit_fails_for_what_is_mandatory_and_not_for_advice_or_what_is_accepted() -> None:
    suites = ElementTree.fromstring(junit(STACKS))
    production, staging = suites
    assert (suites.get("failures"), production.get("failures"), production.get("skipped")) == ("1", "1", "2")
    assert [case.get("name") for case in production if case.find("failure") is not None] == ["sns-encrypted: alarms"]
    assert staging.get("failures") == "0" and len(staging) == 1, "a clean stack shows as one that passed"


def test_junit_is_xml_whatever_a_message_holds() -> None:
    failure = ElementTree.fromstring(junit(STACKS)).find(".//failure")
    assert failure is not None and '"alarms" <are> read & kept.' in (failure.get("message") or "")
