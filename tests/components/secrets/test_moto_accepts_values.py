"""Secrets Manager, IAM and KMS as moto plays them take what the components would send.

What moto cannot show: it judges no conditions (see `policy_evaluator.py`), and deletes no versions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from components.secrets.arns import Home, any_suffix, home_of
from components.secrets.jwt import published
from components.secrets.policies import (
    ecs_trust,
    irsa_trust,
    key_policy,
    lambda_trust,
    pod_identity_trust,
    reader_policy,
    secret_resource_policy,
)
from tests.components.secrets.test_components import application, deployed

REGION = "ap-northeast-2"
HOME = Home("aws", REGION, "123456789012")
POD = {"namespace": "chat", "service_account": "chat-app"}
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLE"

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=f"http://{host}:{port}",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    yield client
    server.stop()


def test_a_new_version_becomes_current_and_the_old_one_stays_readable_as_previous(aws: Any) -> None:
    secrets = aws("secretsmanager")
    secrets.create_secret(Name="chat-app/jwt-secrets", Description="Token keys of chat-app")
    for active in (1, 2):
        value = json.dumps({role: f"key {held}" for role, held in published(active, active).items()})
        secrets.put_secret_value(SecretId="chat-app/jwt-secrets", SecretString=value)
    stages = [
        json.loads(secrets.get_secret_value(SecretId="chat-app/jwt-secrets", VersionStage=stage)["SecretString"])
        for stage in ("AWSCURRENT", "AWSPREVIOUS")
    ]
    assert stages[0]["previous"] == stages[1]["current"], "A token signed before the switch would not verify after it."


def test_the_arn_that_secrets_manager_gives_fits_the_reader_policy(aws: Any) -> None:
    arn = aws("secretsmanager").create_secret(Name="chat-app/database")["ARN"]
    assert any_suffix(arn) == HOME.secret_arn("chat-app/database")
    assert home_of(arn) == HOME


def test_secrets_manager_takes_the_resource_policy(aws: Any) -> None:
    secrets = aws("secretsmanager")
    secrets.create_secret(Name="policy/database")
    policy = secret_resource_policy(
        HOME,
        only_principals=["arn:aws:iam::123456789012:role/deploy"],
        reader_roles=["chat-prod_chat-app_reader"],
        cross_account_readers=["arn:aws:iam::210987654321:role/analytics"],
    )
    secrets.put_resource_policy(SecretId="policy/database", ResourcePolicy=policy, BlockPublicPolicy=True)
    assert json.loads(secrets.get_resource_policy(SecretId="policy/database")["ResourcePolicy"]) == json.loads(policy)


def test_a_recovery_window_keeps_a_deleted_secret(aws: Any) -> None:
    secrets = aws("secretsmanager")
    secrets.create_secret(Name="window/database", SecretString="x")
    secrets.delete_secret(SecretId="window/database", RecoveryWindowInDays=30)
    secrets.restore_secret(SecretId="window/database")
    assert secrets.get_secret_value(SecretId="window/database")["SecretString"] == "x"
    with pytest.raises(ClientError):
        secrets.delete_secret(SecretId="window/database", RecoveryWindowInDays=6)


@pytest.mark.parametrize(
    ("name", "trust"),
    [
        ("ecs", ecs_trust(HOME)),
        ("lambda", lambda_trust()),
        ("pod-identity", pod_identity_trust(HOME, cluster="main", **POD)),
        ("irsa", irsa_trust(oidc_provider_arn=PROVIDER, **POD)),
    ],
)
def test_iam_takes_each_role_and_the_reader_policy(aws: Any, name: str, trust: str) -> None:
    iam = aws("iam")
    policy = reader_policy(
        [HOME.secret_arn("chat-app/database")],
        kms_key_arn="arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        cache_arn="arn:aws:elasticache:ap-northeast-2:123456789012:replicationgroup:chat",
        cache_user_arn="arn:aws:elasticache:ap-northeast-2:123456789012:user:chat-app",
    )
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName=name, PolicyName="chat-app-secrets", PolicyDocument=policy)
    found = iam.get_role_policy(RoleName=name, PolicyName="chat-app-secrets")
    assert found["PolicyDocument"] == json.loads(policy)


def test_aws_takes_everything_that_the_components_send(aws: Any) -> None:
    kms, secrets, iam = aws("kms"), aws("secretsmanager"), aws("iam")
    recorder, _ = deployed(
        application(
            "moto-app",
            kms_key_arn=kms.create_key()["KeyMetadata"]["Arn"],
            reader_roles=["chat-prod_chat-app_reader"],
            only_principals=["arn:aws:iam::123456789012:role/deploy"],
            cross_account_readers=["arn:aws:iam::210987654321:role/analytics"],
            given={"stripe": "given-value"},
        ),
        ecs_tasks="task",
    )
    sent = recorder.inputs
    for name in ("chat-app-database", "chat-app-jwt-secrets", "chat-app-stripe"):
        secret, value = sent[f"Secret {name}"], sent[f"SecretVersion {name}"]["secretString"]
        made = secrets.create_secret(
            Name=secret["name"],
            Description=secret["description"],
            KmsKeyId=secret["kmsKeyId"],
            Tags=[{"Key": name, "Value": text} for name, text in secret["tags"].items()],
        )
        secrets.put_resource_policy(
            SecretId=made["ARN"], ResourcePolicy=sent[f"SecretPolicy {name}"]["policy"], BlockPublicPolicy=True
        )
        secrets.put_secret_value(SecretId=made["ARN"], SecretString=value)
        assert secrets.get_secret_value(SecretId=secret["name"])["SecretString"] == value
    role, policy = sent["Role chat-app-reader"], sent["RolePolicy chat-app-reader"]
    iam.create_role(
        RoleName=role["name"], AssumeRolePolicyDocument=role["assumeRolePolicy"], Description=role["description"]
    )
    iam.put_role_policy(RoleName=policy["role"], PolicyName=policy["name"], PolicyDocument=policy["policy"])
    listed = secrets.list_secrets(Filters=[{"Key": "name", "Values": ["chat-prod/moto-app/"]}])["SecretList"]
    may_read = json.loads(policy["policy"])["Statement"][0]["Resource"]
    assert sorted(any_suffix(secret["ARN"]) for secret in listed) == sorted(may_read), (
        "The role may read other secrets than the application has."
    )


def test_iam_would_refuse_a_malformed_policy(aws: Any) -> None:
    iam = aws("iam")
    iam.create_role(RoleName="malformed", AssumeRolePolicyDocument=lambda_trust())
    with pytest.raises(ClientError):
        iam.put_role_policy(RoleName="malformed", PolicyName="p", PolicyDocument='{"Version":"2012-10-17"}')


def test_kms_takes_the_key_policy(aws: Any) -> None:
    policy = key_policy(
        HOME,
        secret_names=["chat-app/database", "chat-app/jwt-secrets"],
        cross_account_readers=["arn:aws:iam::210987654321:role/analytics"],
    )
    kms = aws("kms")
    key = kms.create_key(Policy=policy)["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key)
    assert json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]) == json.loads(policy)
