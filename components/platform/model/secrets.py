"""An application's secrets in AWS Secrets Manager, and who may read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from dolmen.stackfile import Problem

from .base import Section, broken

OWN_LABELS = ("database", "database-operations", "database-read-only", "jwt-secrets")
"""Secrets that the platform makes for an application."""
SHORTEST_GENERATED = 43
"""Letters and digits that hold 256 bits of chance: 43 × log2(62) = 256.0."""


def _arn(pattern: str, what: str, example: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise broken(f"This is not the ARN of {what}.", f"Write it in full, without wildcards: {example}.")
        return value

    return AfterValidator(check)


def _label(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", value) or len(value) > 40:
        raise broken(
            "A secret's name has lower-case letters, digits and single hyphens, begins with a letter, and has at most 40 "
            "characters.",
            "Write a name such as webhook-key.",
        )
    if value in OWN_LABELS:
        raise broken(f"`{value}` is a secret that the platform makes itself.", "Choose another name.")
    return value


def _prefix(value: str) -> str:
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html"""
    if value and not re.fullmatch(r"([A-Za-z0-9_+=.@-]+/)+", value):
        raise broken(
            "A prefix is made of names with letters, digits and _ + = . @ -, and each ends with a slash.",
            "Write a prefix such as staging/.",
        )
    if len(value) > 100:
        raise broken("A prefix has at most 100 characters.", "Shorten it.")
    return value


