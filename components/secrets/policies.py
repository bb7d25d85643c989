"""IAM policies of this room, as pure functions from names to documents.

Lists of one are written as AWS reads them back, as a string, so that a plan shows no difference where there is none.
Sources: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html,
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html,
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Statement = dict[str, Any]

READ_ACTIONS = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
ANY_SUFFIX = "-??????"
_SECRET_ARN = re.compile(r"arn:([^:]+):secretsmanager:([^:]+):(.+):secret:(.+)-(?:[A-Za-z0-9]{6}|\?{6})")
"""The account may be anything: before the first deployment it may not be known."""


@dataclass(frozen=True)
class Home:
    """Where the secrets live: what an ARN says before its name."""

    partition: str
    region: str
    account: str

    @property
    def secrets_manager(self) -> str:
        """The service as KMS names it in `kms:ViaService`; the same host name in every partition but China's."""
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return f"secretsmanager.{self.region}.{suffix}"

    def role_arn(self, name: str) -> str:
        return f"arn:{self.partition}:iam::{self.account}:role/{name}"

    def secret_arn(self, name: str) -> str:
        """The ARN of the secret with this name, whatever six characters AWS adds to it."""
        return f"arn:{self.partition}:secretsmanager:{self.region}:{self.account}:secret:{name}{ANY_SUFFIX}"


def home_of(secret_arn: str) -> Home:
    partition, region, account, _ = _parts(secret_arn)
    return Home(partition, region, account)


def partition_of(region: str) -> str:
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def any_suffix(secret_arn: str) -> str:
    """The ARN with `-??????` in place of the six characters that AWS adds to a secret's name.

    A secret that is deleted and made again has other characters: an exact ARN would lock its readers out. No other
    secret's name can match, because its ARN ends in a hyphen and six characters of its own.
    """
    *home, name = _parts(secret_arn)
    return Home(*home).secret_arn(name)


def _parts(secret_arn: str) -> tuple[str, str, str, str]:
    found = _SECRET_ARN.fullmatch(secret_arn)
    if found is None:
        raise ValueError(f"{secret_arn!r} is not a secret's full ARN, which ends in a hyphen and six characters")
    return found[1], found[2], found[3], found[4]


def reader_policy(
    secret_arns: Sequence[str],
    *,
    kms_key_arn: str | None = None,
    cache_arn: str | None = None,
    cache_user_arn: str | None = None,
) -> str:
    """What an application may do: read exactly these secrets, and log in to its cache with IAM where it does so.

    The key may be used through Secrets Manager, in its own region, for these secrets alone: a direct `kms:Decrypt` is
    not allowed. Listing, writing and the older versions' management are not either.
    """
    secrets = [any_suffix(arn) for arn in dict.fromkeys(secret_arns)]
    statements: list[Statement] = [
        {
            "Sid": "ReadSecrets",
            "Effect": "Allow",
            "Action": READ_ACTIONS,
            "Resource": _one_or_many(secrets),
        }
    ]
    if kms_key_arn is not None:
        statements.append(
            {
                "Sid": "DecryptThroughSecretsManager",
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                "Resource": kms_key_arn,
                "Condition": {
                    "StringEquals": {"kms:ViaService": home_of(secret_arns[0]).secrets_manager},
                    "StringLike": {"kms:EncryptionContext:SecretARN": _one_or_many(secrets)},
                },
            }
        )
    if cache_arn is not None and cache_user_arn is not None:
        statements.append(
            {
                "Sid": "LogInToCache",
                "Effect": "Allow",
                "Action": "elasticache:Connect",
                "Resource": [cache_arn, cache_user_arn],
            }
        )
    return _document(statements)


