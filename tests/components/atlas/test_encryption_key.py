"""A key of one's own: in the order that Atlas demands, for Atlas and nobody else."""

from __future__ import annotations

import json
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from components.atlas.encryption_key import _key_policy, _trust, atlas_key_policy
from components.identity import Identity
from dolmen.engine.plan import Plan
from tests.components.atlas.programs import (
    PROJECT,
    REGION,
    cluster_arguments,
    failure_of,
    of_type,
    only,
    plan_of,
    waits_for,
)
from tests.components.secrets.policy_evaluator import Call, allowed

ARN = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def encrypt(kms_key_arn: Any = ARN) -> None:
    from components.atlas import AtlasCluster, AtlasEncryptionKey

    key = AtlasEncryptionKey("key", {"project_id": PROJECT, "region": REGION, "kms_key_arn": kms_key_arn})
    AtlasCluster("chat", cluster_arguments(encryption_key_ready=key.ready))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(encrypt)


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
        kind = earlier.type.rsplit(":", 1)[-1]
        assert f"{kind} {earlier.name}" in waits_for(plan, later), (
            f"{later.type} would be made before {kind}, and refused"
        )
    assert steps[-1].inputs["encryptionAtRestProvider"] == "AWS"


def test_an_adopted_key_is_not_made_again(plan: Plan) -> None:
    assert of_type(plan, "Key") == []
    config: Any = only(plan, "EncryptionAtRest").inputs["awsKmsConfig"]
    assert config["customerMasterKeyId"] == ARN
    assert config["region"] == "AP_NORTHEAST_2"


def test_a_key_that_is_made_is_made_first() -> None:
    def program() -> None:
        from components.keys import EncryptionKey

        made = EncryptionKey("made", {"alias": "alias/chat", "description": "Disks", "protect_data": True})
        encrypt(made.key_arn)

    plan = plan_of(program)
    assert "Key made" in waits_for(plan, only(plan, "EncryptionAtRest"))
    assert "Key made" in waits_for(plan, only(plan, "RolePolicy")), "the role could use no key"


def test_a_key_of_another_region_is_refused() -> None:
    assert "kms_key_arn" in failure_of(lambda: encrypt(ARN.replace("ap-northeast-2", "us-east-1"))), (
        "Atlas would refuse it when the project is made already"
    )


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


EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}'


@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        ("chat-prod-atlas-key-1a2b3c4", "kms:Decrypt", True),
        ("chat-prod-atlas-key-1a2b3c4", "kms:Encrypt", True),
        ("administrator", "kms:Decrypt", False),
        ("administrator", "kms:CreateGrant", False),
        ("administrator", "kms:PutKeyPolicy", True),
        ("administrator", "kms:ScheduleKeyDeletion", True),
        ("other-atlas-key-1a2b3c4", "kms:Decrypt", False),
    ],
)
def test_the_account_administers_the_key_and_atlas_s_role_alone_uses_it(role: str, action: str, may: bool) -> None:
    policy = atlas_key_policy(Identity("123456789012", "aws", "ap-northeast-2"), "chat-prod-atlas-key")
    call = Call(action, ARN, f"arn:aws:iam::123456789012:role/{role}")
    assert allowed(call, identity=[EVERYTHING], resource=policy) is may, (
        "whoever may use every key of the account could read the cluster's disks, or nobody could change the policy"
    )
