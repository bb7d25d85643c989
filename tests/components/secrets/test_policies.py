"""Who may do what: the policies of this room, judged call by call."""

import json
import warnings
from dataclasses import replace
from typing import Any

import pytest

from components.secrets.arns import Home, any_suffix, home_of
from components.secrets.policies import (
    ecs_trust,
    irsa_trust,
    key_policy,
    lambda_trust,
    pod_identity_trust,
    reader_policy,
    secret_resource_policy,
)
from tests.components.secrets.policy_evaluator import Call, allowed

HOME = Home("aws", "ap-northeast-2", "123456789012")
SECRETS = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:"
DATABASE, JWT = f"{SECRETS}chat-prod/chat-app/database-AbCdEf", f"{SECRETS}chat-prod/chat-app/jwt-secrets-GhIjKl"
KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/00000000-12ab-34cd-56ef-1234567890ab"
CACHE = "arn:aws:elasticache:ap-northeast-2:123456789012:replicationgroup:chat-prod-cache"
USER = "arn:aws:elasticache:ap-northeast-2:123456789012:user:chat-prod-chat-app"
READER = "arn:aws:iam::123456789012:role/chat-prod_chat-app_reader"
DEPLOYER = "arn:aws:iam::123456789012:role/deploy"
ADMINISTRATOR = "arn:aws:iam::123456789012:role/administrator"
FOREIGN = "arn:aws:iam::210987654321:role/analytics"
EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
VIA = {"kms:ViaService": "secretsmanager.ap-northeast-2.amazonaws.com", "kms:EncryptionContext:SecretARN": DATABASE}

READ = reader_policy([DATABASE, JWT], kms_key_arn=KEY, cache_arn=CACHE, cache_user_arn=USER)


