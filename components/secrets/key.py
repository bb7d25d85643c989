"""Who may use a key that encrypts secrets."""

from collections.abc import Sequence

import pulumi

from .arns import own_home
from .policies import key_policy


def secrets_key_policy(
    *,
    region: pulumi.Input[str],
    secret_names: Sequence[str],
    cross_account_readers: Sequence[str],
    parent: pulumi.Resource | None = None,
) -> pulumi.Output[str]:
    """The policy of an `EncryptionKey` for secrets, which readers in other accounts are allowed to use.

    `aws/secretsmanager`, the key that secrets have otherwise, cannot be used from other accounts. Asks AWS for the
    account, through the parent's provider."""
    return own_home(region, parent).apply(
        lambda home: key_policy(home, secret_names=secret_names, cross_account_readers=cross_account_readers)
    )
