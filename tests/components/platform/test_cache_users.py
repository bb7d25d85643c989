"""The logins of the cache that belong to no application: each in a secret, with a reader where one is asked for."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import pulumi
import pytest

from dolmen.engine import Plan, evaluate_program
from dolmen.engine.plan import Resource, Secret
from dolmen.stackfile.problems import key_text
from tests.components.platform.files import load_values, problems_of, values_of

KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/11111111-2222-3333-4444-555555555555"
STRANGER = "arn:aws:iam::210987654321:role/monitoring"
DEPLOYER = "arn:aws:iam::123456789012:role/deploy"
ALONE = ("dolmen:atlas", "dolmen:applications", "dolmen:slackToken", "dolmen:pagerDutyServiceKey")


def asked(stack: str = "production", /, **section: Any) -> dict[str, Any]:
    """A platform of a cache alone, without keys of its own."""
    values = {key: value for key, value in copy.deepcopy(values_of(stack)).items() if key not in ALONE}
    values["dolmen:cache"].pop("encryptionKey", None)
    values["dolmen:cache"] |= section
    return values


def deploy(values: Mapping[str, Any]) -> None:
    from components.platform.platform import Platform

    stack = load_values(dict(values))
    pulumi.export("dolmen", Platform(stack.name, {"stack": stack, "secret": pulumi.Output.secret}).stack_output)


def plan_of(values: Mapping[str, Any]) -> Plan:
    plan = evaluate_program(partial(deploy, values))
    assert plan.failure is None, plan.failure
    return plan


def of_type(plan: Plan, kind: str) -> dict[str, Resource]:
    return {resource.name: resource for resource in plan if resource.type.endswith(f":{kind}")}


def told(values: dict[str, Any]) -> list[str]:
    return [key_text(problem.path) for problem in problems_of(values)]


def test_each_login_is_published_under_its_own_name() -> None:
    plan = plan_of(asked())
    secrets = of_type(plan, "Secret")
    assert {name: one.inputs["name"] for name, one in secrets.items()} == {
        "chat-prod-cache-exporter": "chat-prod/cache/exporter",
        "chat-prod-cache-operations": "chat-prod/cache/operations",
    }
    versions = of_type(plan, "SecretVersion")
    assert {*versions} == {*secrets}, "a secret is empty"
    assert all(isinstance(version.inputs["secretString"], Secret) for version in versions.values())
    for label in ("exporter", "operations"):
        waited = {urn.rpartition("::")[2] for urn in versions[f"chat-prod-cache-{label}"].dependencies}
        assert {f"chat-prod-cache-access-{label}", "chat-prod-cache"} <= waited, (
            "a login is published before the cache takes it"
        )


def test_nobody_reads_a_login_unless_a_reader_is_asked_for() -> None:
    assert not of_type(plan_of(asked()), "RolePolicy"), "a right that nobody asked for"
    plan = plan_of(asked(exporterUser={"reader": {"ecsTasks": {"as": "execution"}}}))
    (policy,) = of_type(plan, "RolePolicy").values()
    statements = json.loads(str(policy.inputs["policy"]))["Statement"]
    assert [one["Resource"].rpartition(":secret:")[2] for one in statements] == ["chat-prod/cache/exporter-??????"], (
        "the exporter's role reads what belongs to others, or not its own login"
    )
    (role,) = of_type(plan, "Role").values()
    assert role.inputs["name"] == "chat-prod_cache-exporter_reader"
    (attached,) = of_type(plan, "RolePolicyAttachment").values()
    assert str(attached.inputs["policyArn"]).endswith("/AmazonECSTaskExecutionRolePolicy")


def test_a_copy_in_another_region_is_made_and_read_alike() -> None:
    copied = {"secrets": {"replicas": {"ap-northeast-1": {}}}, "exporterUser": {"reader": {"ecsTasks": {}}}}
    plan = plan_of(asked(**copied))
    for secret in of_type(plan, "Secret").values():
        (copy_there,) = secret.inputs["replicas"]
        assert copy_there["region"] == "ap-northeast-1", "the other region has no login"
    (policy,) = of_type(plan, "RolePolicy").values()
    read = {arn.split(":")[3] for arn in json.loads(str(policy.inputs["policy"]))["Statement"][0]["Resource"]}
    assert read == {"ap-northeast-2", "ap-northeast-1"}, "the exporter of the other region may not log in"


def test_the_stack_output_says_where_each_login_lies_and_who_reads_it() -> None:
    output: Any = plan_of(asked(operationsUser={"reader": {"attachToRole": "on-call"}})).outputs["dolmen"]
    logins = output["cache"]["ownLogins"]
    assert {label: (one["user"], one["readerRole"]) for label, one in logins.items()} == {
        "exporter": ("exporter", None),
        "operations": ("operations", "on-call"),
    }
    assert all("secret" in one for one in logins.values()), "nobody finds the login"


MADE = {"create": True}


@pytest.mark.parametrize(
    ("of_cache", "of_secrets", "key"),
    [
        (None, None, None),
        (MADE, None, "chat-prod-cache-key"),
        ({"adopt": KEY}, None, None),
        (None, MADE, "chat-prod-cache-secrets-key"),
        (MADE, MADE, "chat-prod-cache-secrets-key"),
        (MADE, {"adopt": KEY}, KEY),
    ],
)
def test_a_key_that_is_made_for_the_cache_serves_the_secrets_unless_they_have_their_own(
    of_cache: dict[str, Any] | None, of_secrets: dict[str, Any] | None, key: str | None
) -> None:
    chosen = {"encryptionKey": of_cache, "secrets": {"encryptionKey": of_secrets} if of_secrets else {}}
    plan = plan_of(asked(**{name: choice for name, choice in chosen.items() if choice is not None}))
    for secret in of_type(plan, "Secret").values():
        given = secret.inputs.get("kmsKeyId")
        behind = {urn.rpartition("::")[2] for urn in secret.property_dependencies.get("kmsKeyId", ())}
        assert (given == key) if key in (None, KEY) else (behind == {key}), "a key that nobody chose"


def test_a_named_principal_is_never_the_only_one_beside_the_reader() -> None:
    only = {"onlyPrincipals": [DEPLOYER]}
    reader = {"reader": {"ecsTasks": {}}}
    plan = plan_of(asked(secrets=only, exporterUser=reader))
    policies = of_type(plan, "SecretPolicy")
    for label, there in (("exporter", True), ("operations", False)):
        waits = bool(policies[f"chat-prod-cache-{label}"].property_dependencies.get("policy"))
        assert waits == there, "the reader is locked out by the secret's own policy"


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ({"secrets": {"recoveryWindowDays": 3}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"recoveryWindowDays": 0}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"recoveryWindowDays": 14}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"namePrefix": "teams"}}, "secrets.namePrefix"),
        ({"secrets": {"replicas": {"ap-northeast-2": {}}}}, "secrets.replicas.ap-northeast-2"),
        ({"secrets": {"replicas": {"us-east-1": {"kmsKeyArn": KEY}}}}, "secrets.replicas.us-east-1.kmsKeyArn"),
        ({"secrets": {"further": {}}}, "secrets.further"),
        ({"secrets": {"onlyPrincipals": ["deploy"]}}, "secrets.onlyPrincipals[0]"),
        ({"secrets": {"crossAccountReaders": [STRANGER]}}, "secrets.crossAccountReaders"),
        ({"encryptionKey": MADE, "secrets": {"crossAccountReaders": [STRANGER]}}, "secrets.crossAccountReaders"),
        ({"secrets": {"encryptionKey": {}}}, "secrets.encryptionKey"),
        ({"secrets": {"encryptionKey": {"adopt": "alias/mine"}}}, "secrets.encryptionKey.adopt"),
        (
            {"secrets": {"encryptionKey": {"adopt": KEY.replace("northeast-2", "northeast-1")}}},
            "secrets.encryptionKey.adopt",
        ),
        ({"secrets": {"encryptionKey": {**MADE, "deletionWindowDays": 7}}}, "secrets.encryptionKey.deletionWindowDays"),
        ({"encryptionKey": {**MADE, "deletionWindowDays": 7}}, "encryptionKey.deletionWindowDays"),
        ({"exporterUser": {"reader": {}}}, "exporterUser.reader"),
        ({"exporterUser": {"reader": {"ecsTasks": {"as": "both"}}}}, "exporterUser.reader.ecsTasks.as"),
        ({"operationsUser": {"reader": {"attachToRole": "a b"}}}, "operationsUser.reader.attachToRole"),
        ({"operationsUser": {"reader": {"attachToRole": "a", "ecsTasks": {}}}}, "operationsUser.reader.ecsTasks"),
        ({"alarms": {}}, "alarms"),
        ({"alarms": {"memoryPercent": 70}}, "alarms"),
    ],
)
def test_what_is_wrong_is_told_once_at_its_place(section: dict[str, Any], path: str) -> None:
    assert told(asked(**section)) == [f"dolmen:cache.{path}"], "a person could not tell what to mend"


@pytest.mark.parametrize("name", ["cache", "cache-exporter", "cache-operations-x"])
def test_no_application_takes_the_names_of_these_logins(name: str) -> None:
    values = copy.deepcopy(values_of("development"))
    values["dolmen:applications"][name] = values["dolmen:applications"].pop("chat-app")
    assert told(values) == [f"dolmen:applications.{name}"], "two would claim one secret or one role"


@pytest.mark.parametrize("stack", ["development", "production"])
def test_without_alarms_there_is_nothing_of_them(stack: str) -> None:
    values = asked(stack)
    values["dolmen:tier"] = "development"  # production demands alarms
    values["dolmen:cache"].pop("alarms", None)
    kinds = ("aws:sns/", "aws:cloudwatch/metricAlarm", "aws:kms/", "dolmen:index:CacheAlarmTopics")
    found = [resource.type for resource in plan_of(values) if resource.type.startswith(kinds)]
    assert not found, "alarms that nobody hears are paid for"


def test_an_alarm_key_whose_value_got_lost_is_no_wish_to_have_none() -> None:
    assert "dolmen:cache.alarms" in told(asked(alarms=None))
