"""What a stack file sets up of a default provider is judged, although no program registers it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policies.programs import Program, broken, judge

NAMED: dict[str, Any] = {"aws:allowedAccountIds": '["111122223333"]'}


def secret(p: Program) -> None:
    p.add("aws:secretsmanager/secret:Secret", name="app/database", kmsKeyId="k")


def project(p: Program) -> None:
    p.add("mongodbatlas:index/project:Project", name="app", orgId="5f0000000000000000000001")


@pytest.mark.parametrize(
    ("policy", "settings"),
    [
        ("provider-endpoint", {"aws:insecure": "true"}),
        ("provider-endpoint", {"aws:endpoints": '[{"s3": "http://store.example"}]'}),
        ("provider-own-address", {"aws:endpoints": '[{"s3": "https://store.example"}]'}),
        ("provider-own-address", {"aws:endpoints": '{"kms": "https://amazonaws.com@store.example/"}'}),
        ("provider-own-address", {"aws:endpoints": '[{"sts": "http://localhost:4566"}]'}),
        ("provider-own-address", {"aws:pluginDownloadURL": "https://plugins.example"}),
        ("provider-checks", {"aws:skipCredentialsValidation": "true"}),
        ("provider-checks", {"aws:skipRequestingAccountId": "true"}),
        ("provider-account", {"aws:allowedAccountIds": '["111122223333", "444455556666"]'}),
        ("provider-account", {"aws:allowedAccountIds": "[52812345678]"}),
        ("provider-account", {"aws:profile": "production", "aws:allowedAccountIds": "[]"}),
    ],
)
def test_a_default_provider_of_production_is_judged(policy: str, settings: dict[str, Any]) -> None:
    found = [one for one in judge(secret, **{**NAMED, **settings}).findings if one.id == policy]
    assert found and found[0].stops, f"production is deployed with {settings}"
    assert "aws:" in found[0].message, "a person is not told the key of the stack file"


@pytest.mark.parametrize("setting", ["baseUrl", "realmBaseUrl", "stsEndpoint"])
def test_so_is_that_of_atlas(setting: str) -> None:
    settings: dict[str, Any] = {f"mongodbatlas:{setting}": "https://mongodb.com.example"}
    found = judge(project, **settings)
    assert "provider-own-address" in broken(found)


@pytest.mark.parametrize("tier", ["production", "staging", "development"])
def test_a_stack_that_sets_up_nothing_unusual_keeps_them(tier: str) -> None:
    usual: dict[str, Any] = {
        "aws:profile": "ci",
        "aws:maxRetries": "5",
        "aws:insecure": "false",
        "aws:useFipsEndpoint": "true",
    }
    report = judge(secret, tier, **{**NAMED, **usual})
    assert not {one for one in broken(report) if one.startswith("provider-")}


def test_a_development_stack_may_talk_to_a_simulated_cloud() -> None:
    local: dict[str, Any] = {
        "aws:endpoints": '[{"s3": "http://localhost:4566"}]',
        "aws:skipCredentialsValidation": "true",
    }
    assert not [one for one in judge(secret, "development", **local).findings if one.stops]


def test_a_stack_that_asks_nothing_of_aws_names_no_account() -> None:
    assert "provider-account" not in broken(judge(project))
