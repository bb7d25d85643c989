"""What an ordinary program's plan says."""

from __future__ import annotations

import subprocess

import pulumi
import pytest

from dolmen.engine import evaluate_program
from dolmen.engine.evaluator.outcomes import LARGEST_OUTPUT
from dolmen.engine.plan import Secret, Unknown


class Thing(pulumi.CustomResource):
    result: pulumi.Output[str]

    def __init__(self, name: str, props: dict[str, object], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("cloud:index:Thing", name, {"result": None, **props}, opts)


class Group(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("own:index:Group", name, {}, opts)
        self.thing = Thing(f"{name}-thing", {"size": 3}, pulumi.ResourceOptions(parent=self))
        self.register_outputs({"result": self.thing.result})


def test_a_plan_names_resources_as_the_engine_does() -> None:
    plan = evaluate_program(lambda: Group("one"), project="shop", stack="dev")
    assert plan.failure is None, plan.failure
    assert [resource.urn for resource in plan] == [
        "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        "urn:pulumi:dev::shop::own:index:Group::one",
        "urn:pulumi:dev::shop::own:index:Group$cloud:index:Thing::one-thing",
    ]


def test_what_only_the_cloud_knows_is_unknown_and_what_depends_on_it_says_so() -> None:
    def program() -> None:
        first = Thing("first", {"size": 1})
        Thing("second", {"other": first.result, "size": 1.5})
        pulumi.export("result", first.result)

    plan = evaluate_program(program)
    assert plan.failure is None, plan.failure
    first, second = plan.resources[1:]
    assert second.inputs == {"other": Unknown(), "size": 1.5}
    assert second.dependencies == (first.urn,)
    assert second.property_dependencies == {"other": (first.urn,)}
    assert plan.outputs == {"result": Unknown()}


def test_a_secret_leaves_the_child_only_as_a_fingerprint() -> None:
    def program() -> None:
        password = pulumi.Config().require_secret("password")
        Thing("a", {"password": password})
        Thing("b", {"password": password})
        Thing("c", {"password": pulumi.Output.secret("other")})

    plan = evaluate_program(program, secret_config={"password": "canary-93"})
    assert plan.failure is None, plan.failure
    a, b, c = (resource.inputs["password"] for resource in plan.resources[1:])
    assert isinstance(a, Secret) and a == b != c and not a.unknown
    assert "canary-93" not in repr(plan), "a secret must not leave the evaluating process"


@pytest.mark.parametrize("letter", ["x", "é"])
def test_what_a_program_prints_is_kept_to_a_limit_and_said_to_be_cut(letter: str) -> None:
    tail = " https://user:canary-93"

    def program() -> None:
        print(letter * ((LARGEST_OUTPUT - len(tail)) // len(letter.encode())) + f"{tail}-and-more@h.example.net")

    output = evaluate_program(program).output
    assert output.endswith("(more was printed)\n"), "what was left out is missing without a word"
    assert len(output.encode()) < LARGEST_OUTPUT + 100
    assert "canary-93" not in output, "half a password is shown, cut off from the sign that hides it"


def test_the_source_of_a_resource_is_the_users_own_line() -> None:
    plan = evaluate_program(lambda: Thing("one", {}))
    source = plan.resources[1].source
    assert source is not None and source.file.endswith("test_ordinary_programs.py")


def test_a_program_that_writes_to_a_command_that_has_ended_gets_an_error() -> None:
    def program() -> None:
        started = subprocess.Popen(["true"], stdin=subprocess.PIPE)
        started.wait()
        try:
            assert started.stdin is not None
            started.stdin.write(b"x" * 100_000)
            started.stdin.flush()
        except BrokenPipeError:
            pulumi.export("it", "goes on")

    plan = evaluate_program(program)
    assert plan.failure is None and plan.outputs == {"it": "goes on"}, "the program dies where Pulumi lets it go on"
