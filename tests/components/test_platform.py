"""The whole platform, as the program of this repository registers it for each stack."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components.platform import atlas
from components.platform.model.secret_value import PAGER_DUTY_KEY, SLACK_TOKEN, SecretValue
from components.platform.parts import atlas_part
from dolmen.engine import evaluate
from dolmen.engine.plan import Plan, Resource, Secret
from tests.components.platform.files import ENCRYPTED, STACKS, load_text, text_of

ROOT = Path(__file__).parents[2]


@cache
def plans() -> Mapping[str, Plan]:
    return {plan.stack: plan for plan in evaluate(ROOT, STACKS)}


def of_type(plan: Plan, kind: str) -> list[Resource]:
    return [resource for resource in plan if resource.type.endswith(f":{kind}")]


def waits_for(plan: Plan, resource: Resource) -> set[str]:
    """URNs that must exist before the resource, through any number of steps."""
    by_urn = plan.by_urn()
    found: set[str] = set()
    ahead = [resource.urn]
    while ahead:
        current = by_urn[ahead.pop()]
        direct = {*current.dependencies, *(urn for urns in current.property_dependencies.values() for urn in urns)}
        ahead += direct - found
        found |= direct
    return found


def secrets_in(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, Secret):
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from secrets_in(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from secrets_in(item, f"{path}[{index}]")


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_becomes_one_platform_without_a_failure(stack: str) -> None:
    plan = plans()[stack]
    assert plan.failure is None, plan.failure and plan.failure.message
    (platform,) = of_type(plan, "Platform")
    assert platform.inputs["tier"] == stack, "policies could not tell how strict to be"


@pytest.mark.parametrize("stack", STACKS)
def test_cluster_and_cache_are_made_side_by_side(stack: str) -> None:
    plan = plans()[stack]
    (cluster,), (cache_group,) = of_type(plan, "AdvancedCluster"), of_type(plan, "ReplicationGroup")
    assert cache_group.urn not in waits_for(plan, cluster), "the cluster would wait for the cache: 10 minutes lost"
    assert cluster.urn not in waits_for(plan, cache_group), "the cache would wait for the cluster: 10 minutes lost"


def test_the_private_endpoint_does_not_wait_for_the_cluster() -> None:
    plan = plans()["production"]
    (cluster,), (endpoint,) = of_type(plan, "AdvancedCluster"), of_type(plan, "PrivateLinkEndpoint")
    assert cluster.urn not in waits_for(plan, endpoint)


@pytest.mark.parametrize("stack", STACKS)
def test_a_login_is_published_only_when_it_works(stack: str) -> None:
    plan = plans()[stack]
    (version,) = [r for r in of_type(plan, "SecretVersion") if r.name.endswith("-secrets-database")]
    needed = waits_for(plan, version)
    for kind in ("DatabaseUser", "ReplicationGroup", "UserGroup"):
        assert any(r.urn in needed for r in of_type(plan, kind)), f"clients would read a login before the {kind} exists"


def test_behind_a_private_endpoint_a_login_waits_for_the_connection() -> None:
    plan = plans()["production"]
    (version,) = [r for r in of_type(plan, "SecretVersion") if r.name.endswith("-secrets-database")]
    (connection,) = of_type(plan, "PrivateLinkEndpointService")
    assert connection.urn in waits_for(plan, version), "the URI would name hosts that nobody can reach"


@pytest.mark.parametrize("stack", STACKS)
def test_the_contract_holds_no_secret_and_names_what_tools_need(stack: str) -> None:
    plan = plans()[stack]
    contract: Any = plan.outputs["dolmen"]
    assert list(secrets_in(contract)) == [], "everybody may read this output"
    assert contract["version"] == 1
    assert contract["tier"] == stack
    assert {"projectId", "clusterName", "connectivity", "expectedAccessEntries"} <= contract["atlas"].keys()
    assert {"endpoint", "port", "tls", "clusterMode", "usableMemoryBytes"} <= contract["cache"].keys()
    application = contract["applications"]["chat-app"]
    assert {"database", "secrets", "readerRole", "environment"} <= application.keys()
    assert application["environment"]["plain"]["AWS_SECRET_NAME"] == f"{contract['platform']}/chat-app/jwt-secrets"


HOLDS_DATA = ("AdvancedCluster", "ReplicationGroup", "Secret")


def test_what_holds_data_is_protected_in_production_and_nowhere_else() -> None:
    for stack, plan in plans().items():
        for kind in HOLDS_DATA:
            for resource in of_type(plan, kind):
                expected = stack == "production"
                assert bool(resource.options.protect) is expected, f"{stack}: {resource.name} protect is not {expected}"


def test_a_platform_asks_only_for_the_secrets_that_its_configuration_names() -> None:
    asked: list[str | None] = []

    def secret(value: SecretValue) -> str:
        asked.append(value.config)
        return f"<{value.config}>"

    def ask(text: str) -> None:
        part = atlas_part(load_text(text))
        assert part is not None
        atlas.alerts_args(part, project_id="5f0000000000000000000002", secret=secret)

    ask(text_of("production"))
    assert set(asked) == {None}, "a stack whose keys lie in AWS would fail for want of a configuration key"
    asked.clear()
    read_from_aws = r"token: {awsSecret: ops/slack-token}|key: {awsSecret: ops/pagerduty-atlas}"
    ask(re.sub(read_from_aws, "", text_of("production")) + ENCRYPTED)
    assert set(asked) == {SLACK_TOKEN, PAGER_DUTY_KEY}
    asked.clear()
    ask(text_of("development"))
    assert asked == [], "a stack without notifications would fail for want of a token"
