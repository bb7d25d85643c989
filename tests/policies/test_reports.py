"""Findings as build servers and code hosts read them."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from dolmen.engine.plan import Failure, FailureKind, Position
from dolmen.review.formats.junit import junit
from dolmen.review.formats.parts.judged import StackFindings
from dolmen.review.formats.sarif import sarif
from dolmen.review.report.baseline import Baseline, against
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
STACKS = (
    StackFindings("production", tuple((finding, None) for finding in (STOPS, ADVICE, ACCEPTED))),
    StackFindings("staging"),
)


def test_sarif_names_the_line_the_rule_and_the_danger() -> None:
    run = sarif(STACKS)["runs"][0]
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
    run = sarif(STACKS)["runs"][0]
    suppressed = [result for result in run["results"] if "suppressions" in result]
    assert [result["ruleId"] for result in suppressed] == ["kms-rotation"]
    assert "vendor" in suppressed[0]["suppressions"][0]["justification"], "nobody would know why it was accepted"


def test_sarif_gives_a_finding_the_same_fingerprint_wherever_its_line_moves() -> None:
    moved = (StackFindings("production", ((replace(STOPS, position=Position("elsewhere.py", 99)), None),)),)
    prints = [sarif(stacks)["runs"][0]["results"][0]["partialFingerprints"] for stacks in (STACKS, moved)]
    assert prints[0] == prints[1], "every reformatting would reopen what was dismissed"


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    assert sarif(())["runs"][0]["results"] == [], "a missing run would leave old results open"


def test_junit_fails_for_what_is_mandatory_and_not_for_advice_or_what_is_accepted() -> None:
    suites = ElementTree.fromstring(junit(STACKS))
    production, staging = suites
    assert (suites.get("failures"), production.get("failures"), production.get("skipped")) == ("1", "1", "2")
    assert [case.get("name") for case in production if case.find("failure") is not None] == ["sns-encrypted: alarms"]
    assert staging.get("failures") == "0" and len(staging) == 1, "a clean stack shows as one that passed"


def test_junit_is_xml_whatever_a_message_holds() -> None:
    failure = ElementTree.fromstring(junit(STACKS)).find(".//failure")
    assert failure is not None and '"alarms" <are> read & kept.' in (failure.get("message") or "")


# ---- compared with a base

GONE = replace(STOPS, id="sns-gone", message="It was open.")
OTHER_WORDS = replace(STOPS, message="It is still not encrypted.")


def test_a_finding_is_new_standing_changed_or_gone() -> None:
    base, head = (STOPS, GONE, ACCEPTED), (OTHER_WORDS, ACCEPTED, ADVICE)
    found = [(finding.id, state) for finding, state in against(base, head)]
    assert found == [
        ("sns-encrypted", Baseline.UPDATED),
        ("kms-rotation", Baseline.UNCHANGED),
        ("logs-own-key", Baseline.NEW),
        ("sns-gone", Baseline.ABSENT),
    ], "a reviewer would be shown what the change did not bring, or not what it brought"


def test_a_renamed_stack_keeps_its_findings() -> None:
    renamed = replace(STOPS, urn=URN.replace(":production::", ":prod::"))
    assert [state for _, state in against((STOPS,), (renamed,))] == [Baseline.UNCHANGED]


def test_of_two_findings_of_one_resource_the_one_that_stays_is_unchanged() -> None:
    one, two = replace(STOPS, message="10.0.0.0/8 is wide."), replace(STOPS, message="11.0.0.0/8 is wide.")
    assert list(against((one, two), (two,))) == [(two, Baseline.UNCHANGED), (one, Baseline.ABSENT)]


COMPARED = StackFindings("production", tuple(against((STOPS, GONE), (STOPS, replace(ACCEPTED, acceptance=None)))))


def test_sarif_marks_what_a_change_brings_keeps_and_removes() -> None:
    results = sarif((COMPARED,))["runs"][0]["results"]
    assert [(result["ruleId"], result["baselineState"]) for result in results] == [
        ("sns-encrypted", "unchanged"),
        ("kms-rotation", "new"),
        ("sns-gone", "absent"),
    ]
    assert (results[2]["kind"], results[2]["level"]) == ("pass", "none"), "what is gone would be shown as an error"


def test_sarif_says_nothing_of_a_base_that_nobody_judged() -> None:
    assert not [result for result in sarif(STACKS)["runs"][0]["results"] if "baselineState" in result]


def test_sarif_places_a_finding_at_its_cause_and_names_the_line_that_registers_it_beside() -> None:
    caused = replace(STOPS, position=Position("stacks/Pulumi.production.yaml", 7), registered=STOPS.position)
    (result,) = sarif((StackFindings("production", ((caused, None),)),))["runs"][0]["results"]
    (place,), (beside,) = result["locations"], result["relatedLocations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "stacks/Pulumi.production.yaml"
    assert beside["physicalLocation"]["region"]["startLine"] == 12


def test_sarif_counts_places_from_the_repository_s_root() -> None:
    caused = replace(STOPS, position=Position("../stacks/Pulumi.dev.yaml", 7), registered=Position("__main__.py", 12))
    stacks = (StackFindings("dev", ((caused, None),)),)
    (result,) = sarif(stacks, folder="services/chat/")["runs"][0]["results"]
    places = (*result["locations"], *result["relatedLocations"])
    found = [place["physicalLocation"]["artifactLocation"]["uri"] for place in places]
    assert found == ["services/stacks/Pulumi.dev.yaml", "services/chat/__main__.py"], (
        "a code host would show the finding beside no line, or beside another file's"
    )


def test_sarif_gives_every_finding_of_a_stack_a_place() -> None:
    stack = StackFindings("production", ((ADVICE, None),), "stacks/Pulumi.production.yaml")
    (result,) = sarif((stack,))["runs"][0]["results"]
    assert result["locations"], "code hosts drop what has no place"


def test_sarif_of_a_stack_that_cannot_be_evaluated_is_a_run_that_failed() -> None:
    failure = Failure(FailureKind.PROGRAM, "boom", Position("__main__.py", 3))
    (invocation,) = sarif((StackFindings("production", failure=failure),))["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False, "no finding would read as no problem"
    assert "boom" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_message_makes_no_link_in_a_viewer() -> None:
    hostile = replace(STOPS, message="[see here](https://evil.example)")
    (result,) = sarif((StackFindings("production", ((hostile, None),)),))["runs"][0]["results"]
    assert "](" not in result["message"]["text"], "SARIF reads that as a link"


def test_junit_fails_for_standing_violations_too_and_passes_what_is_gone() -> None:
    (suite,) = ElementTree.fromstring(junit((COMPARED,)))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "2", "0")
    texts = ["".join(case.itertext()) for case in suite]
    assert "in the base already" in texts[0] and "new in this change" in texts[1]
    assert "only in the base" in texts[2], "nobody would see that the change mends something"


def test_junit_counts_a_stack_that_cannot_be_evaluated_as_an_error() -> None:
    suites = ElementTree.fromstring(
        junit((StackFindings("staging", failure=Failure(FailureKind.CRASH, "out of memory")),))
    )
    assert (suites.get("tests"), suites.get("errors")) == ("1", "1"), "a stack without a plan would look clean"
