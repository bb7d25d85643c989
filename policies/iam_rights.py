"""IAM: what identities may do."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from .framework.documents import Statement, statements, wildcard
from .framework.policy import Settings, resource_policy, words
from .framework.resources import Resource
from .framework.tables import table
from .resource_types import (
    IAM_ACCESS_KEY,
    IAM_ATTACHMENTS,
    IAM_POLICY_ATTACHMENT,
    IAM_ROLE,
    IAM_USER,
    IAM_USER_ATTACHMENT,
    IAM_USER_POLICY,
    IDENTITY_POLICIES,
)


def granted(resource: Resource) -> Iterator[Statement]:
    """What an identity's policy allows; a role's inline policies too."""
    for view in resource.views("inlinePolicies") if resource.type == IAM_ROLE else [resource]:
        yield from (one for one in statements(view, "policy") if one.allows)


def everywhere(statement: Statement) -> bool:
    return bool(statement.not_resources) or any(wildcard(resource) for resource in statement.resources)


@resource_policy("iam-no-admin", *IDENTITY_POLICIES, severity="critical", enforcement="always")
@words(
    title="No policy allows every action.",
    rationale="Whoever has it owns the account. NotAction allows whatever AWS adds tomorrow.",
    remedy="Name the actions that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
def no_admin(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        if statement.not_actions:
            yield "It allows everything but what NotAction names."
        elif any(set(action) <= {"*", "?", ":"} for action in statement.actions):
            yield "It allows every action."


@resource_policy("iam-no-service-wildcard", *IDENTITY_POLICIES, severity="high", enforcement="beyond-development")
@words(
    title="No policy allows every action of a service.",
    rationale="It takes in deleting, and changing who may do what.",
    remedy="Name the actions that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
def no_service_wildcard(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        for action in statement.actions:
            service, _, name = action.partition(":")
            if name and set(name) <= {"*", "?"} and "*" not in service:
                yield f"It allows every action of {service}."


@resource_policy("iam-no-wildcard-resource", *IDENTITY_POLICIES, severity="medium", enforcement="beyond-development")
@words(
    title="A policy names the resources that it is about.",
    rationale="* takes in what belongs to others, and what is made tomorrow.",
    remedy="Name ARNs. Actions that AWS cannot restrict are not looked at.",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
)
def no_wildcard_resource(resource: Resource, settings: Settings) -> Iterator[str]:
    """Actions that AWS cannot restrict to a resource are left out."""
    unrestricted = [pattern.lower() for pattern in table("iam")["withoutResource"]]
    for statement in granted(resource):
        if not everywhere(statement) or statement.restricted():
            continue
        for action in statement.actions:
            if not any(fnmatchcase(action.lower(), pattern) for pattern in unrestricted) and ":" in action:
                yield f"It allows {action} on everything."
                break


@resource_policy("iam-no-privilege-escalation", *IDENTITY_POLICIES, severity="critical", enforcement="always")
@words(
    title="Nobody can give themselves other rights.",
    rationale="An identity that may change policies or pass any role has every right that exists.",
    remedy="Remove the action, or name the roles that may be passed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
)
def no_privilege_escalation(resource: Resource, settings: Settings) -> Iterator[str]:
    """Actions with which an identity gives itself other rights: on every resource, or on policies and roles at all."""
    facts = table("iam")
    for statement in granted(resource):
        for action in facts["escalation"]:
            if statement.may(action) and not statement.not_actions:
                yield f"With {action} it can give itself other rights."
                break
        for action in facts["escalationEverywhere"]:
            if statement.may(action) and everywhere(statement) and not statement.not_actions:
                yield f"With {action} on everything it can take on other rights."
                break


@resource_policy("iam-no-secrets-of-others", *IDENTITY_POLICIES, severity="high", enforcement="always")
@words(
    title="A policy lets an identity read its own secrets only.",
    rationale="One application that is broken into must not open all others.",
    remedy="Name the secrets' ARNs with -??????, and the key with a condition on kms:ViaService.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html",
)
def no_secrets_of_others(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        for action in ("secretsmanager:GetSecretValue", "kms:Decrypt", "ssm:GetParameter", "elasticache:Connect"):
            if statement.may(action) and everywhere(statement) and not statement.restricted():
                yield f"It allows {action} on everything: also what belongs to other applications."


@resource_policy("iam-no-managed-admin", *IAM_ATTACHMENTS, IAM_ROLE, IAM_USER, severity="high", enforcement="always")
@words(
    title="No AWS-managed policy with wide rights is attached.",
    rationale="AdministratorAccess, …FullAccess and SecretsManagerReadWrite go far beyond what any application needs.",
    remedy="Write a policy with the actions and resources that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
)
def no_managed_admin(resource: Resource, settings: Settings) -> Iterator[str]:
    patterns = table("iam")["broadManagedPolicies"]
    given = [resource.known("policyArn")] if resource.type in IAM_ATTACHMENTS else resource.texts("managedPolicyArns")
    for arn in (*given, resource.known("permissionsBoundary")):
        name = arn.rpartition("/")[2]
        if ":aws:policy/" in arn and any(fnmatchcase(name, pattern) for pattern in patterns):
            yield f"{name} allows far more than any application needs."


@resource_policy("iam-no-users", IAM_USER, IAM_ACCESS_KEY, severity="high", enforcement="beyond-development")
@words(
    title="Nobody has credentials that never end.",
    rationale="Access keys of users are the most common way in.",
    remedy="Use roles.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
def no_users(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type == IAM_ACCESS_KEY:
        yield "An access key is valid until somebody deletes it."
    else:
        yield "A user has credentials that never end."


@resource_policy(
    "iam-policies-on-roles",
    IAM_USER_POLICY,
    IAM_USER_ATTACHMENT,
    IAM_POLICY_ATTACHMENT,
    severity="medium",
    enforcement="advice",
)
@words(
    title="Rights hang on roles, not on users.",
    rationale="Rights of single users are forgotten when they change their work.",
    remedy="Attach the policy to a role.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
def policies_on_roles(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type != IAM_POLICY_ATTACHMENT or resource.given("users"):
        yield "The rights hang on one user."
