"""A secret that another account may read: that takes a key of its own, and both policies must name the reader."""

import pulumi

from dolmen.components.secrets.generated import GeneratedSecret
from dolmen.components.secrets.key import SecretsKey
from dolmen.components.secrets.reader import SecretReader

config = pulumi.Config()
readers = [config.require("otherAccountsRole")]
key = SecretsKey(
    "exchange",
    {
        "alias": "exchange-secrets",
        "region": pulumi.Config("aws").require("region"),
        "secret_names": ["exchange/signing-key"],
        "cross_account_readers": readers,
        "protect_data": True,
    },
)
secret = GeneratedSecret(
    "signing-key",
    {
        "application": "exchange",
        "label": "signing-key",
        "length": 64,
        "kms_key_id": key.key_arn,
        "cross_account_readers": readers,
        "protect_data": True,
    },
)
SecretReader(
    "exchange-reader",
    {
        "application": "exchange",
        "secret_arns": [secret.arn],
        "kms_key_arn": key.key_arn,
        "trust": "eks-pod-identity",
        "eks_cluster": config.require("eksCluster"),
        "namespace": "exchange",
        "service_account": "exchange",
    },
)
pulumi.export("secretArn", secret.arn)
