"""Atlas: the organization, its API keys and service accounts."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.policy import Settings, resource_policy, setting, words
from .framework.resources import Resource
from .framework.tables import table
from .resource_types import ATLAS_API_IDENTITIES, ATLAS_ORGANIZATION


@resource_policy("atlas-organization-mfa", ATLAS_ORGANIZATION, severity="high", enforcement="always")
@words(
    title="An organization asks for a second factor.",
    rationale="A password alone would open every project.",
    remedy="Set multiFactorAuthRequired: true.",
    source="https://www.mongodb.com/docs/atlas/security-multi-factor-authentication/",
)
def organization_mfa(organization: Resource, settings: Settings) -> Iterator[str]:
    if organization.flag("multiFactorAuthRequired", default=False) is False:
        yield "multiFactorAuthRequired is not on: a password alone opens every project."


@resource_policy("atlas-organization-api-access", ATLAS_ORGANIZATION, severity="high", enforcement="beyond-development")
@words(
    title="An organization's API keys work from known addresses only.",
    rationale="A key that leaked would work from anywhere.",
    remedy="Set apiAccessListRequired: true.",
    source="https://www.mongodb.com/docs/atlas/configure-api-access/",
)
def organization_api_access(organization: Resource, settings: Settings) -> Iterator[str]:
    if organization.flag("apiAccessListRequired", default=False) is False:
        yield "apiAccessListRequired is not on: an API key that leaked works from anywhere."


@resource_policy("atlas-organization-contact", ATLAS_ORGANIZATION, severity="low", enforcement="advice")
@words(
    title="An organization names whom to tell of an incident.",
    rationale="Otherwise MongoDB writes to whoever signed up first.",
    remedy="Give securityContact.",
    source="https://www.mongodb.com/docs/atlas/tutorial/manage-organization-settings/",
)
def organization_contact(organization: Resource, settings: Settings) -> Iterator[str]:
    if not organization.given("securityContact"):
        yield "securityContact is absent: nobody is told of an incident."


@resource_policy("atlas-api-roles", *ATLAS_API_IDENTITIES, severity="high", enforcement="beyond-development")
@words(
    title="An API key or service account has the rights that it needs.",
    rationale="An owner's key deletes every project.",
    remedy="Give a role of the project, such as GROUP_CLUSTER_MANAGER.",
    source="https://www.mongodb.com/docs/atlas/reference/user-roles/",
)
def api_roles(identity: Resource, settings: Settings) -> Iterator[str]:
    broad = table("atlas")["broadApiRoles"]
    given = set(identity.texts("roleNames") + identity.texts("roles"))
    for assignment in identity.views("projectAssignments"):
        given |= set(assignment.texts("roleNames") + assignment.texts("roles"))
    for role in sorted(given & set(broad)):
        yield f"{role} may do everything in the organization, the project or its data."


@resource_policy(
    "atlas-service-account-lifetime", *ATLAS_API_IDENTITIES, severity="medium", enforcement="beyond-development"
)
@setting("longestHours", "Hours that a secret is valid at most.", 2160)
@words(
    title="A service account's secret ends soon.",
    rationale="A secret that leaked is useful until it ends.",
    remedy="Set secretExpiresAfterHours: 2160 or less.",
    source="https://www.mongodb.com/docs/atlas/api/service-accounts-overview/",
)
def service_account_lifetime(identity: Resource, settings: Settings) -> Iterator[str]:
    hours = identity.number("secretExpiresAfterHours")
    longest = settings.number("longestHours", identity)
    if hours is not None and hours > longest:
        yield f"Its secret is valid for {hours:g} hours: at most {longest:g}."
