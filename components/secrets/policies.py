"""IAM policies of this room, as pure functions from names to documents.

The documents are plain data in the order that AWS reads them back, so that a plan shows no difference where there is
none. Sources: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html,
https://docs.aws.amazon.com/kms/latest/developerguide/services-secrets-manager.html.
"""

import json
from collections.abc import Sequence
from typing import Any

Statement = dict[str, Any]
READ_ACTIONS = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]


def policy_document(statements: Sequence[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def secret_resource_policy(allowed_principals: Sequence[str] = (), cross_account_readers: Sequence[str] = ()) -> str:
    """Who may use one secret, whatever their own policies allow.

    Every call without TLS is denied. With `allowed_principals`, nobody else reads the value, an administrator of the
    account included; the deploying role must be among them, because Pulumi reads the value back on every refresh. The
    denial covers reading only: the account can always repair the policy. `cross_account_readers` are let in here as
    well as by the key's policy, and by a policy of their own account.
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
        statements.append(
            {
                "Sid": "DenyAllButNamedPrincipals",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": "*",
                "Condition": {
                    "ArnNotEquals": {"aws:PrincipalArn": _once([*allowed_principals, *cross_account_readers])}
                },
            }
        )
    if cross_account_readers:
        statements.append(
            {
                "Sid": "AllowCrossAccountReaders",
                "Effect": "Allow",
                "Principal": {"AWS": _one_or_many(_once(cross_account_readers))},
                "Action": READ_ACTIONS,
                "Resource": "*",
            }
        )
    return policy_document(statements)


def _once(arns: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(arns))


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    """AWS gives a list of one back as a string: written that way, a plan shows no difference."""
    return values[0] if len(values) == 1 else list(values)
