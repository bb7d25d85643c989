"""Several applications on one platform: one that comes or goes leaves the others as they are."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pulumi

from dolmen.engine import Plan, evaluate_program
from dolmen.engine.plan import Secret
from tests.components.platform.files import load_values, values_of

SHARED = {"aws:elasticache/userGroup:UserGroup"}
"""The one list of all cache users."""


def platform(*names: str, **settings: Any) -> Plan:
    values = copy.deepcopy(values_of("production"))
    values["dolmen:applications"] = {
        name: {"database": f"{name}db", "cacheKeys": f"{name}:*", "jwtKeys": {}, "reader": {"ecsTasks": {}}, **settings}
        for name in names
    }
    stack = load_values(values)

    def program() -> None:
        from components.platform.platform import Platform

        platform = Platform(stack.name, {"stack": stack, "secret": pulumi.Output.secret})
        pulumi.export("dolmen", platform.stack_output)

    plan = evaluate_program(program)
    assert plan.failure is None, plan.failure
    return plan


def shape(plan: Plan) -> dict[str, Any]:
    """Everything but the fingerprints of secrets, which are new in each run."""
    return {
        r.urn: (r.options, r.dependencies, without_fingerprints(r.inputs))
        for r in plan
        if r.type not in SHARED and r.type != "pulumi:pulumi:Stack"
    }


def without_fingerprints(value: Any) -> Any:
    if isinstance(value, Secret):
        return "a secret"
    if isinstance(value, list):
        return [without_fingerprints(item) for item in value]
    return {k: without_fingerprints(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def test_of_three_applications_one_goes_and_one_comes_and_nothing_else_changes() -> None:
    before, after = shape(platform("chat", "billing", "search")), shape(platform("search", "ledger", "chat"))
    assert {urn for urn in before if urn not in after} == {urn for urn in before if "billing" in urn}
    assert {urn for urn in after if urn not in before} == {urn for urn in after if "ledger" in urn}
    changed = [urn for urn in before if urn in after and before[urn] != after[urn]]
    assert changed == [], "Removing billing and adding ledger changes what belongs to others."
    assert sum("billing" in urn for urn in before) > 15, "An application is hardly there: this test shows little."


def test_a_key_of_its_own_encrypts_every_secret_of_an_application() -> None:
    plan = platform("chat", secrets={"encryptionKey": {"create": True}, "further": {"hook": {"generated": {}}}})
    secrets = [r for r in plan if r.type == "aws:secretsmanager/secret:Secret"]
    assert len(secrets) >= 4
    without = [secret.name for secret in secrets if "kmsKeyId" not in secret.inputs]
    assert without == [], "These secrets stay with AWS's own key although the stack asks for another."


def environment_of(plan: Plan) -> Any:
    output: Any = plan.outputs["dolmen"]
    return output["applications"]["chat"]["environment"]


def test_the_environment_carries_the_pool_size_and_leaves_the_password_out_with_iam() -> None:
    with_password, with_iam = platform("chat", poolSize=25), platform("chat", cacheAuthentication="iam")
    assert environment_of(with_password)["plain"]["MONGO_POOL_SIZE"] == "25"
    assert "REDIS_PASSWORD" in environment_of(with_password)["secrets"]
    assert "REDIS_PASSWORD" not in environment_of(with_iam)["secrets"], (
        "The container would wait for a password that does not exist."
    )