def _config_key(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", value):
        raise broken(
            "This names a key of the stack's configuration, not the secret's value.",
            "Write a key such as stripeKey, and set it with `pulumi config set --secret dolmen:stripeKey`.",
        )
    return value


def _role_name(value: str) -> str:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""
    if not re.fullmatch(r"[\w+=,.@-]{1,64}", value, re.ASCII):
        raise broken(
            "A role's name has 1 to 64 letters, digits and _ + = , . @ -.",
            "Write the name alone, not the ARN: chat-app-task.",
        )
    return value


def _kubernetes_name(value: str) -> str:
    """https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", value):
        raise broken(
            "A Kubernetes name has lower-case letters, digits, hyphens and dots, and begins and ends with a letter or digit.",
            "Copy it from `kubectl get serviceaccounts --all-namespaces`.",
        )
    return value


PrincipalArn = Annotated[
    str,
    _arn(
        r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+",
        "an IAM role or user",
        "arn:aws:iam::123456789012:role/chat-app-task",
    ),
]
KeyArn = Annotated[
    str,
    _arn(
        r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
        "a KMS key (an alias does not do: policies need the key)",
        "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
]
ProviderArn = Annotated[
    str,
    _arn(
        r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/[\w./-]+",
        "an OpenID Connect provider",
        "arn:aws:iam::123456789012:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
    ),
]
PolicyArn = Annotated[
    str,
    _arn(
        r"arn:aws[a-z-]*:iam::(aws|\d{12}):policy/[\w+=,.@/-]+",
        "an IAM policy",
        "arn:aws:iam::123456789012:policy/boundary",
    ),
]
SecretLabel = Annotated[str, AfterValidator(_label)]
KubernetesName = Annotated[str, AfterValidator(_kubernetes_name)]


class GeneratedValue(Section):
    """A random value of letters and digits that nobody chooses or sees."""

    length: Annotated[int, Field(ge=SHORTEST_GENERATED, le=4096)] = 48
    """Characters; 43 hold 256 bits of chance."""
    generation: Annotated[int, Field(ge=1)] = 1
    """Raise it by one for a new value, which replaces the old one at once."""


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


class OwnKey(Section):
    """A KMS key made for this application's secrets."""

    deletion_window_days: Annotated[int, Field(ge=7, le=30)] = 30
    """Days in which a deletion of the key can be undone."""


class Secrets(Section):
    """How the application's secrets are kept, and who may read them beside the reader."""

    name_prefix: Annotated[str, AfterValidator(_prefix)] = ""
    """Put before the names `<application>/database` and so on: needed where two environments share an account."""
    recovery_window_days: Annotated[int, Field(ge=0, le=30)] = 30
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once (not in production)."""
    own_key: OwnKey | None = None
    """Make a KMS key for these secrets. Without this or `existingKey`, AWS's own key for Secrets Manager encrypts them."""
    existing_key: KeyArn | None = None
    """The ARN of a KMS key that exists; its policy stays with its owner."""
    only_principals: tuple[PrincipalArn, ...] = ()
    """The only principals that may read the values, whatever other policies say. Name the deploying role too: Pulumi reads
    the values back on every refresh. Empty: no such limit."""
    cross_account_readers: tuple[PrincipalArn, ...] = ()
    """Principals of other accounts that may read these secrets. AWS's own key does not work across accounts."""
    further: Mapping[SecretLabel, FurtherSecret] = {}
    """More secrets `<application>/<name>`, generated or given."""

    def problems(self) -> Iterator[Problem]:
        if 0 < self.recovery_window_days < 7:
            yield Problem(
                ("recoveryWindowDays",),
                "Secrets Manager keeps a deleted secret for 7 to 30 days, or not at all.",
                "Write 7 or more, or 0 to delete at once.",
            )
        if self.own_key is not None and self.existing_key is not None:
            yield Problem(
                ("existingKey",),
                "One key encrypts the secrets: a new one or an existing one.",
                "Remove one of the two.",
            )
        if self.cross_account_readers and self.own_key is None and self.existing_key is None:
            yield Problem(
                ("crossAccountReaders",),
                "AWS's own key for Secrets Manager cannot be used from another account.",
                "Write ownKey: {}, or name an existingKey whose policy lets these readers decrypt.",
            )
        for key, arns in (
            ("onlyPrincipals", self.only_principals),
            ("crossAccountReaders", self.cross_account_readers),
        ):
            for index, arn in enumerate(arns):
                if arn in arns[:index]:
                    yield Problem((key, index), "This entry stands in the list twice.", "Remove one of the two.")


class EcsTasks(Section):
    """A role for ECS tasks of this account and region: as execution role (injected variables) and as task role."""


class EksPodIdentity(Section):
    """A role for the pods of one service account, through EKS Pod Identity."""

    cluster: Annotated[str, Field(min_length=1, max_length=100)]
    """The EKS cluster's name."""
    namespace: KubernetesName
    """The service account's namespace."""
    service_account: KubernetesName
    """The service account's name."""


class Irsa(Section):
    """A role for the pods of one service account, through the cluster's OpenID Connect provider."""

    oidc_provider_arn: ProviderArn
    """The ARN of the cluster's provider in IAM."""
    namespace: KubernetesName
    """The service account's namespace."""
    service_account: KubernetesName
    """The service account's name."""


class LambdaFunction(Section):
    """A role for a Lambda function in the VPC."""


class Reader(Section):
    """Who reads the secrets: exactly one of the five."""

    attach_to_role: Annotated[str, AfterValidator(_role_name)] | None = None
    """The name of a role that exists: it gets the right."""
    ecs_tasks: EcsTasks | None = None
    """Make a role for ECS tasks."""
    eks_pod_identity: EksPodIdentity | None = None
    """Make a role for EKS pods, through Pod Identity."""
    irsa: Irsa | None = None
    """Make a role for EKS pods, through the cluster's OpenID Connect provider."""
    lambda_function: LambdaFunction | None = None
    """Make a role for a Lambda function."""
    permissions_boundary: PolicyArn | None = None
    """The policy that bounds the role that is made."""

    def problems(self) -> Iterator[Problem]:
        choices = {
            "attachToRole": self.attach_to_role,
            "ecsTasks": self.ecs_tasks,
            "eksPodIdentity": self.eks_pod_identity,
            "irsa": self.irsa,
            "lambdaFunction": self.lambda_function,
        }
        chosen = [key for key, value in choices.items() if value is not None]
        if not chosen:
            yield Problem(
                (), f"A reader is one of {', '.join(choices)}.", "Write ecsTasks: {}, or attachToRole: <role>."
            )
        for extra in chosen[1:]:
            yield Problem(
                (extra,),
                f"A reader is one of {', '.join(choices)}; {chosen[0]} stands here already.",
                "Remove one of the two.",
            )
        if self.attach_to_role is not None and self.permissions_boundary is not None:
            yield Problem(
                ("permissionsBoundary",), "A role that exists keeps the boundary it has.", "Remove permissionsBoundary."
            )
