"""Logs and metrics that leave Atlas: to whom, with what login, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from dolmen.engine import Plan, evaluate_program
from dolmen.engine.plan import Secret
from tests.components.atlas.programs import PROJECT, failure_of, of_type, plan_of
from tests.components.platform.files import load_values, values_of
from tests.hygiene.canaries import canary, found

KEYS = {name: canary(name) for name in ("datadog", "splunk", "collector")}
EVERYWHERE: dict[str, Any] = {
    "datadog_api_key": KEYS["datadog"],
    "datadog_region": "EU",
    "splunk_token": KEYS["splunk"],
    "splunk_url": "https://http-inputs.company.splunkcloud.com",
    "otel_endpoint": "https://otel.company.com/v1/logs",
    "otel_headers": {"Authorization": KEYS["collector"]},
}


def exported(**args: Any) -> Plan:
    def program() -> None:
        from components.atlas import AtlasLogExport

        AtlasLogExport("shop", {"project_id": PROJECT, **args})

    return plan_of(program)


def test_logs_go_to_each_place_once_and_its_key_stays_secret() -> None:
    plan = exported(**EVERYWHERE)
    made: dict[str, Any] = {one.name: one.inputs for one in of_type(plan, "LogIntegration")}
    assert {name: one["type"] for name, one in made.items()} == {
        "shop-datadog": "DATADOG_LOG_EXPORT",
        "shop-opentelemetry": "OTEL_LOG_EXPORT",
        "shop-splunk": "SPLUNK_LOG_EXPORT",
    }
    assert all(one["logTypes"] == ["MONGOD", "MONGOD_AUDIT"] for one in made.values()), "the audit log stays behind"
    secrets = (made["shop-datadog"]["apiKey"], made["shop-splunk"]["hecToken"])
    secrets = (*secrets, made["shop-opentelemetry"]["otelSuppliedHeaders"])
    assert all(isinstance(one, Secret) for one in secrets), "a key would stand in the state in clear"
    assert found(repr(plan), *KEYS.values()) == [], "a key would stand in a report"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({}, "Logs are sent somewhere"),
        ({"datadog_api_key": "x", "datadog_region": "US"}, "datadog_region: One of US1"),
        ({"datadog_api_key": "x", "logs": []}, "logs: At least one kind"),
        ({"datadog_api_key": "x", "logs": ["mongod"]}, "logs[0]: One of MONGOD"),
        ({"datadog_api_key": "x", "logs": ["MONGOD", "MONGOD"]}, "logs[1]: This kind stands in the list twice"),
        ({"splunk_token": "x"}, "splunk_url: Splunk needs both"),
        ({"splunk_token": "x", "splunk_url": "http://splunk.company.com"}, "splunk_url: Logs leave encrypted"),
        ({"otel_endpoint": "https://otel.company.com"}, "otel_headers: Atlas sends 1 to 10 headers"),
        ({"datadog_api_key": "x", "otel_headers": {"a": "b"}}, "otel_headers: Headers without otel_endpoint"),
    ],
)
def test_what_atlas_refuses_is_refused_before(args: dict[str, Any], says: str) -> None:
    def program() -> None:
        from components.atlas import AtlasLogExport

        AtlasLogExport("shop", {"project_id": PROJECT, **args})

    assert says in failure_of(program)


def platform(**atlas: Any) -> Plan:
    values = values_of("production")
    values["dolmen:atlas"] |= atlas
    stack = load_values(values)

    def program() -> None:
        import pulumi

        from components.platform.platform import Platform

        Platform(stack.name, {"stack": stack, "secret": pulumi.Output.secret})

    plan = evaluate_program(program)
    assert plan.failure is None, plan.failure
    return plan


def test_a_prometheus_gets_a_login_of_its_own_in_a_secret_once_it_works() -> None:
    plan = platform(prometheus={})
    (integration,) = of_type(plan, "ThirdPartyIntegration")
    assert integration.inputs["type"] == "PROMETHEUS"
    assert isinstance(integration.inputs["password"], Secret)
    (version,) = [one for one in of_type(plan, "SecretVersion") if one.name == "chat-prod-prometheus"]
    assert isinstance(version.inputs["secretString"], Secret)
    assert integration.urn in version.dependencies, "Prometheus would read a login before Atlas knows it"
    (secret,) = [one for one in of_type(plan, "Secret") if one.name == "chat-prod-prometheus"]
    assert secret.inputs["name"] == "chat-prod/atlas/prometheus"


def test_another_generation_is_another_password() -> None:
    def keepers(generation: int) -> Any:
        (password,) = [
            one
            for one in of_type(platform(prometheus={"generation": generation}), "RandomPassword")
            if one.name == "chat-prod-prometheus"
        ]
        return password.inputs["keepers"]

    assert keepers(1) != keepers(2)


def test_a_platform_without_them_sends_nothing_anywhere() -> None:
    plan = platform()
    assert not of_type(plan, "LogIntegration") and not of_type(plan, "ThirdPartyIntegration")


def test_a_stack_file_sends_logs_with_keys_from_aws() -> None:
    asked = {
        "datadog": {"key": {"awsSecret": "ops/datadog"}},
        "openTelemetry": {
            "endpoint": "https://otel.company.com/v1/logs",
            "headers": {"Authorization": {"awsSecret": "ops/otel", "field": "header"}},
        },
    }
    plan = platform(logExport=asked)
    assert [one.name for one in of_type(plan, "LogIntegration")] == [
        "chat-prod-log-export-datadog",
        "chat-prod-log-export-opentelemetry",
    ]
    assert {"ops/datadog", "ops/otel"} <= {one.arguments.get("secretId") for one in plan.invokes}
