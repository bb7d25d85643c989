"""Whatever a change writes into names, types, values and messages, no format lets it act."""

from __future__ import annotations

import datetime
import html
import json
import re
import unicodedata
from dataclasses import replace
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dolmen.engine.plan import (
    Diagnostic,
    Failure,
    FailureKind,
    Note,
    Options,
    Placeholder,
    Plan,
    Position,
    Resource,
    Severity,
)
from dolmen.review.diff.cause import Leaf, Leaves
from dolmen.review.formats import load, names
from dolmen.review.formats import text as render
from dolmen.review.formats.markdown import MARKER
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.findings import AcceptanceNote, Enforcement, Finding
from dolmen.review.report.model import Review, Side
from dolmen.review.report.plans import PlannedStack, Plans
from dolmen.stackfile import Acceptance
from tests.review.plans import CACHE, CLUSTER, SECRET, cache_inputs, cluster_inputs, plan, resource
from tests.review.test_formats import schema
from tests.review.test_renderings import ALLOWED, HOSTILE, tags

PIECES = st.one_of(
    st.sampled_from(
        [*HOSTILE, "`", "|", "\n", "[a](https://evil.example)", "<img src=x>", "{{ 7 * 7 }}", "&#x1b;", ":", "::"]
    ),
    st.text(max_size=8),
    st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs", "Mn"]),
)
HOSTILE_TEXT = st.lists(PIECES, max_size=6).map("".join)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
OUR_GAP = "\u200b"
"""Markdown's own: it breaks up what GitHub would link."""


def everything(text: str) -> Review:
    """The text in every place that a change can fill, type tokens and registers included."""
    strange = f"{text}:{text}:{text}"

    def side(number: int) -> Plan:
        resources = [
            resource(
                CACHE, text, cache_inputs(engineVersion=f"{9 - number}.0", description=f"{text}{number}"), stack=text
            ),
            resource(CLUSTER, f"b{text}", cluster_inputs("M20" if number else "M30"), stack=text),
            resource(strange, text, {text: f"{text}{number}", "list": [f"{text}{number}"]}, stack=text),
            resource(f"{strange}{number}", text, {text: text}, stack=text),
            *(resource(SECRET, f"{n}{text}", {"tags": {text: f"{text}{number}"}}, stack=text) for n in range(4)),
            resource("a:b:Group", text, custom=False, stack=text, options=Options(protect=not number)),
        ]
        resources = [replace(one, source=Position(text, 1), parent=resources[-1].urn) for one in resources]
        return plan(
            *resources,
            stack=text,
            outputs={text: number, f"{text}{number}": {text: text}},
            notes=(Note("not-analysed", text, text), Note("assumed", text, text), Note(text, text, text)),
            diagnostics=(Diagnostic(Severity.WARNING, f"{text}{number}", text), Diagnostic(Severity.ERROR, text)),
            stack_file=text,
            config={"aws:region": text, "shop:tier": text, text: Placeholder(text)},
        )

    def finding(number: int, **more: Any) -> Finding:
        return Finding(
            text,
            text,
            f"{text}{number}",
            remedy=text,
            source=f"https://{text}",
            urn=text,
            position=Position(text, 1),
            **more,
        )

    leaves = [Leaves(text, {("config", text): Leaf(f"{text}{number}", 1)}) for number in range(2)]
    found = (
        finding(1, enforcement=Enforcement.MANDATORY),
        finding(2, acceptance=AcceptanceNote(text, text)),
        finding(3),
    )
    pair = Pair(side(0), side(1), *leaves, program_changed=False, findings=found)
    stack = replace(stack_review(pair), base_findings=(finding(3), finding(4)))
    broken = Plan(text, text, text, (), {}, failure=Failure(FailureKind.PROGRAM, f"{text}\n{text}"), output=text)
    entry = Acceptance("data-loss", text, "*", text, datetime.date(2026, 12, 31), text, 1)
    base = Side(text, text, merge_base=True, tip=text)
    return review(
        [stack, stack_review(Pair(side(0), broken)), stack_review(Pair(None, side(1))), stack_review(Pair(side(0), None))],
        Side(text), base, acceptances=[entry], today=datetime.date(2026, 11, 30), findings=found[:1], folder=text,
    )  # fmt: skip


def planned(text: str) -> Plans:
    made: list[Resource] = [
        resource(CACHE, text, cache_inputs(description=text)),
        resource(f"{text}:{text}", text, {text: text}),
    ]
    good = plan(*made, notes=(Note("assumed", text, text), Note("warning", text, text)), stack=text)
    broken = Plan(text, text, text, (), {}, failure=Failure(FailureKind.PROGRAM, f"{text}\n{text}"), output=text)
    return Plans((PlannedStack(good), PlannedStack(broken), PlannedStack(broken)))


def check(form: str, made: str) -> None:
    hidden = {f"U+{ord(c):04X}" for c in made if unicodedata.category(c) in HIDDEN and c not in ("\n", OUR_GAP)}
    assert not hidden, f"{form} passes on {hidden}, which hides, moves or turns text"
    assert form == "markdown" or OUR_GAP not in made
    made.encode("utf-8")
    if form in ("json", "sarif"):
        json.loads(made)
    elif form == "junit":
        ElementTree.fromstring(made)
    elif form == "html":
        page(made)
    elif form == "markdown":
        comment(made)


def page(made: str) -> None:
    for tag, attributes in tags(made):
        assert tag not in ("script", "img", "iframe", "link", "object", "form", "base"), f"<{tag}> came from the change"
        for name, value in attributes.items():
            assert not name.startswith("on") and name != "style", f"<{tag}> has {name}"
            assert "evil" not in (value or "") or tag in ("svg",), f"<{tag} {name}> leads to {value}"


def comment(made: str) -> None:
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(made).replace(MARKER, "", 1)
    found = {tag for tag, _ in tags(body)}
    assert found <= {*ALLOWED, "a"}, f"{sorted(found - ALLOWED)} came from the change"
    assert all("evil" not in (attributes.get("href") or "") for _, attributes in tags(body))
    assert "<!--" not in body, "a second marker would let a comment pose as this one"
    outside = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(code|pre)>.*?</\1>", "", body, flags=re.S)))
    for pattern in (r"@[a-zA-Z\d]", r"#\d", r"https?://", r"\bwww\.[a-z]"):
        assert not re.search(pattern, outside), f"GitHub would link {re.search(pattern, outside)}"


def survives(text: str) -> None:
    report, plans = everything(text), planned(text)
    for form in names():
        check(form, render(report, form))
        stream = StringIO()
        load(form).plans(plans, stream)
        check(form, stream.getvalue())
    schema("review").validate(json.loads(render(report, "json")))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_format_lets_text_act(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    survives(text)
    check("standard error", capsys.readouterr().err)


@settings(max_examples=15)
@given(HOSTILE_TEXT)
def test_no_format_lets_any_text_act(text: str) -> None:
    survives(text)


@pytest.mark.soak
@settings(max_examples=5000)
@given(HOSTILE_TEXT)
def test_no_format_lets_any_text_act_however_long_one_tries(text: str) -> None:
    survives(text)


def test_json_gives_back_the_very_text() -> None:
    text = "\u202e\x1b[31m\u200b\U000e0041 ä \U0001d4b3 \x7f"
    found = json.loads(render(everything(text), "json"))
    assert found["stacks"][0]["name"] == text, "dolmen gate would compare another name"
