"""A secret that another account may read: that takes a key of its own, and both policies must name the reader."""

import pulumi

from dolmen.components.keys import EncryptionKey
from dolmen.components.secrets import GeneratedSecret, SecretReader, secrets_key_policy

config = pulumi.Config()
readers = [config.require("otherAccountsRole")]
key = EncryptionKey(
    "exchange-key",
    {
        "alias": "alias/partners/exchange/secrets",
        "description": "Secrets of exchange",
        "policy": secrets_key_policy(
            region=pulumi.Config("aws").require("region"),
            secret_names=["partners/exchange/signing-key"],
            cross_account_readers=readers,
        ),
        "protect_data": True,
    },
)
secret = GeneratedSecret(
    "signing-key",
    {
        "platform": "partners",
        "application": "exchange",
        "label": "signing-key",
        "length": 64,
        "kms_key_arn": key.key_arn,
        "cross_account_readers": readers,
        "protect_data": True,
    },
)
SecretReader(
    "exchange-reader",
    {
        "platform": "partners",
        "application": "exchange",
        "secret_arns": [secret.arn],
        "kms_key_arn": key.key_arn,
        "eks_pod_identity": {
            "cluster": config.require("eksCluster"),
            "namespace": "exchange",
            "service_account": "exchange",
        },
    },
)
pulumi.export("secretArn", secret.arn)
