"""A key of one's own: in the order that Atlas demands, for Atlas and nobody else."""

from __future__ import annotations

import json
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from components.atlas.encryption_key import _key_policy, _trust
from dolmen.engine.plan import Plan
from tests.components.atlas.programs import PROJECT, REGION, cluster_arguments, of_type, only, plan_of, waits_for


def encrypted(**changes: Any) -> Plan:
    def program() -> None:
        from components.atlas.cluster import AtlasCluster
        from components.atlas.encryption_key import AtlasEncryptionKey

        key = AtlasEncryptionKey(
            "key", {"project_id": PROJECT, "atlas_region": REGION, "protect_data": True, **changes}
        )
        AtlasCluster("chat", cluster_arguments(encryption_at_rest_provider="AWS", created_after=[key.ready]))

    return plan_of(program)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return encrypted()


def test_set_up_then_role_and_policy_then_authorization_then_encryption_then_cluster(plan: Plan) -> None:
    steps = [
        only(plan, suffix)
        for suffix in (
            "CloudProviderAccessSetup",
            "Role",
            "RolePolicy",
            "CloudProviderAccessAuthorization",
            "EncryptionAtRest",
            "AdvancedCluster",
        )
    ]
    for earlier, later in pairwise(steps):
        assert earlier.name in waits_for(plan, later), f"{later.name} would be made before {earlier.name}, and refused"
    assert steps[-1].inputs["encryptionAtRestProvider"] == "AWS"


def test_the_key_outlives_mistakes(plan: Plan) -> None:
    key = only(plan, "Key")
    assert key.options.protect
    assert key.options.retain_on_delete, "without the key the data cannot be read"
    assert key.inputs["enableKeyRotation"] is True


def test_an_adopted_key_is_not_made_again() -> None:
    arn = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    plan = encrypted(kms_key_arn=arn)
    assert of_type(plan, "Key") == []
    config: Any = only(plan, "EncryptionAtRest").inputs["awsKmsConfig"]
    assert config["customerMasterKeyId"] == arn
    assert config["region"] == REGION


def test_the_role_trusts_atlas_for_this_project_only() -> None:
    config = SimpleNamespace(atlas_aws_account_arn="arn:aws:iam::1:root", atlas_assumed_role_external_id="ours")
    (statement,) = json.loads(_trust(config))["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::1:root"}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "ours"}}, (
        "every other customer of Atlas could make Atlas use the role"
    )


def test_the_policy_allows_one_key_and_no_administration() -> None:
    (statement,) = json.loads(_key_policy("arn:key"))["Statement"]
    assert statement["Resource"] == "arn:key"
    assert set(statement["Action"]) == {"kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"}
