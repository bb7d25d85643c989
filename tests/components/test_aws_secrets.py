"""Third parties' keys in AWS secrets: read by the deployment, secret from end to end, never shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from dolmen.engine import Plan, evaluate_program
from dolmen.engine.plan import Secret
from tests.components.platform.files import load_values, values_of
from tests.hygiene.canaries import canary, found

LOOKUP = "aws:secretsmanager/getSecretVersion:getSecretVersion"
HELD = {"ops/slack": canary("slack"), "ops/pagerduty": canary("pagerduty"), "ops/stripe": canary("stripe")}
FILE = {
    "ops/slack": HELD["ops/slack"],
    "ops/pagerduty": json.dumps({"routingKey": HELD["ops/pagerduty"]}),
    "ops/stripe": json.dumps({"other": canary("other"), "apiKey": HELD["ops/stripe"]}),
}
EVERY = [*HELD.values(), canary("other")]


def without_ciphertext() -> dict[str, Any]:
    """Production with every key in AWS."""
    values = values_of("production")
    for key in ("dolmen:slackToken", "dolmen:pagerDutyServiceKey"):
        values.pop(key, None)
    values["dolmen:atlas"]["alerts"] = {
        "email": ["ops@company.com"],
        "slack": {"channel": "#alerts", "token": {"awsSecret": "ops/slack"}},
        "pagerDuty": {"key": {"awsSecret": "ops/pagerduty", "field": "routingKey"}},
    }
    values["dolmen:cache"]["alarms"] = {"pagerDuty": {"key": {"awsSecret": "ops/pagerduty", "field": "routingKey"}}}
    given = {"stripe": {"given": {"awsSecret": "ops/stripe", "field": "apiKey"}}}
    values["dolmen:applications"]["chat-app"]["secrets"] = {"further": given}
    return values


def platform(held: Mapping[str, str] | None = None) -> Plan:
    stack = load_values(without_ciphertext())

    def no_key(key: str) -> str:
        raise AssertionError(f"{key} was asked of the configuration, which holds nothing")

    def program() -> None:
        from components.platform.platform import Platform

        Platform(stack.name, {"stack": stack, "secret": no_key})

    answers = [
        {"arguments": {"secretId": name}, "result": {"secretString": text}} for name, text in (held or {}).items()
    ]
    return evaluate_program(program, lookups={LOOKUP: answers} if answers else None)


def notifications(plan: Plan) -> list[Any]:
    alerts = [one for one in plan if one.type.endswith(":AlertConfiguration")]
    assert alerts, "There is no alert: this test shows nothing."
    return [one for alert in alerts for one in alert.inputs["notifications"]]


def test_a_stack_file_needs_no_ciphertext_at_all() -> None:
    plan = platform(FILE)
    assert plan.failure is None, plan.failure
    tokens = [one["apiToken"] for one in notifications(plan) if one["typeName"] == "SLACK"]
    keys = [one["serviceKey"] for one in notifications(plan) if one["typeName"] == "PAGER_DUTY"]
    assert tokens and keys
    assert all(isinstance(one, Secret) for one in (*tokens, *keys)), "A key would stand in the state in clear."
    (endpoint,) = [one.inputs["endpoint"] for one in plan if one.name.endswith("severe-pagerduty")]
    assert isinstance(endpoint, Secret), "The address holds the key."
    (stripe,) = [one for one in plan if one.name.endswith("-stripe") and one.type.endswith(":SecretVersion")]
    assert isinstance(stripe.inputs["secretString"], Secret)
    assert found(repr(plan), *EVERY) == [], "What a deployment reads from AWS is in the plan."


def test_a_plan_without_an_account_says_what_it_assumes_and_shows_no_value() -> None:
    plan = platform()
    assert plan.failure is None, plan.failure
    asked = [(one.outcome, one.arguments.get("secretId")) for one in plan.invokes if one.token == LOOKUP]
    assert {("assumed", name) for name in FILE} <= set(asked), "The plan rests on a secret that nobody names."
    assert {type(one["apiToken"]) for one in notifications(plan) if one["typeName"] == "SLACK"} == {Secret}


def test_two_fields_of_one_secret_are_two_secrets_to_a_comparison() -> None:
    def program(field: str) -> Plan:
        def run() -> None:
            import pulumi_aws as aws

            from components.aws_secrets import looked_up

            aws.ssm.Parameter("key", type="SecureString", value=looked_up("ops/keys", field))

        return evaluate_program(run)

    (one,), (other,) = (
        [resource.inputs["value"] for resource in program(field) if resource.name == "key"] for field in ("a", "b")
    )
    assert isinstance(one, Secret) and isinstance(other, Secret)
    assert one != other, "A review would not notice that another key is read."


@pytest.mark.parametrize(
    ("secret", "text", "says"),
    [
        ("ops/pagerduty", canary("pagerduty"), "no text in its field routingKey"),
        ("ops/pagerduty", json.dumps({"routingkey": canary("pagerduty")}), "no text in its field routingKey"),
        ("ops/pagerduty", json.dumps([canary("pagerduty")]), "no text in its field routingKey"),
        ("ops/pagerduty", json.dumps({"routingKey": {"eu": canary("pagerduty")}}), "no text in its field routingKey"),
        ("ops/pagerduty", json.dumps({"routingKey": " "}), "no text in its field routingKey"),
        ("ops/slack", " ", "holds no text"),
    ],
)
def test_a_secret_of_another_form_is_refused_by_its_name_and_without_its_value(
    secret: str, text: str, says: str
) -> None:
    plan = platform({**FILE, secret: text})
    assert plan.failure is not None, "Nobody would be told: the key is none."
    assert says in plan.failure.message and secret in plan.failure.message
    assert found(plan.failure.message + plan.output + repr(plan.diagnostics), *EVERY) == []
