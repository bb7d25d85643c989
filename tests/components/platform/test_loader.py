"""From a stack file to one typed configuration, or one error that names everything."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dolmen.stackfile import StackFileError
from dolmen.stackfile.problems import key_text
from tests.components.platform.files import ENCRYPTED, STACKS, load_text, load_values, problems_of, text_of, values_of


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_of_the_project_loads(stack: str) -> None:
    config = load_text(text_of(stack))
    assert config.tier.value == stack
    assert config.region == "ap-northeast-2", "the chat application runs in Seoul"


def test_one_error_names_every_problem_with_place_value_rule_and_remedy() -> None:
    text = text_of("production")
    text = text.replace("electableNodes: 3", "electableNodes: 4").replace("10.20.0.0/16", "10.20.0.1/16")
    text = text.replace("generation: 1, active: 1", "generation: 3, active: 1")
    with pytest.raises(StackFileError) as caught:
        load_text(text)
    found = {key_text(p.path): p for p in caught.value.problems}
    assert set(found) == {
        "dolmen:network.vpcCidrs[0]",
        "dolmen:atlas.cluster.electableNodes",
        "dolmen:applications.chat-app.credentials.generation",
    }, "a person would have to run the plan once for each mistake"
    lines = text.splitlines()
    for problem in found.values():
        assert problem.line and problem.column, f"{problem} has no place"
        assert str(problem.value) in lines[problem.line - 1][problem.column - 1 :], "the place does not hold the value"
        assert problem.rule.endswith(".") and problem.remedy.endswith("."), "rule and remedy are whole sentences"


def test_a_mistake_in_one_section_does_not_hide_rules_of_another() -> None:
    values = values_of("production")
    values["dolmen:name"] = "Chat_Prod"
    values["dolmen:network"]["vpcCidrs"] = ["10.20.0.0/16", "10.20.128.0/17"]
    assert len(problems_of(values)) == 2


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("dolmen:cahce", "dolmen:cache"),
        ("dolmen:Network", "dolmen:network"),
        ("dolmen:applicatoins", "dolmen:applications"),
    ],
)
def test_a_misspelt_section_is_named_with_the_right_one(wrong: str, right: str) -> None:
    values = values_of("staging")
    values[wrong] = values.pop(right)
    remedies = " ".join(p.remedy for p in problems_of(values))
    assert f"Did you mean {right.removeprefix('dolmen:')}?" in remedies


@pytest.mark.parametrize("wrong", ["instancesize", "instance_size", "instanceSise"])
def test_a_misspelt_key_is_named_with_the_right_one(wrong: str) -> None:
    values = values_of("staging")
    cluster = values["dolmen:atlas"]["cluster"]
    cluster[wrong] = cluster.pop("instanceSize")
    assert any("instanceSize" in p.remedy for p in problems_of(values) if p.path[-1] == wrong)


def test_a_secret_inside_a_section_is_refused_and_not_shown() -> None:
    text = text_of("staging").replace(
        "  dolmen:tags:", "  dolmen:tags: { token: { secure: v1:CANARY } }\n  unused:tags:"
    )
    with pytest.raises(StackFileError) as caught:
        load_text(text)
    assert "pulumi config set --secret" in " ".join(str(caught.value).split())
    assert "CANARY" not in str(caught.value)


def test_a_plain_value_under_a_secret_name_is_never_repeated() -> None:
    values = values_of("production")
    values["dolmen:slackToken"] = "xoxb-CANARY"
    found = problems_of(values)
    assert found, "a token in plain text must not pass"
    assert "CANARY" not in " ".join(f"{p.rule} {p.remedy} {p.value}" for p in found)


def test_secret_keys_are_known_by_name_only() -> None:
    text = f"{text_of('production')}{ENCRYPTED}"
    assert load_text(text).secret_keys == {"slackToken", "pagerDutyServiceKey"}


def test_keys_without_a_namespace_belong_to_the_project() -> None:
    values = {key.removeprefix("dolmen:"): value for key, value in values_of("staging").items()}
    assert load_values(values) == load_values(values_of("staging")), "Pulumi reads `tier` as `dolmen:tier`"


def test_a_key_that_pulumi_ignores_at_the_top_of_the_file_is_pointed_out() -> None:
    with pytest.raises(StackFileError, match="Did you mean config"):
        load_text(text_of("staging").replace("config:", "confg:"))


def test_an_empty_file_asks_for_what_every_platform_has() -> None:
    with pytest.raises(StackFileError) as caught:
        load_text("")
    paths = {key_text(p.path) for p in caught.value.problems}
    assert paths == {"aws:region", "dolmen:tier", "dolmen:name", "dolmen:atlas"}


def test_wrong_types_are_told_apart_from_wrong_values() -> None:
    values = values_of("staging")
    values["dolmen:atlas"]["cluster"]["storageGb"] = "20"
    values["dolmen:atlas"]["cluster"]["mongodbVersion"] = 8.0
    values["dolmen:cache"] = ["valkey"]
    values["dolmen:tags"] = {"cost-center": 4711}
    found = {key_text(p.path): f"{p.rule} {p.remedy}" for p in problems_of(values)}
    assert "without quotes" in found["dolmen:atlas.cluster.storageGb"]
    assert "quote" in found["dolmen:atlas.cluster.mongodbVersion"].lower()
    assert "mapping" in found["dolmen:cache"]
    assert "Quote it" in found["dolmen:tags.cost-center"]


# ---- any input gives a configuration or such an error

_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
_ANY = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [path, *(p for key, item in below for p in _paths(item, (*path, key)))]


_BASE = {stack: values_of(stack) for stack in STACKS}
_PLACES = [(stack, path) for stack, values in _BASE.items() for path in _paths(values) if path]


@given(st.sampled_from(_PLACES), _ANY)
@settings(max_examples=300, deadline=None)
def test_any_value_anywhere_gives_a_configuration_or_a_clear_error(
    place: tuple[str, tuple[Any, ...]], value: Any
) -> None:
    stack, path = place
    values = copy.deepcopy(_BASE[stack])
    target: Any = values
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    try:
        load_text(json.dumps({"config": values}))
    except StackFileError as error:
        for problem in error.problems:
            assert problem.rule, "an error without a rule"
            assert problem.line, f"{key_text(problem.path)} has no place in the file"


@given(st.sampled_from(_PLACES))
@settings(max_examples=150, deadline=None)
def test_any_key_may_be_missing(place: tuple[str, tuple[Any, ...]]) -> None:
    stack, path = place
    values = copy.deepcopy(_BASE[stack])
    target: Any = values
    for step in path[:-1]:
        target = target[step]
    del target[path[-1]]
    for problem in problems_of(values):
        assert problem.rule
        assert "Traceback" not in problem.rule


# ---- what an independent reader of the errors found


def _said(values: dict[str, Any]) -> dict[str, str]:
    return {key_text(p.path): f"{p.value or ''} | {p.rule} | {p.remedy}" for p in problems_of(values)}


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [("pagerDuty", None, "SUPERSECRETCANARY"), ("slack", None, "xoxb-CANARY"), ("slack", "chanel", "xoxb-CANARY")],
)
def test_a_token_in_the_wrong_place_is_not_repeated(section: str, key: str | None, value: str) -> None:
    values = values_of("production")
    values["dolmen:atlas"]["alerts"][section] = value if key is None else {key: value}
    said = _said(values)
    assert said and "CANARY" not in str(said)


@pytest.mark.parametrize(
    "key", ["aws:accessKey", "aws:secretKey", "mongodbatlas:privateKey", "mongodbatlas:clientSecret"]
)
def test_a_provider_credential_in_a_stack_file_is_refused_and_not_repeated(key: str) -> None:
    said = _said({**values_of("staging"), key: "CANARY"})
    assert "no credentials" in said[key]
    assert "CANARY" not in str(said)


def test_mistakes_in_one_section_do_not_hide_each_other() -> None:
    values = values_of("production")
    values["dolmen:cache"] |= {"nodeType": "cache.r7g.lrge", "durability": "asink", "alrams": {}}
    assert {"dolmen:cache.nodeType", "dolmen:cache.durability", "dolmen:cache.alrams"} <= _said(values).keys()


def test_a_secret_inside_a_section_does_not_hide_other_mistakes_and_is_placed() -> None:
    text = text_of("staging").replace("engine: valkey", "engine: valky\n    token: { secure: v1:AAAA }")
    with pytest.raises(StackFileError) as caught:
        load_text(text)
    found = {key_text(p.path): p for p in caught.value.problems}
    assert "dolmen:cache.engine" in found
    line = found["dolmen:cache.token"].line
    assert line and "token:" in text.splitlines()[line - 1]


@pytest.mark.parametrize(
    ("written", "place"), [("0471", "dolmen:tags.number"), ("1e3", "dolmen:tags.number"), ("9.0", "dolmen:tags.number")]
)
def test_a_number_that_should_be_text_is_quoted_as_it_is_written(written: str, place: str) -> None:
    text = text_of("staging").replace("dolmen:tags: {", f"dolmen:tags: {{ number: {written},")
    with pytest.raises(StackFileError) as caught:
        load_text(text)
    found = {key_text(p.path): p for p in caught.value.problems}
    assert f'"{written}"' in found[place].remedy, "the remedy would change the value"


def test_a_token_in_plain_text_under_its_own_key_is_called_what_it_is() -> None:
    assert "plain text" in _said({**values_of("production"), "dolmen:slackToken": "xoxb-CANARY"})["dolmen:slackToken"]


def test_what_is_no_ciphertext_under_secure_is_refused_and_not_repeated() -> None:
    with pytest.raises(StackFileError) as caught:
        load_text(text_of("production") + '  dolmen:other: { secure: "xoxb-CANARY-token" }\n')
    assert "no ciphertext" in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_a_misspelt_secret_key_is_named_with_the_right_one() -> None:
    with pytest.raises(StackFileError, match="Did you mean slackToken"):
        load_text(text_of("production") + "  dolmen:slackTokn: { secure: v1:AAAA }\n")


def test_zones_of_another_region_are_refused() -> None:
    said = _said({**values_of("production"), "aws:region": "us-east-1"})
    assert "no availability zone of us-east-1" in said["dolmen:network.subnetZones[0]"]


def test_a_misspelt_top_level_key_comes_before_what_is_missing_because_of_it() -> None:
    with pytest.raises(StackFileError) as caught:
        load_text(text_of("staging").replace("config:", "confg:"))
    assert "Did you mean config" in caught.value.problems[0].remedy


def test_a_mapping_that_takes_no_keys_says_so() -> None:
    values = values_of("production")
    values["dolmen:applications"]["chat-app"]["reader"] = {"lambdaFunction": {"role": 1}}
    place = "dolmen:applications.chat-app.reader.lambdaFunction.role"
    assert "write {}" in str(_said(values)[place])
