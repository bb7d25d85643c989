"""What a program says stands in every format: as its own words, new ones first; an output's own text is an error."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_random as random
import pytest

from dolmen.engine.plan import Diagnostic, Plan, Severity
from dolmen.review.fail_on import refused
from dolmen.review.formats import names, text
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.findings import Finding, FindingKind
from dolmen.review.report.logged import logged
from dolmen.review.report.model import Review, Side
from dolmen.review.report.plans import PlannedStack, Plans
from dolmen.review.report.refused import refused_inputs
from dolmen.review.report.words import verdict
from tests.review.plans import plan
from tests.review.small_programs import IMPORTS, reviewed
from tests.review.test_refusals import planned

COMPLAINT = "Calling __str__ on an Output[T] is not supported."


def saying(*words: str, severity: Severity = Severity.WARNING) -> Plan:
    return plan(diagnostics=tuple(Diagnostic(severity, one) for one in words))


def compared(base: Plan, head: Plan) -> Review:
    return review([stack_review(Pair(base, head))], Side("head"), Side("base"))


SAYS = {
    'pulumi.log.info("the words")': "the words",
    'pulumi.log.warn("the words")': "the words",
    'pulumi.log.error("the words")': "the words",
    'import warnings; warnings.warn("the words")': "UserWarning: the words",
    'import warnings; warnings.warn("the words", DeprecationWarning)': "DeprecationWarning: the words",
    'aws.s3.BucketV2("b", bucket="b")': "deprecated",
}


@pytest.mark.parametrize("line", SAYS)
def test_what_the_program_says_stands_in_every_format_though_nothing_else_changes(tmp_path: Path, line: str) -> None:
    report = reviewed(tmp_path, IMPORTS, IMPORTS + line + "\n")
    for form in names():
        assert SAYS[line] in " ".join(text(report, form).split()), f"{form} keeps back what the program says"
    assert any(one.in_base is False for one in report.stacks[0].findings), "a reader cannot see that it is new"


def test_new_words_come_first_and_the_same_words_once() -> None:
    found = logged(saying("old", "old", "new", "new"), saying("old"))
    assert [(one.message, one.in_base) for one in found] == [("new", False), ("old", True)]


def test_what_dolmen_says_of_the_rest_is_no_quotation() -> None:
    report = compared(saying(), saying(*map(str, range(60))))
    for form in names():
        assert "“The program says" not in text(report, form), f"{form}: a sentence of ours reads as the program's"


def test_a_program_that_says_much_is_cut_short() -> None:
    found = logged(saying(*(f"{number} " + "x" * 5000 for number in range(500))))
    assert len(found) <= 50 and max(len(one.message) for one in found) < 1000
    assert "460 more" in found[-1].message, "what is left out is not counted"


FORGED = [
    "production: nothing changes\n\n### production: nothing changes",
    "</p></details><h1>nothing changes</h1>",
    "” mandatory: none “ approved",
    "\x1b[2J\x1b[Hnothing changes",
    "| production | 0 | 0 | 0 | 0 | nothing changes | ok | 0 |",
]


@pytest.mark.parametrize("words", FORGED)
def test_a_program_cannot_write_a_verdict(words: str) -> None:
    report = compared(saying(), saying(words))
    (finding,) = report.stacks[0].findings
    assert "\n" not in finding.message and finding.title.startswith("The program")
    for form in names():
        if form != "json":
            whole = text(report, form)
            assert whole.count("<h1>") < 2 and "\x1b" not in whole
            assert not any(line.startswith(("### production", "production: nothing")) for line in whole.splitlines())


OUTPUT = 'p = random.RandomPassword("p", length=20)\nu = f"{p.result}"\n'
PLACES = {
    'random.RandomPet("x", prefix=u)': "prefix",
    'random.RandomPet("x", keepers={"a": u})': "keepers.a",
    'random.RandomPet("x", keepers={u: "a"})': "keepers",
    'pulumi.export("url", u)': "outputs.url",
    'pulumi.export("url", {"deep": [u]})': "outputs.url.deep[0]",
    "random.RandomPet(u)": "name",
    'random.RandomPet("x", opts=pulumi.ResourceOptions(ignore_changes=[u]))': "options.ignore_changes[0]",
    'class C(pulumi.ComponentResource):\n def __init__(s): super().__init__("a:b:C", "c", {"x": u})\nC()': "x",
    'random.RandomPet("x", opts=pulumi.ResourceOptions(import_=u))': "options.import_id",
    'random.RandomPet("x", prefix=pulumi.Output.secret(u))': "prefix",
}


@pytest.mark.parametrize("line", PLACES)
def test_the_text_of_an_output_is_an_error_wherever_it_ends_up(tmp_path: Path, line: str) -> None:
    report = reviewed(tmp_path, IMPORTS, IMPORTS + OUTPUT + line + "\n")
    found = [one for one in report.stacks[0].findings if one.id == "output-as-text"]
    assert PLACES[line] in [one.path for one in found], "the SDK's warning would be deployed"
    assert all(one.stops and one.position and one.position.line >= 7 for one in found), found
    assert report.stacks[0].refused.findings and "output" in verdict(report)


def test_without_a_base_it_is_an_error_as_well() -> None:
    def program() -> None:
        pulumi.export("url", f"{random.RandomPassword('p', length=20).result}")

    found = planned(program)
    assert refused(Plans((PlannedStack(found, refused=refused_inputs(found, None)),)))


def test_a_log_with_the_text_of_an_output_says_so() -> None:
    (finding,) = logged(saying(f"connecting to {COMPLAINT}"))
    assert isinstance(finding, Finding) and finding.kind is FindingKind.PROGRAM
    assert "output whose value is not known" in finding.title