def secret_resource_policy(
    home: Home | None = None,
    *,
    allowed_principals: Sequence[str] = (),
    allowed_roles: Sequence[str] = (),
    cross_account_readers: Sequence[str] = (),
) -> str:
    """Who may use one secret, whatever their own policies allow.

    Every call without TLS is denied. With `allowed_principals`, nobody but they, the roles of this account named in
    `allowed_roles` and the readers of other accounts read the value, an administrator included; the deploying role must
    be among them, because Pulumi reads the value back on every refresh. `home` is needed for `allowed_roles`. The denial covers reading only: the account can
    always repair the policy. `cross_account_readers` are let in here, by the key's policy, and by a policy of their own
    account.
    """
    statements: list[Statement] = [
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "secretsmanager:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    if allowed_principals:
        # A role's name is unique in its account whatever its path is, so both spellings mean one role.
        by_name = [home.role_arn(f"{path}{role}") for role in allowed_roles for path in ("", "*/")] if home else []
        named = list(dict.fromkeys([*allowed_principals, *by_name, *cross_account_readers]))
        statements.append(
            {
                "Sid": "DenyAllButNamedPrincipals",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": "*",
                "Condition": {"ArnNotLike": {"aws:PrincipalArn": _one_or_many(named)}},
            }
        )
    if cross_account_readers:
        statements.append(
            {
                "Sid": "AllowCrossAccountReaders",
                "Effect": "Allow",
                "Principal": {"AWS": _one_or_many(cross_account_readers)},
                "Action": READ_ACTIONS,
                "Resource": "*",
            }
        )
    return _document(statements)


def key_policy(home: Home, *, secret_names: Sequence[str], cross_account_readers: Sequence[str] = ()) -> str:
    """Who may use the key. The account decides by its own policies, so that the key can never lock its owner out;
    readers of other accounts decrypt through Secrets Manager, and only secrets whose names match."""
    statements: list[Statement] = [
        {
            "Sid": "AccountDecides",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{home.partition}:iam::{home.account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if cross_account_readers:
        secrets = [home.secret_arn(name) for name in secret_names]
        statements.append(
            {
                "Sid": "CrossAccountReadersDecryptThroughSecretsManager",
                "Effect": "Allow",
                "Principal": {"AWS": _one_or_many(cross_account_readers)},
                "Action": "kms:Decrypt",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": home.secrets_manager},
                    "StringLike": {"kms:EncryptionContext:SecretARN": _one_or_many(secrets)},
                },
            }
        )
    return _document(statements)


def ecs_trust(home: Home) -> str:
    """ECS tasks of this account and region: as task role, or as execution role that injects secrets.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    """
    return _trust(
        {"Service": "ecs-tasks.amazonaws.com"},
        condition={
            "StringEquals": {"aws:SourceAccount": home.account},
            "ArnLike": {"aws:SourceArn": f"arn:{home.partition}:ecs:{home.region}:{home.account}:*"},
        },
    )


def lambda_trust() -> str:
    return _trust({"Service": "lambda.amazonaws.com"})


def pod_identity_trust(home: Home, *, cluster: str, namespace: str, service_account: str) -> str:
    """Pods of one service account of one EKS cluster, through EKS Pod Identity.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
    """
    return _trust(
        {"Service": "pods.eks.amazonaws.com"},
        actions=["sts:AssumeRole", "sts:TagSession"],
        condition={
            "StringEquals": {
                "aws:SourceAccount": home.account,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": service_account,
            },
            "ArnEquals": {"aws:SourceArn": f"arn:{home.partition}:eks:{home.region}:{home.account}:cluster/{cluster}"},
        },
    )


def irsa_trust(*, oidc_provider_arn: str, namespace: str, service_account: str) -> str:
    """Pods of one service account, through the cluster's own OpenID Connect provider (IRSA).

    Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    _, separator, issuer = oidc_provider_arn.partition(":oidc-provider/")
    if not separator or not issuer:
        raise ValueError("oidc_provider_arn must read arn:aws:iam::<account>:oidc-provider/<issuer>")
    return _trust(
        {"Federated": oidc_provider_arn},
        actions=["sts:AssumeRoleWithWebIdentity"],
        condition={
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": f"system:serviceaccount:{namespace}:{service_account}",
            }
        },
    )


def _trust(
    principal: dict[str, str], *, actions: Sequence[str] = ("sts:AssumeRole",), condition: dict[str, Any] | None = None
) -> str:
    statement: Statement = {"Effect": "Allow", "Principal": principal, "Action": _one_or_many(actions)}
    if condition:
        statement["Condition"] = condition
    return _document([statement])


def _document(statements: Sequence[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
