"""Names of what belongs to applications: whatever they are called, no two resources of one type meet."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pulumi
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.platform.model.stack import StackConfig
from components.platform.platform import Platform
from dolmen.stackfile import StackFileError
from tests.components.platform.files import load_values, problems_of, values_of

WORDS = ("a", "b", "access", "cache", "database", "jwt", "key", "only", "operations", "read", "reader", "secrets")
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("-".join).filter(lambda name: len(name) <= 24)
LABELS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map("-".join)
FACTS = {"accountId": "123456789012", "arn": "arn:aws:iam::123456789012:user/x", "region": "ap-northeast-2"}


class Registered(pulumi.runtime.Mocks):
    """Takes down what is registered, and gives back what was asked for."""

    def __init__(self) -> None:
        self.names: Counter[tuple[str, str]] = Counter()

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.names[args.typ, args.name] += 1
        made: dict[str, Any] = {"arn": f"arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:{args.name}-AbCdEf"}
        if args.typ.endswith(":AdvancedCluster"):
            made["connectionStrings"] = {"standardSrv": "mongodb+srv://chat.abcde.mongodb.net"}
        return args.name, {**made, **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        return {"id": "1", **FACTS, **args.args}


def asked(applications: dict[str, set[str]]) -> dict[str, Any]:
    values = copy.deepcopy(values_of("development"))
    values["dolmen:atlas"]["users"] = {"readOnly": True}
    values["dolmen:applications"] = {
        name: {
            "database": f"{name}db",
            "cacheKeys": f"{name}:*",
            "reader": {"ecsTasks": {}},
            "secrets": {
                "encryptionKey": {"create": True},
                "further": {label: {"generated": {}} for label in labels},
            },
        }
        for name, labels in applications.items()
    }
    return values


def registered(stack: StackConfig) -> Counter[tuple[str, str]]:
    mocks = Registered()
    pulumi.runtime.set_mocks(mocks, preview=False)

    @pulumi.runtime.test
    def run() -> Any:
        platform = Platform(stack.name, {"stack": stack, "secret": pulumi.Output.secret})
        return pulumi.Output.from_input(platform.stack_output)

    run()
    return mocks.names


@pytest.mark.long
@settings(max_examples=8, deadline=None)
@example({"a": {"secrets-b"}, "a-secrets": {"b"}})
@example({"a": {"jwt-secrets-a"}})
@example({"cache-access": set(), "database": set()})
@given(st.dictionaries(NAMES, st.sets(LABELS, max_size=3), min_size=2, max_size=3))
def test_whatever_applications_and_secrets_are_called_no_two_resources_share_type_and_name(
    applications: dict[str, set[str]],
) -> None:
    try:
        stack = load_values(asked(applications))
    except StackFileError:
        return  # refused: nothing is made
    twice = [found for found, count in registered(stack).items() if count > 1]
    assert twice == [], "one would take the other's place in a plan, in a report and in an alias"


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("a-secrets", "the secrets of the application a"),
        ("a-secrets-b", "the secrets of the application a"),
        ("a-secretsb", None),
        ("cache-access", "the platform's users of the cache"),
        ("cache", None),
    ],
)
def test_an_application_is_not_named_like_what_belongs_to_something_else(name: str, refused: str | None) -> None:
    rules = [problem.rule for problem in problems_of(asked({"a": set(), name: set()})) if "belong to" in problem.rule]
    assert [rule.partition("belong to ")[2] for rule in rules] == ([f"{refused}."] if refused else [])
