"""Atlas: the organization, its API keys and service accounts, and the provider that uses them."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.resources import Resource
from .framework.rule import Settings, resource_rule
from .types import ATLAS_API_IDENTITIES, ATLAS_ORGANIZATION, ATLAS_PROVIDER, AWS_PROVIDER


@resource_rule("atlas-organization-mfa", ATLAS_ORGANIZATION)
def organization_mfa(organization: Resource, settings: Settings) -> Iterator[str]:
    if organization.flag("multiFactorAuthRequired", default=False) is False:
        yield "multiFactorAuthRequired is not on: a password alone opens every project."


@resource_rule("atlas-organization-api-access", ATLAS_ORGANIZATION)
def organization_api_access(organization: Resource, settings: Settings) -> Iterator[str]:
    if organization.flag("apiAccessListRequired", default=False) is False:
        yield "apiAccessListRequired is not on: an API key that leaked works from anywhere."


@resource_rule("atlas-organization-contact", ATLAS_ORGANIZATION)
def organization_contact(organization: Resource, settings: Settings) -> Iterator[str]:
    if not organization.given("securityContact"):
        yield "securityContact is absent: nobody is told of an incident."


@resource_rule("atlas-api-roles", *ATLAS_API_IDENTITIES)
def api_roles(identity: Resource, settings: Settings) -> Iterator[str]:
    broad = settings.tables("atlas")["broadApiRoles"]
    given = set(identity.texts("roleNames") + identity.texts("roles"))
    for assignment in identity.views("projectAssignments"):
        given |= set(assignment.texts("roleNames") + assignment.texts("roles"))
    for role in sorted(given & set(broad)):
        yield f"{role} may do everything in the organization, the project or its data."


@resource_rule("atlas-service-account-lifetime", *ATLAS_API_IDENTITIES)
def service_account_lifetime(identity: Resource, settings: Settings) -> Iterator[str]:
    hours = identity.number("secretExpiresAfterHours")
    longest = settings.number("longestHours", identity)
    if hours is not None and hours > longest:
        yield f"Its secret is valid for {hours:g} hours: at most {longest:g}."


@resource_rule("provider-endpoint", ATLAS_PROVIDER, AWS_PROVIDER)
def provider_endpoint(provider: Resource, settings: Settings) -> Iterator[str]:
    for key in ("baseUrl", "realmBaseUrl"):
        url = provider.known(key).lower()
        if url.startswith("http:") and not url.removeprefix("http://").startswith(("localhost", "127.", "[::1]")):
            yield f"{key} is not https: the API key crosses the network in the clear."
    if str(provider.flag("insecure", default=False)) == "True":
        yield "insecure is on: whoever stands in between may claim to be AWS."
