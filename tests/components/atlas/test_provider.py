"""Atlas's key: read by the deploying role, secret in the state, never in a message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from dolmen.engine import evaluate_program
from dolmen.engine.plan import Plan, Secret

CANARY = "mdb_sa_sk_canary0123456789"


def read(value: str | None) -> Plan:
    def program() -> None:
        from components.atlas import atlas_provider

        atlas_provider("atlas", {"aws_secret": "dolmen/atlas-api"})

    lookups: Mapping[str, Any] | None = (
        None
        if value is None
        else {"aws:secretsmanager/getSecretVersion:getSecretVersion": {"result": {"secretString": value}}}
    )
    return evaluate_program(program, lookups=lookups)


def provider(plan: Plan) -> Mapping[str, Any]:
    assert plan.failure is None, plan.failure
    (found,) = [resource for resource in plan if resource.type == "pulumi:providers:mongodbatlas"]
    return found.inputs


def test_the_client_secret_is_secret_although_the_provider_does_not_know_it() -> None:
    plan = read(json.dumps({"client_id": "mdb_sa_id_1", "client_secret": CANARY}))
    inputs = provider(plan)
    assert isinstance(inputs["clientSecret"], Secret)
    assert CANARY not in repr(plan), "the key would stand in a plan"


def test_key_and_url_come_from_the_same_place() -> None:
    inputs = provider(read(json.dumps({"client_id": "i", "client_secret": CANARY})))
    assert "baseUrl" in inputs, "without a URL of its own the provider takes one from the environment, or none"


def test_a_plan_without_credentials_needs_no_secret() -> None:
    plan = read(None)
    assert isinstance(provider(plan)["clientSecret"], Secret)
    assert [invoke.outcome for invoke in plan.invokes] == ["assumed"], "a plan says what it rests on"


@pytest.mark.parametrize(
    "value",
    [
        json.dumps({"client_id": "i"}),
        json.dumps({"clientId": "i", "clientSecret": CANARY}),
        json.dumps({"client_id": "", "client_secret": CANARY}),
        '{"client_id": "' + CANARY,
    ],
)
def test_a_secret_of_another_shape_is_refused_without_a_word_of_its_value(value: str) -> None:
    plan = read(value)
    assert plan.failure is not None
    assert "does not hold a service account" in plan.failure.message
    assert "canary" not in plan.failure.message + plan.output


def test_the_environment_needs_no_lookup() -> None:
    def program() -> None:
        from components.atlas import atlas_provider

        atlas_provider("atlas", {})

    plan = evaluate_program(program)
    assert not [key for key in provider(plan) if key in ("clientId", "clientSecret", "publicKey", "privateKey")]
    assert plan.invokes == ()


def test_a_key_in_place_of_the_secret_s_name_is_refused_and_not_repeated() -> None:
    def program() -> None:
        from components.atlas import atlas_provider

        atlas_provider("atlas", {"aws_secret": CANARY})

    plan = evaluate_program(program)
    assert plan.failure is not None, "the key would stand in the program, and in every log that names the secret"
    assert "looks like the API key itself" in plan.failure.message
    assert "canary" not in plan.failure.message + plan.output
