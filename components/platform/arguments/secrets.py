"""From the stack's configuration to the arguments of the secrets' components. Pure: no Pulumi, no I/O."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from dolmen.appenv.definition import definition
from dolmen.appenv.sources import template

from ..model.secrets import Reader
from ..model.stack import StackConfig


class GeneratedValueArguments(TypedDict):
    length: int
    generation: int


class ReaderArguments(TypedDict):
    reader_attach_to_role: NotRequired[str]
    reader_trust: NotRequired[str]
    reader_eks_cluster: NotRequired[str]
    reader_oidc_provider_arn: NotRequired[str]
    reader_namespace: NotRequired[str]
    reader_service_account: NotRequired[str]
    reader_permissions_boundary: NotRequired[str]


class ApplicationSecretsArguments(ReaderArguments):
    """The arguments of `ApplicationSecrets` that the configuration knows; logins and endpoints are outputs of other
    components, and given values come from the engine (`given_secrets`)."""

    application: str
    platform: str
    region: str
    name_prefix: str
    mongo_database: str
    mongo_pool_size: int
    jwt_generation: int
    jwt_active: int
    generated: dict[str, GeneratedValueArguments]
    own_key_deletion_window_days: NotRequired[int]
    kms_key_id: NotRequired[str]
    recovery_window_days: int
    allowed_principals: list[str]
    cross_account_readers: list[str]
    contract: dict[str, dict[str, str]]
    protect_data: bool
    tags: dict[str, str]


def application_secrets(stack: StackConfig, name: str) -> ApplicationSecretsArguments:
    application = stack.applications[name]
    secrets = application.secrets
    arguments: ApplicationSecretsArguments = {
        "application": name,
        "platform": stack.name,
        "region": stack.region,
        "name_prefix": secrets.name_prefix,
        "mongo_database": application.database,
        "mongo_pool_size": application.pool_size,
        "jwt_generation": application.jwt_keys.generation,
        "jwt_active": application.jwt_keys.active,
        "generated": {
            label: {"length": further.generated.length, "generation": further.generated.generation}
            for label, further in secrets.further.items()
            if further.generated is not None
        },
        "recovery_window_days": secrets.recovery_window_days,
        "allowed_principals": list(secrets.only_principals),
        "cross_account_readers": list(secrets.cross_account_readers),
        "contract": template(
            definition(),
            mongo_pool_size=application.pool_size,
            cache_login_with_iam=application.cache_authentication == "iam",
        ),
        "protect_data": stack.production,
        "tags": dict(stack.tags),
        **_reader(application.reader),
    }
    if secrets.own_key is not None:
        arguments["own_key_deletion_window_days"] = secrets.own_key.deletion_window_days
    if secrets.existing_key is not None:
        arguments["kms_key_id"] = secrets.existing_key
    return arguments


def given_secrets(stack: StackConfig, name: str) -> dict[str, str]:
    """The application's given secrets: name → the secret configuration key that holds the value."""
    further = stack.applications[name].secrets.further
    return {label: secret.given for label, secret in further.items() if secret.given is not None}


def _reader(reader: Reader | None) -> ReaderArguments:
    arguments: ReaderArguments = {}
    if reader is None:
        return arguments
    if reader.attach_to_role is not None:
        arguments["reader_attach_to_role"] = reader.attach_to_role
    elif reader.ecs_tasks is not None:
        arguments["reader_trust"] = "ecs"
    elif reader.lambda_function is not None:
        arguments["reader_trust"] = "lambda"
    elif reader.eks_pod_identity is not None:
        arguments["reader_trust"] = "eks-pod-identity"
        arguments["reader_eks_cluster"] = reader.eks_pod_identity.cluster
        arguments["reader_namespace"] = reader.eks_pod_identity.namespace
        arguments["reader_service_account"] = reader.eks_pod_identity.service_account
    elif reader.irsa is not None:
        arguments["reader_trust"] = "irsa"
        arguments["reader_oidc_provider_arn"] = reader.irsa.oidc_provider_arn
        arguments["reader_namespace"] = reader.irsa.namespace
        arguments["reader_service_account"] = reader.irsa.service_account
    if reader.permissions_boundary is not None:
        arguments["reader_permissions_boundary"] = reader.permissions_boundary
    return arguments
