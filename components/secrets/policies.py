"""IAM policies of this room, as pure functions from names to documents.

Sources: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html,
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html,
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html.
"""

from collections.abc import Mapping, Sequence

from ..policy_document import OneOrMany, Statement, one_or_many, policy_document
from .arns import Home, any_suffix, home_of

READ_ACTIONS = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]


def reader_policy(
    secret_arns: Sequence[str],
    *,
    kms_key_arn: str | None = None,
    replica_key_arns: Sequence[str] = (),
    cache_arn: str | None = None,
    cache_user_arn: str | None = None,
) -> str:
    """What an application may do: read exactly these secrets, and log in to its cache with IAM where it does so.

    A key may be used through Secrets Manager, in the secrets' regions, for these secrets alone: a direct `kms:Decrypt` is
    not allowed. Listing, writing and the older versions' management are not either.
    """
    secrets = [any_suffix(arn) for arn in dict.fromkeys(secret_arns)]
    statements: list[Statement] = [
        {"Sid": "ReadSecrets", "Effect": "Allow", "Action": READ_ACTIONS, "Resource": one_or_many(secrets)}
    ]
    keys = [*([] if kms_key_arn is None else [kms_key_arn]), *dict.fromkeys(replica_key_arns)]
    services = list(dict.fromkeys(home_of(arn).secrets_manager for arn in secrets))
    if keys:
        statements.append(
            {
                "Sid": "DecryptThroughSecretsManager",
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                "Resource": one_or_many(keys),
                "Condition": {
                    "StringEquals": {"kms:ViaService": one_or_many(services)},
                    "StringLike": {"kms:EncryptionContext:SecretARN": one_or_many(secrets)},
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
    return policy_document(*statements)


def secret_resource_policy(
    home: Home | None = None,
    *,
    only_principals: Sequence[str] = (),
    reader_roles: Sequence[str] = (),
    cross_account_readers: Sequence[str] = (),
) -> str:
    """Who may use one secret, whatever their own policies allow.

    Every call without TLS is denied. With `only_principals`, nobody but they, the roles of this account named in
    `reader_roles` (which needs `home`) and the readers of other accounts read the value, an administrator included; the
    deploying role must be among them, because Pulumi reads the value back on every refresh. The denial covers reading
    only: the account can always repair the policy. `cross_account_readers` are let in here, by the key's policy, and by a policy of their own
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
    if only_principals:
        # A role's name is unique in its account whatever its path is, so both spellings mean one role.
        by_name = [home.role_arn(f"{path}{role}") for role in reader_roles for path in ("", "*/")] if home else []
        named = list(dict.fromkeys([*only_principals, *by_name, *cross_account_readers]))
        statements.append(
            {
                "Sid": "DenyAllButNamedPrincipals",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": "*",
                "Condition": {"ArnNotLike": {"aws:PrincipalArn": one_or_many(named)}},
            }
        )
    if cross_account_readers:
        statements.append(
            {
                "Sid": "AllowCrossAccountReaders",
                "Effect": "Allow",
                "Principal": {"AWS": one_or_many(cross_account_readers)},
                "Action": READ_ACTIONS,
                "Resource": "*",
            }
        )
    return policy_document(*statements)


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
                "Principal": {"AWS": one_or_many(cross_account_readers)},
                "Action": "kms:Decrypt",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": home.secrets_manager},
                    "StringLike": {"kms:EncryptionContext:SecretARN": one_or_many(secrets)},
                },
            }
        )
    return policy_document(*statements)


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
    principal: dict[str, str],
    *,
    actions: Sequence[str] = ("sts:AssumeRole",),
    condition: Mapping[str, Mapping[str, OneOrMany]] | None = None,
) -> str:
    statement: Statement = {"Effect": "Allow", "Principal": principal, "Action": one_or_many(actions)}
    if condition:
        statement["Condition"] = condition
    return policy_document(statement)
