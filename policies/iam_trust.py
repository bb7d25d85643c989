"""IAM: who may take on roles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .framework.documents import statements
from .framework.policy import Settings, resource_policy, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .resource_types import ATLAS_ACCESS_AUTHORIZATION, IAM_ROLE


@resource_policy("iam-trusted-principals", IAM_ROLE, severity="critical", enforcement="always")
@words(
    title="A role says exactly who may take it on.",
    rationale="A wildcard is every AWS account; an account's root is everybody in it.",
    remedy="Name roles or services, or add a condition.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
def trusted_principals(role: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(role, "assumeRolePolicy"):
        if statement.public():
            yield "Everybody may take it on."
        elif statement.allows and not statement.restricted():
            named = [value for kind, value in statement.principals if kind == "AWS"]
            if any(re.fullmatch(r"\d{12}|.*:root", value) for value in named):
                yield "Everybody whom IAM of a whole account allows may take it on."


@resource_policy("iam-trusted-services", IAM_ROLE, severity="medium", enforcement="beyond-development")
@words(
    title="A service takes on a role for this account only.",
    rationale="A service acts for whoever asks it: without a condition also for another account (the confused deputy).",
    remedy="Add a condition on aws:SourceAccount or aws:SourceArn.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
)
def trusted_services(role: Resource, settings: Settings) -> Iterator[str]:
    known = set(table("iam")["servicesWithoutSource"])
    for statement in statements(role, "assumeRolePolicy"):
        services = [value for kind, value in statement.principals if kind == "Service" and value not in known]
        if statement.allows and services and not statement.restricted():
            yield f"{services[0]} takes it on for any account."


@resource_policy("iam-trusted-web-identities", IAM_ROLE, severity="critical", enforcement="always")
@words(
    title="A role that web identities take on names the subject.",
    rationale="Otherwise every repository, pod or user of the provider may take it on.",
    remedy="Add a condition on the provider's :sub and :aud.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
)
def trusted_web_identities(role: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(role, "assumeRolePolicy"):
        providers = [value for kind, value in statement.principals if kind == "Federated"]
        if not statement.allows or not providers or not statement.may("sts:AssumeRoleWithWebIdentity"):
            continue
        subjects = [values for _, key, values in statement.conditions if key.endswith(":sub")]
        if not subjects:
            yield "Every identity of the provider may take it on: no condition names the subject."
        elif any(_any_subject(value) for values in subjects for value in values):
            yield "Its condition on the subject fits everybody."


def _any_subject(value: str) -> bool:
    return re.fullmatch(r"(repo:)?\*(/\*)?(:.*)?|system:serviceaccount:\*.*", value) is not None


@stack_policy("atlas-trust-external-id", severity="high", enforcement="always")
@words(
    title="The role that Atlas takes on is for this project only.",
    rationale="Atlas takes on roles for all its customers from one account.",
    remedy="Add a condition on sts:ExternalId with the project's external id.",
    source="https://www.mongodb.com/docs/atlas/security/set-up-unified-aws-access/",
)
def trust_external_id(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for authorization in stack.of(ATLAS_ACCESS_AUTHORIZATION):
        for role in stack.behind(authorization, "aws"):
            if role.type != IAM_ROLE:
                continue
            for statement in statements(role, "assumeRolePolicy"):
                if statement.allows and "sts:externalid" not in statement.condition_keys():
                    yield role, "Atlas may take it on for any of its customers: no condition names the external id."
