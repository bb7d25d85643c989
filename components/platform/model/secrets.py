"""An application's secrets in AWS Secrets Manager, and who may read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator

from dolmen.stackfile import Problem

from ...secrets import generated
from ...secrets.store import DEFAULT_RECOVERY_WINDOW_DAYS
from .base import Section, broken, for_editors
from .key import KeyChoice


def _config_key(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", value):
        raise broken(
            "This names a key of the stack's configuration, not the secret's value.",
            "Write a key such as stripeKey, and set it with `pulumi config set --secret dolmen:stripeKey`.",
        )
    return value


class GeneratedValue(Section):
    """A random value of letters and digits that nobody chooses or sees."""

    length: Annotated[int | None, for_editors(minimum=generated.SHORTEST, maximum=generated.LONGEST)] = None
    """Characters, 43 to 4096; 43 hold 256 bits of chance. Default: 48."""
    generation: Annotated[int | None, for_editors(minimum=1)] = None
    """Raise it by one for a new value, which replaces the old one at once. Default: 1."""


class FurtherSecret(Section):
    """A secret beside the application's own: exactly one of `generated` and `given`."""

    generated: GeneratedValue | None = None
    """Make a random value."""
    given: Annotated[str, AfterValidator(_config_key)] | None = None
    """The secret configuration key that holds the value, without `dolmen:`. The value itself never stands here."""

    def problems(self) -> Iterator[Problem]:
        if self.generated is None and self.given is None:
            yield Problem(
                (), "A further secret is generated or given.", "Write generated: {}, or given: <configuration key>."
            )
        if self.generated is not None and self.given is not None:
            yield Problem((), "A further secret is generated or given, not both.", "Remove one of the two.")


class ReplicaRegion(Section):
    """A copy of each secret in another region, with the same name, policy and tags."""

    kms_key_arn: str | None = None
    """The ARN of the key that encrypts it, one of that region. Default: AWS's own key there."""


class Secrets(Section):
    """How the application's secrets are kept, and who may read them beside the reader."""

    name_prefix: str = ""
    """Put before the names `<platform>/<application>/database` and so on, such as `teams/chat/`."""
    recovery_window_days: Annotated[int, for_editors(minimum=0, maximum=30)] = DEFAULT_RECOVERY_WINDOW_DAYS
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once (not in production)."""
    encryption_key: KeyChoice | None = None
    """The KMS key that encrypts the secrets. Default: AWS's own key for Secrets Manager."""
    replicas: Mapping[str, ReplicaRegion] = {}
    """Regions with a copy of each secret, such as ap-northeast-1: {}. The reader may read the copies too."""
    only_principals: tuple[str, ...] = ()
    """The only principals that may read the values, whatever other policies say. Name the deploying role too: Pulumi reads
    the values back on every refresh. Empty: no such limit."""
    cross_account_readers: tuple[str, ...] = ()
    """Principals of other accounts that may read these secrets. AWS's own key does not work across accounts."""
    further: Mapping[str, FurtherSecret] = {}
    """More secrets `<platform>/<application>/<name>`, generated or given."""


class EcsTasks(Section):
    """A role for ECS tasks of this account and region: as execution role (injected variables) and as task role."""


class EksPodIdentity(Section):
    """A role for the pods of one service account, through EKS Pod Identity."""

    cluster: str
    """The EKS cluster's name."""
    namespace: str
    """The service account's namespace."""
    service_account: str
    """The service account's name."""


class Irsa(Section):
    """A role for the pods of one service account, through the cluster's OpenID Connect provider."""

    oidc_provider_arn: str
    """The ARN of the cluster's provider in IAM."""
    namespace: str
    """The service account's namespace."""
    service_account: str
    """The service account's name."""


class LambdaFunction(Section):
    """A role for a Lambda function in the VPC."""


class Reader(Section):
    """Who reads the secrets: exactly one of the five."""

    attach_to_role: str | None = None
    """The name of a role that exists: it gets the right."""
    ecs_tasks: EcsTasks | None = None
    """Make a role for ECS tasks."""
    eks_pod_identity: EksPodIdentity | None = None
    """Make a role for EKS pods, through Pod Identity."""
    irsa: Irsa | None = None
    """Make a role for EKS pods, through the cluster's OpenID Connect provider."""
    lambda_function: LambdaFunction | None = None
    """Make a role for a Lambda function."""
    permissions_boundary: str | None = None
    """The policy that bounds the role that is made."""
