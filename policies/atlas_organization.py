"""Atlas: the organization, its API keys and service accounts, and the provider that uses them."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.policy import Setting, Settings, resource_policy
from .framework.resources import Resource
from .framework.tables import table
from .resource_types import ATLAS_API_IDENTITIES, ATLAS_ORGANIZATION, ATLAS_PROVIDER, AWS_PROVIDER


@resource_policy(
    "atlas-organization-mfa",
    ATLAS_ORGANIZATION,
    title="An organization asks for a second factor.",
    severity="high",
    rationale="A password alone would open every project.",
    remedy="Set multiFactorAuthRequired: true.",
    source="https://www.mongodb.com/docs/atlas/security-multi-factor-authentication/",
    enforcement="always",
    scanners={"prowler": ["organizations_mfa_required"]},
)
def organization_mfa(organization: Resource, settings: Settings) -> Iterator[str]:
    if organization.flag("multiFactorAuthRequired", default=False) is False:
        yield "multiFactorAuthRequired is not on: a password alone opens every project."


@resource_policy(
    "atlas-organization-api-access",
    ATLAS_ORGANIZATION,
    title="An organization's API keys work from known addresses only.",
    severity="high",
    rationale="A key that leaked would work from anywhere.",
    remedy="Set apiAccessListRequired: true.",
    source="https://www.mongodb.com/docs/atlas/configure-api-access/",
    enforcement="beyond-development",
    scanners={"prowler": ["organizations_api_access_list_required"]},
)
def organization_api_access(organization: Resource, settings: Settings) -> Iterator[str]:
    if organization.flag("apiAccessListRequired", default=False) is False:
        yield "apiAccessListRequired is not on: an API key that leaked works from anywhere."


@resource_policy(
    "atlas-organization-contact",
    ATLAS_ORGANIZATION,
    title="An organization names whom to tell of an incident.",
    severity="low",
    rationale="Otherwise MongoDB writes to whoever signed up first.",
    remedy="Give securityContact.",
    source="https://www.mongodb.com/docs/atlas/tutorial/manage-organization-settings/",
    enforcement="advice",
    scanners={"prowler": ["organizations_security_contact_defined"]},
)
def organization_contact(organization: Resource, settings: Settings) -> Iterator[str]:
    if not organization.given("securityContact"):
        yield "securityContact is absent: nobody is told of an incident."


@resource_policy(
    "atlas-api-roles",
    *ATLAS_API_IDENTITIES,
    title="An API key or service account has the rights that it needs.",
    severity="high",
    rationale="An owner's key deletes every project.",
    remedy="Give a role of the project, such as GROUP_CLUSTER_MANAGER.",
    source="https://www.mongodb.com/docs/atlas/reference/user-roles/",
    enforcement="beyond-development",
)
def api_roles(identity: Resource, settings: Settings) -> Iterator[str]:
    broad = table("atlas")["broadApiRoles"]
    given = set(identity.texts("roleNames") + identity.texts("roles"))
    for assignment in identity.views("projectAssignments"):
        given |= set(assignment.texts("roleNames") + assignment.texts("roles"))
    for role in sorted(given & set(broad)):
        yield f"{role} may do everything in the organization, the project or its data."


@resource_policy(
    "atlas-service-account-lifetime",
    *ATLAS_API_IDENTITIES,
    title="A service account's secret ends soon.",
    severity="medium",
    rationale="A secret that leaked is useful until it ends.",
    remedy="Set secretExpiresAfterHours: 2160 or less.",
    source="https://www.mongodb.com/docs/atlas/api/service-accounts-overview/",
    enforcement="beyond-development",
    settings={"longestHours": Setting("Hours that a secret is valid at most.", 2160)},
    scanners={"prowler": ["organizations_service_account_secrets_expiration"]},
)
def service_account_lifetime(identity: Resource, settings: Settings) -> Iterator[str]:
    hours = identity.number("secretExpiresAfterHours")
    longest = settings.number("longestHours", identity)
    if hours is not None and hours > longest:
        yield f"Its secret is valid for {hours:g} hours: at most {longest:g}."


@resource_policy(
    "provider-endpoint",
    ATLAS_PROVIDER,
    AWS_PROVIDER,
    title="A provider talks to its cloud over TLS.",
    severity="critical",
    rationale="The key that changes everything would cross the network in the clear.",
    remedy="Use https, and leave insecure off.",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/installation-configuration/",
    enforcement="always",
)
def provider_endpoint(provider: Resource, settings: Settings) -> Iterator[str]:
    for key in ("baseUrl", "realmBaseUrl"):
        url = provider.known(key).lower()
        if url.startswith("http:") and not url.removeprefix("http://").startswith(("localhost", "127.", "[::1]")):
            yield f"{key} is not https: the API key crosses the network in the clear."
    if str(provider.flag("insecure", default=False)) == "True":
        yield "insecure is on: whoever stands in between may claim to be AWS."
