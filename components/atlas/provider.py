"""The provider that talks to Atlas, and where its key comes from."""

import json
import re
from collections.abc import Iterator
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import Problem, check, known

ATLAS = "https://cloud.mongodb.com/"


class AtlasProviderArgs(TypedDict):
    aws_secret: NotRequired[str | None]
    """Name or ARN of the AWS secret that holds the service account. Default: the environment does."""


def atlas_provider(
    name: str, args: AtlasProviderArgs, opts: pulumi.ResourceOptions | None = None
) -> mongodbatlas.Provider:
    """A provider with the service account in an AWS secret (JSON: `client_id`, `client_secret` and, for a test,
    `base_url`), or from the environment.

    The secret is read with the AWS provider, under the deploying role, whatever way that role has its own credentials.
    The Atlas provider's `secret_name` does not serve: it is ignored without `assume_role`, and with it the provider
    demands static AWS keys among its own settings, which would then stand in the state.
    https://github.com/mongodb/terraform-provider-mongodbatlas/issues/3889 and /4252

    The provider does not know that `client_secret` is secret; here it is made so. The URL always comes from the same
    place as the key: a key from one and a URL from the other would reach the real Atlas.
    """
    check(name, args, AtlasProviderArgs, problems(args))
    secret = args.get("aws_secret")
    if secret is None:
        return mongodbatlas.Provider(name, opts=opts)
    version = aws.secretsmanager.get_secret_version_output(
        secret_id=secret, opts=pulumi.InvokeOutputOptions(parent=opts.parent if opts else None)
    )
    found = pulumi.Output.secret(version.secret_string).apply(lambda text: _service_account(secret, text))
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
        account = json.loads(text)
    except ValueError:
        account = None
    if not isinstance(account, dict) or not all(
        isinstance(account.get(key), str) and account[key] for key in ("client_id", "client_secret")
    ):
        raise pulumi.RunError(
            f"The AWS secret {secret} does not hold a service account of Atlas. "
            'It reads {"client_id": "mdb_sa_id_…", "client_secret": "mdb_sa_sk_…"}.'
        )
    return {
        "client_id": account["client_id"],
        "client_secret": account["client_secret"],
        "base_url": str(account.get("base_url") or ATLAS),
    }


def problems(args: AtlasProviderArgs) -> Iterator[Problem]:
    """What is no name of a secret.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html"""
    secret = known(args.get("aws_secret"))
    if secret is None:
        return
    if re.match(r"(mdb_sa_|[a-z]{8}$|[0-9a-f]{8}-[0-9a-f]{4}-)", secret):
        yield Problem(
            ("aws_secret",),
            "This looks like the API key itself. Keys never stand in a stack file.",
            "Store it in AWS Secrets Manager and write the secret's name.",
        )
    elif not re.fullmatch(
        r"(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}", secret
    ):
        yield Problem(
            ("aws_secret",),
            "A secret's name has 1 to 512 letters, digits and / _ + = . @ -",
            "Write the name or the ARN of the secret, such as dolmen/atlas-api.",
        )
