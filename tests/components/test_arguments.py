"""Arguments of components: a mistake is named before anything is registered."""

import asyncio
from collections.abc import Iterator
from typing import NotRequired, TypedDict

import pulumi
import pytest

from components.arguments import ArgumentsError, Problem, Unknown, check, known, plain, plain_list, unknown


class _Rule(TypedDict):
    every: int


class _Args(TypedDict):
    size: pulumi.Input[str]
    backup_schedule: NotRequired[dict[str, _Rule]]
    alerts: NotRequired[pulumi.Input[list[_Rule]]]


def _problems(args: _Args) -> Iterator[Problem]:
    size = known(args.get("size"))
    if size is not None and size != "M10":
        yield Problem(("size",), "There is no such size.", "Write M10.")


def _refused(args: object) -> list[str]:
    with pytest.raises(ArgumentsError) as caught:
        check("shop", args, _Args, _problems(args))  # type: ignore[arg-type]
    return str(caught.value).splitlines()


def test_right_arguments_are_taken() -> None:
    check("shop", {"size": "M10", "backup_schedule": {"daily": {"every": 1}}}, _Args)


def test_a_misspelt_key_is_refused_with_the_key_that_was_meant() -> None:
    lines = _refused({"size": "M10", "backup_shedule": {}})
    assert lines == [
        "shop cannot be made as asked:",
        "  backup_shedule: There is no such argument. Did you mean backup_schedule?",
    ], "a misspelt key would silently drop what it asks for"


def test_a_misspelt_key_inside_a_list_or_a_mapping_is_named_with_its_place() -> None:
    lines = _refused({"size": "M10", "alerts": [{"every": 1}, {"evry": 2}], "backup_schedule": {"daily": {"evry": 1}}})
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["alerts[1].evry", "backup_schedule.daily.evry"]


def test_a_missing_argument_is_named_and_the_rest_is_not_guessed() -> None:
    assert _refused({})[1:] == ["  size: This argument is required. Give it."]


def test_all_problems_are_named_at_once() -> None:
    lines = _refused({"size": "M11", "sice": 1})
    assert len(lines) == 3, "a person would mend one mistake after the other"


def test_the_error_is_a_value_error_that_names_the_component() -> None:
    assert issubclass(ArgumentsError, ValueError)
    assert _refused({})[0].startswith("shop ")


def test_nothing_is_said_of_what_is_not_known_yet() -> None:
    check("shop", {"size": unknown(str)}, _Args, _problems({"size": unknown(str)}))


def test_what_makes_resources_has_to_be_known() -> None:
    loop = asyncio.new_event_loop()
    try:
        output = pulumi.Output(set(), loop.create_future(), loop.create_future())
        with pytest.raises(ArgumentsError, match="decides too late"):
            plain("alerts", {"cpu": output})
    finally:
        loop.close()
    assert plain("alerts", {"cpu": 1, "later": unknown(int)}) == {"cpu": 1}
    assert plain_list("alerts", [1, unknown(int)]) == [1]


def test_whatever_is_asked_of_something_unknown_is_unknown() -> None:
    value = Unknown()
    assert known(value.cluster["size"]("x")) is None
    assert list(value) == []
    assert not value
