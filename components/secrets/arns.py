"""Where secrets live, and what their ARNs say of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from ..keys import partition_of

ANY_SUFFIX = "-??????"
_SECRET_ARN = re.compile(r"arn:([^:]+):secretsmanager:([^:]+):(.+):secret:(.+)-(?:[A-Za-z0-9]{6}|\?{6})")
"""The account may be anything: before the first deployment it may not be known."""


@dataclass(frozen=True)
class Home:
    """Where the secrets live: what an ARN says before its name."""

    partition: str
    region: str
    account: str

    def with_regions(self, regions: Iterable[str]) -> list["Home"]:
        """This home, and the same account in other regions."""
        return [self, *(Home(self.partition, region, self.account) for region in regions)]

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


def own_home(region: pulumi.Input[str], parent: pulumi.Resource | None) -> pulumi.Output[Home]:
    """Asks AWS for the account, through the parent's provider, or the default one."""
    caller = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent))
    return pulumi.Output.all(account=caller.account_id, region=region).apply(
        lambda known: Home(partition_of(known["region"]), known["region"], known["account"])
    )


def home_of(secret_arn: str) -> Home:
    partition, region, account, _ = _parts(secret_arn)
    return Home(partition, region, account)


def is_full_arn(secret_arn: str) -> bool:
    """Whether the ARN ends in the six characters that AWS adds to a secret's name, or in wildcards for them."""
    return _SECRET_ARN.fullmatch(secret_arn) is not None


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
