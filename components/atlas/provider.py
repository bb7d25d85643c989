"""The provider that talks to Atlas, and where its key comes from."""

import json
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

ATLAS = "https://cloud.mongodb.com/"


def atlas_provider(
    name: str, *, aws_secret: str | None, opts: pulumi.ResourceOptions | None = None
) -> mongodbatlas.Provider:
    """A provider with the service account in an AWS secret (JSON: `client_id`, `client_secret` and, for a test,
    `base_url`), or from the environment where `aws_secret` is `None`.

    The secret is read with the AWS provider, under the deploying role, whatever way that role has its own credentials.
    The Atlas provider's `secret_name` does not serve: it is ignored without `assume_role`, and with it the provider
    demands static AWS keys among its own settings, which would then stand in the state.
    https://github.com/mongodb/terraform-provider-mongodbatlas/issues/3889 and /4252

    The provider does not know that `client_secret` is secret; here it is made so. The URL always comes from the same
    place as the key: a key from one and a URL from the other would reach the real Atlas.
    """
    if aws_secret is None:
        return mongodbatlas.Provider(name, opts=opts)
    version = aws.secretsmanager.get_secret_version_output(
        secret_id=aws_secret, opts=pulumi.InvokeOutputOptions(parent=opts.parent if opts else None)
    )
    found = pulumi.Output.secret(version.secret_string).apply(lambda text: _service_account(aws_secret, text))
    return mongodbatlas.Provider(
        name,
        client_id=found.apply(lambda account: account["client_id"]),
        client_secret=pulumi.Output.secret(found.apply(lambda account: account["client_secret"])),
        base_url=found.apply(lambda account: account["base_url"]),
        opts=opts,
    )


def _service_account(secret: str, text: str) -> dict[str, str]:
    """Raises without a word of the secret's value."""
    if pulumi.runtime.is_dry_run() and not text.lstrip().startswith("{"):
        # A plan without credentials has something in place of the value; it is passed on.
        return {"client_id": text, "client_secret": text, "base_url": ATLAS}
    try:
        value: Any = json.loads(text)
    except ValueError:
        value = None
    account = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    if not all(isinstance(account.get(key), str) and account[key] for key in ("client_id", "client_secret")):
        raise pulumi.RunError(
            f"The AWS secret {secret} does not hold a service account of Atlas. "
            'It reads {"client_id": "mdb_sa_id_…", "client_secret": "mdb_sa_sk_…"}.'
        )
    return {
        "client_id": account["client_id"],
        "client_secret": account["client_secret"],
        "base_url": str(account.get("base_url") or ATLAS),
    }
