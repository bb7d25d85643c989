"""IAM: what identities may do."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from .framework.documents import Statement, statements, wildcard
from .framework.policy import Settings, resource_policy
from .framework.resources import Resource
from .framework.tables import table
from .framework.values import View
from .resource_types import (
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


@resource_policy(
    "iam-no-admin",
    *IDENTITY_POLICIES,
    title="No policy allows every action.",
    severity="critical",
    rationale="Whoever has it owns the account. NotAction allows whatever AWS adds tomorrow.",
    remedy="Name the actions that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    enforcement="always",
    scanners={
        "checkov": ["CKV_AWS_1", "CKV_AWS_49", "CKV_AWS_62", "CKV_AWS_63", "CKV2_AWS_40"],
        "prowler": [
            "iam_inline_policy_no_administrative_privileges",
            "iam_customer_attached_policy_no_administrative_privileges",
            "iam_customer_unattached_policy_no_administrative_privileges",
        ],
        "trivy": ["AVD-AWS-0057"],
        "security-hub": ["IAM.1"],
        "config": ["iam-policy-no-statements-with-admin-access"],
        "cfn-nag": ["F2", "F3", "F4", "F5", "W14", "W15", "W16", "W17"],
        "cdk-nag": ["AwsSolutions-IAM5"],
    },
)
def no_admin(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        if statement.not_actions:
            yield "It allows everything but what NotAction names."
        elif any(set(action) <= {"*", "?", ":"} for action in statement.actions):
            yield "It allows every action."


@resource_policy(
    "iam-no-service-wildcard",
    *IDENTITY_POLICIES,
    title="No policy allows every action of a service.",
    severity="high",
    rationale="It takes in deleting, and changing who may do what.",
    remedy="Name the actions that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    enforcement="beyond-development",
    scanners={
        "checkov": ["CKV_AWS_289", "CKV_AWS_290"],
        "prowler": [
            "iam_policy_no_full_access_to_kms",
            "iam_inline_policy_no_full_access_to_kms",
            "iam_policy_no_full_access_to_cloudtrail",
            "iam_inline_policy_no_full_access_to_cloudtrail",
        ],
        "trivy": ["AVD-AWS-0345"],
        "security-hub": ["IAM.21"],
        "config": ["iam-policy-no-statements-with-full-access"],
        "cdk-nag": ["AwsSolutions-IAM5"],
    },
)
def no_service_wildcard(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        for action in statement.actions:
            service, _, name = action.partition(":")
            if name and set(name) <= {"*", "?"} and "*" not in service:
                yield f"It allows every action of {service}."


@resource_policy(
    "iam-no-wildcard-resource",
    *IDENTITY_POLICIES,
    title="A policy names the resources that it is about.",
    severity="medium",
    rationale="* takes in what belongs to others, and what is made tomorrow.",
    remedy="Name ARNs. Actions that AWS cannot restrict are not looked at.",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    enforcement="beyond-development",
    scanners={
        "checkov": ["CKV_AWS_355", "CKV_AWS_356", "CKV_AWS_288", "CKV_AWS_290", "CKV_AWS_108", "CKV_AWS_111"],
        "cfn-nag": ["W11", "W12", "W13", "W21", "W22", "W23"],
        "cdk-nag": ["AwsSolutions-IAM5"],
    },
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


@resource_policy(
    "iam-no-privilege-escalation",
    *IDENTITY_POLICIES,
    title="Nobody can give themselves other rights.",
    severity="critical",
    rationale="An identity that may change policies or pass any role has every right that exists.",
    remedy="Remove the action, or name the roles that may be passed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    enforcement="always",
    scanners={
        "checkov": ["CKV_AWS_286", "CKV_AWS_289", "CKV_AWS_110", "CKV_AWS_109", "CKV_AWS_61"],
        "prowler": [
            "iam_policy_allows_privilege_escalation",
            "iam_inline_policy_allows_privilege_escalation",
            "iam_no_custom_policy_permissive_role_assumption",
        ],
        "trivy": ["AVD-AWS-0342"],
        "cfn-nag": ["F38", "F39", "F40"],
    },
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


@resource_policy(
    "iam-no-secrets-of-others",
    *IDENTITY_POLICIES,
    title="A policy lets an identity read its own secrets only.",
    severity="high",
    rationale="One application that is broken into must not open all others.",
    remedy="Name the secrets' ARNs with -??????, and the key with a condition on kms:ViaService.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html",
    enforcement="always",
    scanners={"checkov": ["CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_107"]},
)
def no_secrets_of_others(resource: Resource, settings: Settings) -> Iterator[str]:
    for statement in granted(resource):
        for action in ("secretsmanager:GetSecretValue", "kms:Decrypt", "ssm:GetParameter", "elasticache:Connect"):
            if statement.may(action) and everywhere(statement) and not statement.restricted():
                yield f"It allows {action} on everything: also what belongs to other applications."


@resource_policy(
    "iam-no-managed-admin",
    *ATTACHMENTS,
    IAM_ROLE,
    IAM_USER,
    title="No AWS-managed policy with wide rights is attached.",
    severity="high",
    rationale="AdministratorAccess, …FullAccess and SecretsManagerReadWrite go far beyond what any application needs.",
    remedy="Write a policy with the actions and resources that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    enforcement="always",
    scanners={
        "checkov": ["CKV_AWS_274", "CKV_AWS_275", "CKV2_AWS_56"],
        "prowler": [
            "iam_role_administratoraccess_policy",
            "iam_aws_attached_policy_no_administrative_privileges",
            "iam_user_administrator_access_policy",
            "iam_policy_cloudshell_admin_not_attached",
        ],
        "security-hub": ["IAM.18", "IAM.27"],
        "cdk-nag": ["AwsSolutions-IAM4"],
    },
)
def no_managed_admin(resource: Resource, settings: Settings) -> Iterator[str]:
    patterns = table("iam")["broadManagedPolicies"]
    given = [resource.known("policyArn")] if resource.type in ATTACHMENTS else resource.texts("managedPolicyArns")
    for arn in (*given, resource.known("permissionsBoundary")):
        name = arn.rpartition("/")[2]
        if ":aws:policy/" in arn and any(fnmatchcase(name, pattern) for pattern in patterns):
            yield f"{name} allows far more than any application needs."


@resource_policy(
    "iam-no-users",
    IAM_USER,
    IAM_ACCESS_KEY,
    title="Nobody has credentials that never end.",
    severity="high",
    rationale="Access keys of users are the most common way in.",
    remedy="Use roles.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    enforcement="beyond-development",
    scanners={
        "checkov": ["CKV_AWS_273", "CKV_AWS_348"],
        "prowler": [
            "iam_user_with_temporary_credentials",
            "iam_rotate_access_key_90_days",
            "iam_user_no_setup_initial_access_key",
            "iam_user_two_active_access_key",
        ],
        "trivy": ["AVD-AWS-0146"],
        "security-hub": ["IAM.3"],
        "cfn-nag": ["F2000"],
    },
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
    title="Rights hang on roles, not on users.",
    severity="medium",
    rationale="Rights of single users are forgotten when they change their work.",
    remedy="Attach the policy to a role.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    enforcement="advice",
    scanners={
        "checkov": ["CKV_AWS_40"],
        "prowler": ["iam_policy_attached_only_to_group_or_roles"],
        "trivy": ["AVD-AWS-0143"],
        "security-hub": ["IAM.2"],
        "config": ["iam-user-no-policies-check"],
        "cfn-nag": ["F10", "F11", "F12"],
    },
)
def policies_on_roles(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type != IAM_POLICY_ATTACHMENT or resource.given("users"):
        yield "The rights hang on one user."
