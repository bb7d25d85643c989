"""IAM: what identities may do, and who may take on roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from .framework.documents import Statement, statements, wildcard
from .framework.resources import Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .framework.values import View
from .types import (
    ATLAS_ACCESS_AUTHORIZATION,
    IAM_ACCESS_KEY,
    IAM_GROUP_ATTACHMENT,
    IAM_POLICY_ATTACHMENT,
    IAM_ROLE,
    IAM_ROLE_ATTACHMENT,
    IAM_USER,
    IAM_USER_ATTACHMENT,
    IAM_USER_POLICY,
    IDENTITY_POLICIES,
)

ATTACHMENTS = (IAM_ROLE_ATTACHMENT, IAM_POLICY_ATTACHMENT, IAM_USER_ATTACHMENT, IAM_GROUP_ATTACHMENT)


def granted(resource: Resource) -> Iterator[Statement]:
    """What an identity's policy allows; a role's inline policies too."""
    views: list[View] = resource.views("inlinePolicies") if resource.type == IAM_ROLE else [resource]
    for view in views:
        yield from (one for one in statements(view, "policy") if one.allows)


def everywhere(statement: Statement) -> bool:
    return bool(statement.not_resources) or any(wildcard(resource) for resource in statement.resources)


@resource_rule("iam-no-admin", *IDENTITY_POLICIES)
def no_admin(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        if statement.not_actions:
            yield "It allows everything but what NotAction names."
        elif any(set(action) <= {"*", "?", ":"} for action in statement.actions):
            yield "It allows every action."


@resource_rule("iam-no-service-wildcard", *IDENTITY_POLICIES)
def no_service_wildcard(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        for action in statement.actions:
            service, _, name = action.partition(":")
            if name and set(name) <= {"*", "?"} and "*" not in service:
                yield f"It allows every action of {service}."


@resource_rule("iam-no-wildcard-resource", *IDENTITY_POLICIES)
def no_wildcard_resource(resource: Resource, settings: Settings) -> Iterator[str]:
    """Actions that AWS cannot restrict to a resource are left out."""
    unrestricted = [pattern.lower() for pattern in settings.tables("iam")["withoutResource"]]
    for statement in granted(resource):
        if not everywhere(statement) or statement.restricted():
            continue
        for action in statement.actions:
            if not any(fnmatchcase(action.lower(), pattern) for pattern in unrestricted) and ":" in action:
                yield f"It allows {action} on everything."
                break


@resource_rule("iam-no-privilege-escalation", *IDENTITY_POLICIES)
def no_privilege_escalation(resource: Resource, settings: Settings) -> Iterator[str]:
    """Actions with which an identity gives itself other rights: on every resource, or on policies and roles at all."""
    table = settings.tables("iam")
    for statement in granted(resource):
        for action in table["escalation"]:
            if statement.may(action) and not statement.not_actions:
                yield f"With {action} it can give itself other rights."
                break
        for action in table["escalationEverywhere"]:
            if statement.may(action) and everywhere(statement) and not statement.not_actions:
                yield f"With {action} on everything it can take on other rights."
                break


@resource_rule("iam-no-secrets-of-others", *IDENTITY_POLICIES)
def no_secrets_of_others(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        for action in ("secretsmanager:GetSecretValue", "kms:Decrypt", "ssm:GetParameter", "elasticache:Connect"):
            if statement.may(action) and everywhere(statement) and not statement.restricted():
                yield f"It allows {action} on everything: also what belongs to other applications."


@resource_rule("iam-trusted-principals", IAM_ROLE)
def trusted_principals(role: Resource, settings: Settings) -> Iterator[str]:
    for statement in statements(role, "assumeRolePolicy"):
        if statement.public():
            yield "Everybody may take it on."
        elif statement.allows and not statement.restricted():
            accounts = [
                value
                for kind, value in statement.principals
                if kind == "AWS" and (re.fullmatch(r"\d{12}", value) or value.endswith(":root"))
            ]
            if accounts:
                yield "Everybody whom IAM of a whole account allows may take it on."


@resource_rule("iam-trusted-services", IAM_ROLE)
def trusted_services(role: Resource, settings: Settings) -> Iterator[str]:
    """A service acts for whoever asks it, in any account, unless a condition names the account."""
    exempt = set(settings.tables("iam")["servicesWithoutSource"])
    for statement in statements(role, "assumeRolePolicy"):
        services = [value for kind, value in statement.principals if kind == "Service" and value not in exempt]
        if statement.allows and services and not statement.restricted():
            yield f"{services[0]} takes it on for any account."


@resource_rule("iam-trusted-web-identities", IAM_ROLE)
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


@stack_rule("atlas-trust-external-id")
def trust_external_id(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """Atlas takes on roles for all its customers: only the external id says that it is for this project."""
    for authorization in stack.of(ATLAS_ACCESS_AUTHORIZATION):
        for role in stack.behind(authorization, "aws"):
            if role.type != IAM_ROLE:
                continue
            for statement in statements(role, "assumeRolePolicy"):
                if statement.allows and "sts:externalid" not in statement.condition_keys():
                    yield role, "Atlas may take it on for any of its customers: no condition names the external id."


@resource_rule("iam-no-managed-admin", *ATTACHMENTS, IAM_ROLE, IAM_USER)
def no_managed_admin(resource: Resource, settings: Settings) -> Iterator[str]:
    patterns = settings.tables("iam")["broadManagedPolicies"]
    given = [resource.known("policyArn")] if resource.type in ATTACHMENTS else resource.texts("managedPolicyArns")
    for arn in (*given, resource.known("permissionsBoundary")):
        name = arn.rpartition("/")[2]
        if ":aws:policy/" in arn and any(fnmatchcase(name, pattern) for pattern in patterns):
            yield f"{name} allows far more than any application needs."


@resource_rule("iam-no-users", IAM_USER, IAM_ACCESS_KEY)
def no_users(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type == IAM_ACCESS_KEY:
        yield "An access key is valid until somebody deletes it."
    else:
        yield "A user has credentials that never end."


@resource_rule("iam-policies-on-roles", IAM_USER_POLICY, IAM_USER_ATTACHMENT, IAM_POLICY_ATTACHMENT)
def policies_on_roles(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type != IAM_POLICY_ATTACHMENT or resource.given("users"):
        yield "The rights hang on one user."
