"""What a stack does not ask for is neither made nor looked up, and nothing is said of it."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pulumi
import pytest

from dolmen.appenv.definition import Part, definition
from dolmen.engine import Plan, evaluate_program
from dolmen.outputs.model import StackOutput
from dolmen.stackfile.problems import key_text
from tests.components.platform.files import load_values, problems_of, values_of
from tests.components.platform.part_files import SHAPES, Shape
from tests.outputs.test_stack_output import differences

OF_ATLAS = ("mongodbatlas:", "pulumi:providers:mongodbatlas", "dolmen:index:Atlas")
OF_CACHE = ("aws:elasticache/", "aws:cloudwatch/", "aws:sns/", "aws:ec2/", "dolmen:index:Cache")
EVERY = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


@cache
def plan_of(shape: Shape) -> Plan:
    stack = load_values(shape.values)

    def program() -> None:
        from components.platform.platform import Platform

        platform = Platform(stack.name, {"stack": stack, "secret": pulumi.Output.secret})
        pulumi.export("dolmen", platform.stack_output)

    plan = evaluate_program(program)
    assert plan.failure is None, plan.failure
    return plan


def types(plan: Plan, starts: tuple[str, ...]) -> list[str]:
    return [resource.type for resource in plan if resource.type.startswith(starts)]


@EVERY
def test_of_a_part_that_is_not_asked_for_nothing_is_made(shape: Shape) -> None:
    plan = plan_of(shape)
    for asked, starts in ((shape.atlas, OF_ATLAS), (shape.cache, OF_CACHE)):
        assert bool(types(plan, starts)) == asked, "somebody pays for what nobody asked for, or has not what they did"
    names = [resource.name for resource in plan]
    assert any("jwt" in name for name in names) == shape.tokens, "token keys are made for an application without tokens"
    assert bool(types(plan, ("mongodbatlas:index/databaseUser",))) == shape.uses_atlas
    assert ("chat-dev-cache-access-chat-app-a" in names) == shape.uses_cache, "a login that nobody asked for"


@EVERY
def test_of_a_part_that_is_not_asked_for_nothing_is_looked_up(shape: Shape) -> None:
    asked = {invoke.token for invoke in plan_of(shape).invokes}
    if not (shape.cache or shape.uses_atlas):
        assert not asked, "whoever deploys needs rights, or an account, that this platform does not use"
    assert not [token for token in asked if token.startswith("mongodbatlas:") and not shape.atlas]
    assert not [token for token in asked if token.startswith(OF_CACHE) and not shape.cache]


@EVERY
def test_the_stack_output_has_what_exists_and_nothing_else(shape: Shape) -> None:
    output: Any = plan_of(shape).outputs["dolmen"]
    assert not list(differences(StackOutput, output)), "a program that relies on the output would fail"
    assert ("atlas" in output, "cache" in output) == (shape.atlas, shape.cache)
    for application in output["applications"].values():
        assert ("databaseUser" in application) == shape.uses_atlas
        assert ("cacheUser" in application) == shape.uses_cache


@EVERY
def test_an_application_finds_the_variables_of_what_it_uses(shape: Shape) -> None:
    output: Any = plan_of(shape).outputs["dolmen"]
    used = {Part.DATABASE: shape.uses_atlas, Part.CACHE: shape.uses_cache, Part.TOKENS: shape.tokens}
    wanted = {one.name for one in definition().variables if one.part is None or used[one.part]}
    for application in output["applications"].values():
        environment = application["environment"]
        assert {*environment["plain"], *environment["secrets"]} == wanted, (
            "a container would wait for a value, or lack it"
        )


def told(values: dict[str, Any]) -> list[str]:
    return [key_text(problem.path) for problem in problems_of(values)]


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in copy.deepcopy(values_of("development")).items() if key not in keys}


def test_a_platform_without_any_part_is_refused_once() -> None:
    assert told(without("dolmen:atlas", "dolmen:cache", "dolmen:network")) == ["dolmen:atlas"]


def test_an_application_that_uses_a_part_which_is_not_there_is_refused() -> None:
    assert told(without("dolmen:atlas")) == ["dolmen:applications.chat-app.database"]
    assert told(without("dolmen:cache")) == ["dolmen:applications.chat-app.cacheKeys"]


def test_an_application_uses_something() -> None:
    values = without()
    del values["dolmen:applications"]["chat-app"]["database"]
    assert not problems_of(values), "an application of the cache alone is refused"
    del values["dolmen:applications"]["chat-app"]["cacheKeys"]
    assert told(values) == ["dolmen:applications.chat-app"]


def test_a_size_of_a_pool_without_a_database_is_a_mistake() -> None:
    values = without()
    del values["dolmen:applications"]["chat-app"]["database"]
    values["dolmen:applications"]["chat-app"]["poolSize"] = 5
    assert told(values) == ["dolmen:applications.chat-app.poolSize"]


def test_who_logs_in_as_an_application_logs_in_to_its_database() -> None:
    values = without()
    del values["dolmen:applications"]["chat-app"]["database"]
    values["dolmen:atlas"]["users"] = {"iam": {"chat-app": ["arn:aws:iam::123456789012:role/chat"]}}
    assert told(values) == ["dolmen:atlas.users.iam.chat-app"]


@pytest.mark.parametrize("connectivity", [{"privateLink": {}}, {"peering": {}}, None], ids=str)
def test_the_network_is_asked_for_once_where_something_lies_in_it(connectivity: Any) -> None:
    values = without("dolmen:network")
    if connectivity is not None:
        values["dolmen:atlas"]["connectivity"] = connectivity
        values["dolmen:atlas"]["networkContainer"] = {"atlasCidr": "192.168.248.0/21"}
    assert told(values) == ["dolmen:network"]


ROLE = "arn:aws:iam::444455556666:role/network"
ELSEWHERE = {"vpcId": "vpc-0a1b2c3d", "subnetIds": ["subnet-0a1b2c3d"], "clientSecurityGroupIds": ["sg-0a1b2c3d"]}


@pytest.mark.parametrize(
    "link", [{"awsRole": ROLE, **ELSEWHERE}, {"serviceId": "5f00000000000000000000aa", "endpointId": "vpce-0a1b2c3d"}]
)
def test_a_private_way_that_begins_elsewhere_needs_no_network(link: dict[str, Any]) -> None:
    values = without("dolmen:network", "dolmen:cache")
    del values["dolmen:applications"]["chat-app"]["cacheKeys"]
    values["dolmen:atlas"]["connectivity"] = {"privateLink": link}
    assert not problems_of(values)


def test_atlas_behind_an_access_list_needs_no_network() -> None:
    values = without("dolmen:network", "dolmen:cache")
    del values["dolmen:applications"]["chat-app"]["cacheKeys"]
    assert not problems_of(values)


@pytest.mark.parametrize("path", ["dolmen:atlas", "dolmen:cache", "dolmen:network", "database", "cacheKeys", "jwtKeys"])
def test_a_key_whose_value_got_lost_is_no_wish_to_remove_what_it_stands_for(path: str) -> None:
    values = without()
    place = values if ":" in path else values["dolmen:applications"]["chat-app"]
    place[path] = None
    full = path if ":" in path else f"dolmen:applications.chat-app.{path}"
    assert full in told(values), "a slip of the hand would delete what holds data"
