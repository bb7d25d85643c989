"""The files of knowledge: complete, sourced, and nothing in them is silently ignored."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from dolmen.knowledge.effects import EffectRule, Outcome, When, seconds
from dolmen.knowledge.facts import Facts
from dolmen.knowledge.loader import (
    WrongKnowledgeError,
    change_knowledge,
    file_of,
    known_types,
    read_changes,
    read_type,
    shared_sources,
    type_knowledge,
)
from dolmen.review.cost.estimate import COUNTERS

KNOWN = {token: change_knowledge(token) for token in known_types()}
FOLDER = file_of("aws:kms/key:Key").parents[2]
GONE = {"replaced": {"source": "iam"}, "deleted": [{"data": "none", "why": "It goes.", "source": "iam"}]}
SAID = {"effect": "in place", "why": "x", "source": "iam"}


def effect_rules() -> list[tuple[str, EffectRule]]:
    return [
        (f"{token}.{path}", rule)
        for token, known in KNOWN.items()
        for path, rules in {
            **known.properties,
            "(created)": known.effects.created,
            "(deleted)": known.effects.deleted,
        }.items()
        for rule in rules
    ]


def test_a_file_stands_where_its_type_says() -> None:
    assert {file_of(token) for token in KNOWN} == set(FOLDER.rglob("*.yaml")), "nothing will ever read this file"


@pytest.mark.parametrize(
    "half",
    [{"sumary": []}, {"summary": "{name}"}, {"cost": "cheap"}, {"cost": {"unpriced": {}}}, {"effects": GONE}],
    ids=str,
)
def test_a_first_half_that_is_written_wrongly_is_refused(half: dict[str, Any]) -> None:
    read_type({"type": "aws:x/y:Y"}, "aws:x/y:Y")
    with pytest.raises(WrongKnowledgeError, match=r"aws:x/y:Y: "):
        read_type({"type": "aws:x/y:Y"} | half, "aws:x/y:Y")


def saying(**change: Any) -> dict[str, Any]:
    return {"effects": GONE | {"properties": {"name": [SAID | change]}}}


@pytest.mark.parametrize(
    "half",
    [
        {"efects": GONE},
        {"called": "a thing"},
        {"lists": {"tags": {"bag": ["key"]}}},
        {"facts": {"source": "aws facts", "replace": ["name"]}},
        {"facts": {"source": "aws facts", "replaces": "name"}},
        {"facts": {"source": "aws facts", "regional": "yes"}},
        {"facts": {"source": "hearsay"}},
        {"facts": {"source": "aws facts", "in place": ["name"]}} | saying(),
        {"effects": {"deleted": GONE["deleted"]}},
        {"effects": {"replaced": GONE["replaced"]}},
        {"effects": GONE | {"wait unless": "applyImmediately"}},
        saying(source=""),
        saying(source="hearsay"),
        saying(why=""),
        saying(effect="in plaice"),
        saying(data="gone"),
        saying(downtime="soon"),
        saying(when="risen"),
        saying(when={"form": "a"}),
        saying(when={"was": {"engineVersion": {"bellow": "7"}}}),
        saying(deferable=True),
    ],
    ids=str,
)
def test_a_second_half_that_is_written_wrongly_is_refused(half: dict[str, Any]) -> None:
    read_changes(saying(), "aws:x/y:Y")
    with pytest.raises(WrongKnowledgeError, match=r"aws:x/y:Y: "):
        read_changes(half, "aws:x/y:Y")


@pytest.mark.parametrize(
    "token", ["aws:../../../etc/passwd:Passwd", "aws:kms/../iam/role:Role", f"aws:{'x' * 5000}:X", "aws:kms/key:Other"]
)
def test_a_hostile_token_reads_no_file(token: str) -> None:
    assert not type_knowledge(token).called and not change_knowledge(token).described


def test_every_effect_rule_has_a_reason_and_a_source_with_a_date() -> None:
    for place, rule in effect_rules():
        assert rule.why, f"{place}: an effect without a reason"
        assert rule.source and rule.source.date.startswith("20"), f"{place}: an effect without a source"


def test_the_last_effect_rule_of_a_property_holds_always() -> None:
    """Otherwise a change could fall through to a weaker statement."""
    open_ended = {
        f"{token}.{path}"
        for token, known in KNOWN.items()
        for path, rules in known.effects.properties.items()
        if rules[-1].when != When()
    }
    assert not open_ended, "these properties have changes without an effect"


def test_what_a_replacement_costs_is_written_down() -> None:
    for token, known in KNOWN.items():
        if known.described:
            assert known.effects.replaced.source, f"{token} can be replaced, but nobody wrote what that costs"


def test_every_word_for_an_effect_is_used() -> None:
    assert {rule.effect for _, rule in effect_rules()} == set(Outcome)


def test_a_source_that_one_type_alone_uses_stands_in_its_file() -> None:
    users: dict[str, set[str]] = {}
    for token in KNOWN:
        text = file_of(token).read_text("utf-8")
        for name in shared_sources():
            if f"source: {name}" in text:
                users.setdefault(name, set()).add(token)
    assert users.keys() == shared_sources().keys() and all(len(tokens) > 1 for tokens in users.values())


def test_a_property_has_one_answer_of_the_provider() -> None:
    for token, known in KNOWN.items():
        answers = [getattr(known.facts, field.name) for field in fields(Facts)]
        paths = [path for answer in answers if isinstance(answer, tuple) for path in answer]
        assert len(paths) == len(set(paths)), f"{token}: one of two answers would be ignored"


def test_a_resource_of_the_plugin_framework_has_no_name_that_deletes_first() -> None:
    built = {token: known.facts.built_on for token, known in KNOWN.items()}
    assert set(built.values()) == {"", "SDKv2", "framework"}
    assert not [token for token, on in built.items() if on == "framework" and KNOWN[token].facts.auto_named]


def test_what_is_called_priced_is_counted_and_nothing_else() -> None:
    costs = {token: type_knowledge(token).cost for token in KNOWN}
    priced = {token for token, cost in costs.items() if cost and not cost.free and not cost.not_priced}
    assert priced == COUNTERS.keys(), "a type would fail the estimate, or be counted although its file says otherwise"


@pytest.mark.parametrize(
    ("text", "expected"), [("0s", (0, 0)), ("12-20m", (720, 1200)), ("10s-5m", (10, 300)), ("unknown", None)]
)
def test_a_time_is_read_as_written(text: str, expected: tuple[int, int] | None) -> None:
    assert seconds(text) == expected
