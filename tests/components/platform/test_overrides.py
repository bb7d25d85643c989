"""Overrides reach the property that they name and nothing else; what cannot be one is said at its line."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pytest
import yaml

from components.platform.platform import Platform
from dolmen.engine import evaluate_program
from dolmen.engine.plan import Plan, Resource, Secret
from dolmen.stackfile import StackFileError
from tests.components.platform.files import load_text, problems_of, values_of

CANARY = "canary-of-an-override"
DATABASE = "chat-prod-chat-app-secrets-database/SecretVersion"


def text_with(overrides: dict[str, Any]) -> str:
    return yaml.safe_dump({"config": {**values_of("production"), "dolmen:overrides": overrides}}, sort_keys=False)


def plan_with(overrides: dict[str, Any], encrypted: str = "{}") -> Plan:
    text = text_with(overrides)

    def program() -> None:
        stack = load_text(text)
        secrets = {"overrides": encrypted}
        try:
            Platform(stack.name, {"stack": stack, "secret": lambda key: pulumi.Output.secret(secrets.get(key, "x"))})
        except StackFileError as error:
            raise pulumi.RunError(str(error)) from None

    return evaluate_program(program, config={"aws:region": "ap-northeast-2"})


def named(plan: Plan, key: str) -> Resource:
    name, _, kind = key.partition("/")
    (found,) = [one for one in plan if one.custom and one.name == name and one.type.endswith(f":{kind}")]
    return found


def shape(value: Any) -> str:
    """A value without the fingerprints of secrets, which are of one run."""
    return re.sub(r"fingerprint='\w+'", "", repr(value))


def said(overrides: dict[str, Any], encrypted: str = "{}") -> str:
    """The one error, on one line."""
    plan = plan_with(overrides, encrypted)
    assert plan.failure is not None, "the deployment would go on without what was asked for"
    assert "Traceback" not in plan.failure.message
    return " ".join(plan.failure.message.split())


def test_an_override_takes_the_place_of_one_property_and_changes_nothing_else() -> None:
    overrides = {"chat-prod-cluster": {"versionReleaseSystem": "CONTINUOUS"}}
    plan, before = plan_with(overrides), plan_with({})
    assert plan.failure is None and before.failure is None
    old = before.by_urn()
    assert set(plan.by_urn()) == set(old)
    differing = [
        (new.name, key)
        for new in plan
        for key in {**old[new.urn].inputs, **new.inputs}
        if shape(new.inputs.get(key)) != shape(old[new.urn].inputs.get(key))
    ]
    assert sorted(differing) == [("chat-prod", "overrides"), ("chat-prod-cluster", "versionReleaseSystem")]
    assert named(plan, "chat-prod-cluster/AdvancedCluster").inputs["versionReleaseSystem"] == "CONTINUOUS"
    dependencies = {one.urn: (one.dependencies, one.property_dependencies) for one in before}
    assert {one.urn: (one.dependencies, one.property_dependencies) for one in plan} == dependencies, (
        "an override elsewhere would change the order in which things are made"
    )


def test_null_leaves_out_what_the_platform_writes() -> None:
    key = "chat-prod-cache/ReplicationGroup"
    assert "finalSnapshotIdentifier" in named(plan_with({}), key).inputs
    assert "finalSnapshotIdentifier" not in named(plan_with({key: {"finalSnapshotIdentifier": None}}), key).inputs


def test_objects_and_lists_are_written_in_the_providers_names() -> None:
    value = [{"logType": "slow-log", "logFormat": "text", "destination": "own", "destinationType": "cloudwatch-logs"}]
    key = "chat-prod-cache/ReplicationGroup"
    assert (
        named(plan_with({key: {"logDeliveryConfigurations": value}}), key).inputs["logDeliveryConfigurations"] == value
    )


@pytest.mark.parametrize(
    ("overrides", "rule", "remedy"),
    [
        ({"chat-prod-clustr": {"paused": True}}, "makes no resource of this name", "Did you mean chat-prod-cluster?"),
        ({"chat-prod": {"tier": "development"}}, "This is a component", "dolmen plan --details"),
        (
            {"chat-prod-cluster/ReplicationGroup": {"paused": True}},
            "chat-prod-cluster is of type AdvancedCluster.",
            "Write chat-prod-cluster/AdvancedCluster.",
        ),
        (
            {"chat-prod-private-link": {"tags": None}},
            "resources have this name.",
            "chat-prod-private-link/VpcEndpoint",
        ),
        ({"chat-prod-atlas": {"baseUrl": "https://example.com"}}, "This is a provider", "dolmen:atlas.credentials"),
        (
            {"chat-prod-cluster": {"version_release_system": "LTS"}},
            "AdvancedCluster has no property of this name.",
            "Did you mean versionReleaseSystem?",
        ),
        ({"chat-prod-cluster": {"stateName": "IDLE"}}, "Only the provider sets this property.", "Remove it."),
        ({"chat-prod-cluster": {"paused": "yes"}}, "true or false is expected here.", "Write it as such."),
        ({"chat-prod-cache/ReplicationGroup": {"port": "6379"}}, "A whole number is expected here.", "as such"),
        ({"chat-prod-cache/ReplicationGroup": {"tags": ["a"]}}, "A mapping is expected here.", "Write key: value."),
        (
            {"chat-prod-cache/ReplicationGroup": {"securityGroupIds": "sg-1"}},
            "A list is expected here.",
            "Write [ … ].",
        ),
        (
            {"chat-prod-cluster": {"advancedConfiguration": {"minimumEnabledTls": "TLS1_2"}}},
            "There is no property of this name here.",
            "Did you mean minimumEnabledTlsProtocol?",
        ),
    ],
)
def test_what_cannot_be_overridden_is_one_clear_error(overrides: dict[str, Any], rule: str, remedy: str) -> None:
    message = said(overrides)
    assert "Pulumi.test.yaml has 1 problem." in message
    assert rule in message and remedy in message, message


def test_every_wrong_override_is_said_at_once_with_its_line() -> None:
    overrides = {"chat-prod-cluster": {"paused": 1, "nothing": 2}, "chat-prod-nowhere": {"a": 3}}
    message = said(overrides)
    lines = text_with(overrides).splitlines()
    assert "has 3 problems." in message
    for written in ("paused: 1", "nothing: 2", "chat-prod-nowhere:"):
        number = next(index for index, line in enumerate(lines, 1) if written in line)
        assert f"{number}:" in message, f"{written} has no place in {message}"


@pytest.mark.parametrize(
    ("overrides", "rule"),
    [
        (
            {"chat-prod-cluster": {"paused": True}, "chat-prod-cluster/AdvancedCluster": {"paused": False}},
            "chat-prod-cluster writes this property already: one of the two would be lost.",
        ),
        ({"chat-prod-cluster": {}}, "At least 1 entry is needed here."),
        ({"chat prod": {"paused": True}}, "This names a resource, and where several have the name, its type too."),
    ],
)
def test_overrides_that_contradict_each_other_are_refused_at_load(overrides: dict[str, Any], rule: str) -> None:
    values = {**values_of("production"), "dolmen:overrides": overrides}
    assert [problem.rule for problem in problems_of(values)] == [rule]


def test_an_encrypted_override_stays_secret() -> None:
    encrypted = f'{{"{DATABASE}": {{"secretString": "{CANARY}"}}}}'
    plan = plan_with({DATABASE: {"secretString": {"secure": "v1:AAAA:AAAA"}}}, encrypted)
    assert plan.failure is None, plan.failure
    value = named(plan, DATABASE).inputs["secretString"]
    assert isinstance(value, Secret) and not value.unknown, "the value would stand in the state for everybody to read"
    assert CANARY not in repr(plan)


def test_a_secret_in_plain_text_is_refused_and_not_shown() -> None:
    message = said({DATABASE: {"secretString": CANARY}})
    assert "stands here in plain text" in message and "pulumi config set --secret --path" in message
    assert CANARY not in message


def test_what_a_policy_reads_cannot_be_hidden_from_it_by_encryption() -> None:
    """Offline nobody can decrypt it: a policy would find nothing to judge."""
    key = "chat-prod-cache/ReplicationGroup"
    encrypted = json.dumps({key: {"multiAzEnabled": "false"}})
    message = said({key: {"multiAzEnabled": {"secure": "v1:AAAA:AAAA"}}}, encrypted)
    assert "The provider keeps no secret in this property" in message
