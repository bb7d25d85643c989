"""Secrets in AWS Secrets Manager, and who may read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from dolmen.stackfile import Problem

from ...secrets import generated
from ...secrets.reader import EcsUse
from ...secrets.store import DEFAULT_RECOVERY_WINDOW_DAYS
from .base import Section, for_editors
from .key import KeyChoice
from .secret_value import SecretValue


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
    given: SecretValue | None = None
    """Where a value that somebody else chose is read from, such as `{awsSecret: ops/stripe, field: apiKey}`."""

    def problems(self) -> Iterator[Problem]:
        if self.generated is None and self.given is None:
            yield Problem(
                (), "A further secret is generated or given.", "Write generated: {}, or given: {awsSecret: …}."
            )
        if self.generated is not None and self.given is not None:
            yield Problem((), "A further secret is generated or given, not both.", "Remove one of the two.")


class ReplicaRegion(Section):
    """A copy of each secret in another region, with the same name, policy and tags."""

    kms_key_arn: str | None = None
    """The ARN of the key that encrypts it, one of that region. Default: AWS's own key there."""


class SecretStorage(Section):
    """How secrets are kept, and who may read them beside their readers."""

    name_prefix: str = ""
    """Put before the secrets' names, which begin with the platform's, such as `teams/chat/`."""
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


class Secrets(SecretStorage):
    """How the application's secrets are kept, and who may read them beside the reader."""

    further: Mapping[str, FurtherSecret] = {}
    """More secrets `<platform>/<application>/<name>`, generated or given."""


class EcsTasks(Section):
    """A role for ECS tasks of this account and region."""

    as_: Annotated[EcsUse, Field(alias="as")] = "task"
    """task (default): the application reads at run time, and the role has no right beside. execution: ECS injects the
    variables, and the role also pulls images and writes logs, as AWS's AmazonECSTaskExecutionRolePolicy allows."""


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