@pytest.mark.parametrize(
    ("action", "resource", "context", "expected"),
    [
        ("secretsmanager:GetSecretValue", DATABASE, {}, True),
        ("secretsmanager:DescribeSecret", DATABASE, {}, True),
        ("secretsmanager:GetSecretValue", JWT, {}, True),
        (
            "secretsmanager:GetSecretValue",
            f"{SECRETS}chat-prod/chat-app/database-ZyXwVu",
            {},
            True,
        ),  # deleted and made again
        ("secretsmanager:GetSecretValue", f"{SECRETS}chat-prod/chat-app/database-backup-AbCdEf", {}, False),
        ("secretsmanager:GetSecretValue", f"{SECRETS}chat-prod/chat-app/database", {}, False),
        ("secretsmanager:GetSecretValue", f"{SECRETS}chat-prod/chat-app/stripe-AbCdEf", {}, False),
        ("secretsmanager:GetSecretValue", f"{SECRETS}chat-prod/billing/database-AbCdEf", {}, False),
        ("secretsmanager:GetSecretValue", DATABASE.replace("123456789012", "210987654321"), {}, False),
        ("secretsmanager:GetSecretValue", DATABASE.replace("ap-northeast-2", "us-east-1"), {}, False),
        ("secretsmanager:PutSecretValue", DATABASE, {}, False),
        ("secretsmanager:UpdateSecretVersionStage", DATABASE, {}, False),
        ("secretsmanager:DeleteSecret", DATABASE, {}, False),
        ("secretsmanager:PutResourcePolicy", DATABASE, {}, False),
        ("kms:Decrypt", KEY, VIA, True),
        ("kms:Decrypt", KEY, {}, False),
        ("kms:Decrypt", KEY, {**VIA, "kms:ViaService": "s3.ap-northeast-2.amazonaws.com"}, False),
        ("kms:Decrypt", KEY, {**VIA, "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}, False),
        (
            "kms:Decrypt",
            KEY,
            {**VIA, "kms:EncryptionContext:SecretARN": f"{SECRETS}chat-prod/billing/database-AbCdEf"},
            False,
        ),
        ("kms:Decrypt", KEY, {"kms:ViaService": VIA["kms:ViaService"]}, False),
        ("kms:Decrypt", OTHER_KEY, VIA, False),
        ("kms:GenerateDataKey", KEY, VIA, False),
        ("kms:CreateGrant", KEY, VIA, False),
        ("elasticache:Connect", CACHE, {}, True),
        ("elasticache:Connect", USER, {}, True),
        ("elasticache:Connect", USER.replace("chat-app", "billing"), {}, False),
        ("elasticache:Connect", CACHE.replace("chat-prod-cache", "other"), {}, False),
        ("elasticache:ModifyUser", USER, {}, False),
    ],
)
def test_the_reader_may_do_this_and_nothing_else(
    action: str, resource: str, context: dict[str, str], expected: bool
) -> None:
    key = key_policy(HOME, secret_names=["chat-prod/chat-app/database", "chat-prod/chat-app/jwt-secrets"])
    call = Call(action, resource, READER, context)
    found = allowed(call, identity=[READ], resource=key if action.startswith("kms:") else None)
    assert found == expected, "The application is locked out." if expected else "The application may do more than read."


def test_without_a_key_or_iam_the_reader_has_no_right_on_them() -> None:
    plain = json.loads(reader_policy([DATABASE]))
    assert [statement["Sid"] for statement in plain["Statement"]] == ["ReadSecrets"]


ELSEWHERE = DATABASE.replace("ap-northeast-2", "us-east-1")
KEY_ELSEWHERE = KEY.replace("ap-northeast-2", "us-east-1")


@pytest.mark.parametrize(
    ("action", "resource", "region", "expected"),
    [
        ("secretsmanager:GetSecretValue", ELSEWHERE, "", True),
        ("secretsmanager:GetSecretValue", ELSEWHERE.replace("us-east-1", "eu-west-1"), "", False),
        ("kms:Decrypt", KEY_ELSEWHERE, "us-east-1", True),
        ("kms:Decrypt", KEY_ELSEWHERE, "eu-west-1", False),
        ("kms:Decrypt", KEY_ELSEWHERE.replace("us-east-1", "eu-west-1"), "us-east-1", False),
    ],
)
def test_a_copy_in_another_region_is_read_under_its_own_key_and_no_other(
    action: str, resource: str, region: str, expected: bool
) -> None:
    policy = reader_policy([DATABASE, ELSEWHERE], kms_key_arn=KEY, replica_key_arns=[KEY_ELSEWHERE])
    service = f"secretsmanager.{region}.amazonaws.com"
    context = {"kms:ViaService": service, "kms:EncryptionContext:SecretARN": ELSEWHERE} if region else {}
    key = key_policy(replace(HOME, region=region), secret_names=["chat-prod/chat-app/database"]) if region else None
    assert allowed(Call(action, resource, READER, context), identity=[policy], resource=key) == expected


@pytest.mark.parametrize(
    "wrong", [DATABASE[:-7], "chat-prod/chat-app/database", f"{SECRETS}chat-prod/chat-app/database-*", f"{SECRETS}*"]
)
def test_an_arn_without_its_suffix_is_refused(wrong: str) -> None:
    """The last word of a name can look like a suffix: guessing would open another secret, or none."""
    with pytest.raises(ValueError, match="full ARN"):
        any_suffix(wrong)


def test_the_suffix_becomes_six_wildcards_and_stays_six() -> None:
    assert any_suffix(DATABASE) == f"{SECRETS}chat-prod/chat-app/database-??????"
    assert any_suffix(any_suffix(DATABASE)) == any_suffix(DATABASE)
    assert home_of(DATABASE) == HOME


RESOURCE = secret_resource_policy(
    HOME, only_principals=[DEPLOYER], reader_roles=["chat-prod_chat-app_reader"], cross_account_readers=[FOREIGN]
)


@pytest.mark.parametrize(
    ("principal", "action", "context", "expected"),
    [
        (READER, "secretsmanager:GetSecretValue", {}, True),
        (READER.replace("role/", "role/teams/chat/"), "secretsmanager:GetSecretValue", {}, True),
        (DEPLOYER, "secretsmanager:GetSecretValue", {}, True),
        (FOREIGN, "secretsmanager:GetSecretValue", {}, True),
        (FOREIGN, "secretsmanager:DescribeSecret", {}, True),
        (FOREIGN, "secretsmanager:PutSecretValue", {}, False),
        (FOREIGN.replace("analytics", "other"), "secretsmanager:GetSecretValue", {}, False),
        (ADMINISTRATOR, "secretsmanager:GetSecretValue", {}, False),
        (READER + "-2", "secretsmanager:GetSecretValue", {}, False),
        (ADMINISTRATOR, "secretsmanager:PutResourcePolicy", {}, True),
        (DEPLOYER, "secretsmanager:GetSecretValue", {"aws:SecureTransport": "false"}, False),
        (ADMINISTRATOR, "secretsmanager:DeleteSecret", {"aws:SecureTransport": "false"}, False),
    ],
)
def test_the_secret_lets_only_named_principals_read_and_only_over_tls(
    principal: str, action: str, context: dict[str, str], expected: bool
) -> None:
    call = Call(action, DATABASE, principal, context)
    assert allowed(call, identity=[EVERYTHING], resource=RESOURCE) == expected, (
        "A named principal is locked out." if expected else "The secret is open to more than it names."
    )


def test_without_named_principals_the_account_decides_but_never_without_tls() -> None:
    policy = secret_resource_policy()
    read = Call("secretsmanager:GetSecretValue", DATABASE, ADMINISTRATOR)
    assert allowed(read, identity=[EVERYTHING], resource=policy)
    assert not allowed(read, resource=policy), "The secret's own policy lets somebody read."
    clear = Call("secretsmanager:GetSecretValue", DATABASE, ADMINISTRATOR, {"aws:SecureTransport": "false"})
    assert not allowed(clear, identity=[EVERYTHING], resource=policy), "The value may cross the network in clear."
    foreign = Call("secretsmanager:GetSecretValue", DATABASE, FOREIGN)
    assert not allowed(foreign, identity=[EVERYTHING], resource=policy), "Another account may read."


@pytest.mark.parametrize(
    ("principal", "action", "context", "identity", "expected"),
    [
        (ADMINISTRATOR, "kms:ScheduleKeyDeletion", {}, EVERYTHING, True),
        (ADMINISTRATOR, "kms:Decrypt", VIA, None, False),
        (FOREIGN, "kms:Decrypt", VIA, EVERYTHING, True),
        (FOREIGN, "kms:Decrypt", VIA, None, False),
        (FOREIGN, "kms:Decrypt", {}, EVERYTHING, False),
        (FOREIGN, "kms:Decrypt", {**VIA, "kms:EncryptionContext:SecretARN": f"{SECRETS}x-AbCdEf"}, EVERYTHING, False),
        (FOREIGN, "kms:Encrypt", VIA, EVERYTHING, False),
        (FOREIGN.replace("analytics", "other"), "kms:Decrypt", VIA, EVERYTHING, False),
    ],
)
def test_the_key_serves_its_account_and_named_readers_through_secrets_manager(
    principal: str, action: str, context: dict[str, str], identity: str | None, expected: bool
) -> None:
    policy = key_policy(HOME, secret_names=["chat-prod/chat-app/database"], cross_account_readers=[FOREIGN])
    call = Call(action, KEY, principal, context)
    assert allowed(call, identity=[identity] if identity else [], resource=policy) == expected


PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLE"
ISSUER = PROVIDER.partition("oidc-provider/")[2]
POD = {"namespace": "chat", "service_account": "chat-app"}
POD_CONTEXT = {
    "aws:SourceAccount": "123456789012",
    "aws:SourceArn": "arn:aws:eks:ap-northeast-2:123456789012:cluster/main",
    "aws:RequestTag/kubernetes-namespace": "chat",
    "aws:RequestTag/kubernetes-service-account": "chat-app",
}
ECS_CONTEXT = {
    "aws:SourceAccount": "123456789012",
    "aws:SourceArn": "arn:aws:ecs:ap-northeast-2:123456789012:task/main/1",
}


@pytest.mark.parametrize(
    ("trust", "service", "context", "expected"),
    [
        (ecs_trust(HOME), "ecs-tasks.amazonaws.com", ECS_CONTEXT, True),
        (ecs_trust(HOME), "ecs-tasks.amazonaws.com", {**ECS_CONTEXT, "aws:SourceAccount": "210987654321"}, False),
        (ecs_trust(HOME), "ecs-tasks.amazonaws.com", {}, False),
        (ecs_trust(HOME), "lambda.amazonaws.com", ECS_CONTEXT, False),
        (lambda_trust(), "lambda.amazonaws.com", {}, True),
        (lambda_trust(), "ec2.amazonaws.com", {}, False),
        (pod_identity_trust(HOME, cluster="main", **POD), "pods.eks.amazonaws.com", POD_CONTEXT, True),
        (
            pod_identity_trust(HOME, cluster="main", **POD),
            "pods.eks.amazonaws.com",
            {**POD_CONTEXT, "aws:RequestTag/kubernetes-service-account": "billing"},
            False,
        ),
        (
            pod_identity_trust(HOME, cluster="other", **POD),
            "pods.eks.amazonaws.com",
            POD_CONTEXT,
            False,
        ),
    ],
)
def test_a_role_is_taken_on_by_its_own_service_in_its_own_place(
    trust: str, service: str, context: dict[str, str], expected: bool
) -> None:
    call = Call("sts:AssumeRole", READER, f"service:{service}", context)
    assert allowed(call, resource=trust) == expected


def test_irsa_trusts_one_service_account_of_one_cluster() -> None:
    [statement] = json.loads(irsa_trust(oidc_provider_arn=PROVIDER, **POD))["Statement"]
    assert statement["Principal"] == {"Federated": PROVIDER}
    assert statement["Condition"] == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": "system:serviceaccount:chat:chat-app",
        }
    }, "Another pod of the cluster could take on the role."
    with pytest.raises(ValueError, match="oidc_provider_arn"):
        irsa_trust(oidc_provider_arn="oidc.eks", **POD)


IDENTITY_POLICIES = [READ, reader_policy([DATABASE]), reader_policy([DATABASE], kms_key_arn=KEY)]


def lint(policy: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parliament's own code, not ours
        import parliament
    found: Any = parliament.analyze_policy_string(policy)
    return [f"{finding.issue}: {finding.detail}" for finding in found.findings]


@pytest.mark.parametrize("policy", IDENTITY_POLICIES)
def test_the_linter_finds_nothing_in_the_reader_policy(policy: str) -> None:
    assert lint(policy) == []


def test_the_linter_would_find_an_action_that_does_not_exist() -> None:
    assert lint(READ.replace("DescribeSecret", "DescribeSecrets")), "The linter does not know the service's actions."


def test_policies_stay_within_the_services_limits() -> None:
    """10,240 characters for a role's inline policies together, 20,480 for a secret's policy, 32,768 for a key's
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""
    many = [f"{SECRETS}chat-prod/chat-app/further-{number:02}-AbCdEf" for number in range(30)]
    assert len(reader_policy(many, kms_key_arn=KEY)) < 10_240
